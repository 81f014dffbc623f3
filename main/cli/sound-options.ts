import type { SettingName, SettingValues } from '../../preload/api.ts';
import { readValue } from './setting-values.ts';

/** The settings that have options of their own, each as text. */
const SOUND = ['microphone', 'speaker', 'ready'] as const satisfies readonly SettingName[];
export type SoundGiven = { readonly [N in (typeof SOUND)[number]]?: string };

/** The settings that were given as options. */
export function soundOf(options: SoundGiven): Partial<Pick<SettingValues, keyof SoundGiven>> {
  return Object.fromEntries(
    SOUND.flatMap((name) => {
      const text = options[name];
      return text === undefined ? [] : Object.entries(readValue(name, text));
    }),
  );
}
