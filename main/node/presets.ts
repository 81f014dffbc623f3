import { CorridorError } from '../model/index.ts';
import { textsFor } from './node-texts.ts';
import type { ProfileSettings } from './profile-fields.ts';

/**
 * The sentence at hand with this place, from 1: one that the person wrote, otherwise a usual one of their language.
 * @throws CorridorError `no-preset` where the list has no such place
 */
export async function presetAt(
  settings: Pick<ProfileSettings, 'presets' | 'language'>,
  place: number,
): Promise<string> {
  const sentences = settings.presets ?? (await textsFor(settings)).presets;
  const text = sentences[place - 1];
  if (text !== undefined) return text;
  throw new CorridorError(
    'no-preset',
    `There is no sentence ${place}: your list has ${sentences.length}. Settings → Sound has the list.`,
    { details: { place, count: sentences.length } },
  );
}
