import type { Translated } from '../translated.ts';

/** English: what node, panel and desktop share, and the shape that every other language must have. */

/** The usual sentences at hand. */
export const presets = ['Coming', 'Five minutes', 'Call me back'] as const;

/** What an engine understood. */
export const understood = {
  /** It is not sure. */
  unsure: (text: string) => `Perhaps: ${text}`,
};

/** What a flash of the screen says, by its cause. */
export const flash = {
  speaks: (name: string) => `${name} speaks`,
  waits: (name: string) => `${name} speaks next`,
  pages: (name: string) => `${name} pages`,
  calls: (name: string) => `${name} is calling`,
  answered: (name: string) => `You are in a call with ${name}`,
  records: (name: string) => `${name} records your call`,
  message: (name: string) => `A message from ${name}`,
  request: () => 'Somebody asks to be let in',
  move: () => 'You are asked to move',
  try: (name: string) => `So Corridor calls you, ${name}`,
};

export type UnderstoodTexts = Translated<typeof understood>;
export type Presets = Translated<typeof presets>;
export type FlashTexts = Translated<typeof flash>;
