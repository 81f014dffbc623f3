import { deSettings } from './de-settings.ts';
import type { Strings } from './en.ts';

/** German. */
export const de: Strings = {
  ...deSettings,

  appName: 'Corridor',
  loading: 'Startet…',

  settings: 'Einstellungen',
  close: 'Schließen',
  presenceMenu: (now) => `Status: ${now}`,
  presence: {
    available: 'Erreichbar',
    busy: 'Beschäftigt',
    dnd: 'Nicht stören',
    away: 'Abwesend',
    offline: 'Offline',
  },
  presenceHint: {
    available: 'Du hörst Kollegen sofort',
    busy: 'Du wirst nur benachrichtigt',
    dnd: 'Nachrichten warten still',
    away: 'Du wirst nur benachrichtigt',
  },
  yourExtension: (extension) => `Deine Durchwahl: ${extension}`,

  people: 'Personen',
  speaking: 'Spricht mit dir',
  holdToTalk: (name, extension, presence) =>
    `Halten, um mit ${name} zu sprechen, Durchwahl ${extension}, ${presence}`,
  hold: 'Zum Sprechen halten',
  nobodyTitle: 'Noch ist niemand hier',
  nobodyLead:
    'Schick deinen Kollegen diesen Link. Wer Corridor in diesem Netz damit öffnet, erscheint hier von selbst.',
  copyLink: 'Link kopieren',
  copied: 'Kopiert',

  messages: 'Nachrichten',
  unheardCount: (count) => `${count} ungehört`,
  unheard: 'Ungehört',
  noMessagesTitle: 'Keine Nachrichten',
  noMessagesLead: 'Was man dir sagt, während du weg bist, wartet hier.',
  to: (name) => `An ${name}`,
  speakingNow: 'Spricht gerade',
  recording: 'Du sprichst',
  play: (what) => `${what} abspielen`,
  pause: 'Pause',
  resume: 'Weiter',
  stop: 'Stopp',
  position: 'Stelle',
  remove: (what) => `${what} löschen`,
  reallyRemove: 'Löschen?',
  keep: 'Behalten',
  messageOf: (name, when) => `die Nachricht von ${name}, ${when},`,
  catchingUp: 'Holt auf',
  livePlayback: 'Live',
  incomplete: 'Kommt noch an',

  talkBar: 'Sprechen',
  talkKeyTo: (key, name, extension) => ['', key, ` halten: mit ${name} sprechen · ${extension}`],
  talkKeyNobody: (key) => [
    'Halte den Knopf einer Person, um zu sprechen. Danach erreicht ',
    key,
    ' sie von überall.',
  ],
  noTalkKey: 'Halte den Knopf einer Person, um zu sprechen. Eine Sprechtaste gibt es in den Einstellungen.',
  talkingTo: (names) => `Du sprichst mit ${names}`,
  youAreHeard: 'Mikrofonpegel',
  recipient: {
    hearing: 'hört dich gerade',
    notified: 'benachrichtigt',
    waiting: 'noch keine Antwort',
    received: 'hat die Nachricht',
    heard: 'hat sie gehört',
  },
  onlyHere: 'Bisher nur auf diesem Computer',
  storedOn: (count) => (count === 1 ? 'Auf 1 Computer gesichert' : `Auf ${count} Computern gesichert`),
  heardAt: (time) => `Gehört ${time}`,
  heardBy: (count, all) => `Von ${count} der ${all} gehört`,

  troubles: 'Was Aufmerksamkeit braucht',
  dismiss: 'Ausblenden',
};
