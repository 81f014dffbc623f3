import type { enWeb } from './en-web.ts';

/** German: what only the panel in a browser says. */
export const deWeb: typeof enWeb = {
  webLost: 'Die Verbindung zu Corridor ist unterbrochen. Sie wird von selbst wieder aufgebaut.',
  webLostShort: 'Corridor ist gerade nicht erreichbar. Versuch es, sobald die Verbindung wieder steht.',
  webRefusedTitle: 'Diese Seite ist nicht verbunden',
  webRefusedLead:
    'Eine Adresse öffnet Corridor in einem Browser. Sie wurde schon benutzt, oder Corridor wurde inzwischen neu gestartet. Eine neue gibt es auf dem Computer, auf dem Corridor läuft:',
  webSound: 'Du sprichst und hörst über den Computer, auf dem Corridor läuft, nicht über diesen Browser.',
  webUnderstood: 'Verstanden',
  webHold: 'Halte den Knopf einer Person, um zu sprechen.',
  webHoldFor: (name, extension) => `Knopf halten: mit ${name} sprechen\u00a0·\u00a0${extension}`,
};
