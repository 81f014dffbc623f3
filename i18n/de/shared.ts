import type { FlashTexts, Presets, UnderstoodTexts } from '../en/shared.ts';

/** German: what node, panel and desktop share. */

export const presets: Presets = ['Komme', 'Fünf Minuten', 'Ruf mich zurück'];

export const understood: UnderstoodTexts = {
  unsure: (text) => `Vielleicht: ${text}`,
};

export const flash: FlashTexts = {
  speaks: (name) => `${name} spricht`,
  waits: (name) => `${name} spricht als Nächstes`,
  pages: (name) => `Durchsage von ${name}`,
  calls: (name) => `${name} ruft an`,
  answered: (name) => `Du bist im Gespräch mit ${name}`,
  records: (name) => `${name} nimmt euer Gespräch auf`,
  message: (name) => `Eine Nachricht von ${name}`,
  request: () => 'Jemand bittet um Einlass',
  move: () => 'Du wirst um einen Umzug gebeten',
  try: (name) => `So ruft dich Corridor, ${name}`,
};
