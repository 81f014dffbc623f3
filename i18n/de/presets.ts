import type { Presets } from '../en/presets.ts';

/** German: the usual sentences at hand. */
export const presets: Presets = ['Komme', 'Fünf Minuten', 'Ruf mich zurück'];
