import type { Translated } from '../translated.ts';

/** English: the usual sentences at hand, which node and panel know, and the shape that every other language must have. */
export const presets = ['Coming', 'Five minutes', 'Call me back'] as const;

export type Presets = Translated<typeof presets>;
