import type { Arguments, Settings } from '../preload/api.ts';

/**
 * The use of one key of the settings; `person`: the extension of the person it talks to; `preset`: the place of the sentence that it
 * sends, from 1.
 */
export type KeyUse =
  | 'talkKey'
  | 'replyKey'
  | 'pageKey'
  | 'playNextKey'
  | 'answerKey'
  | 'laterKey'
  | { readonly person: string }
  | { readonly preset: number };

/** The change of the settings that gives a use its key; null takes the key away. */
export function keyChange(
  use: KeyUse,
  key: string | null,
  { personKeys, presetKeys }: Pick<Settings, 'personKeys' | 'presetKeys'>,
): Arguments<'setSettings'> {
  if (typeof use === 'string') return { [use]: key };
  if ('preset' in use) {
    const rest = presetKeys.filter(({ preset }) => preset !== use.preset);
    return { presetKeys: key === null ? rest : [...rest, { preset: use.preset, key }] };
  }
  const others = personKeys.filter(({ extension }) => extension !== use.person);
  const theirs = personKeys.find(({ extension }) => extension === use.person);
  return { personKeys: key === null ? others : [...others, { ...theirs, extension: use.person, key }] };
}
