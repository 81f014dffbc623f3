import type { Arguments, Settings } from '../preload/api.ts';

/** The use of one key of the settings; `person`: the extension of the person it talks to. */
export type KeyUse = 'talkKey' | 'replyKey' | 'pageKey' | 'playNextKey' | { readonly person: string };

/** The change of the settings that gives a use its key; null takes the key away. */
export function keyChange(
  use: KeyUse,
  key: string | null,
  { personKeys }: Pick<Settings, 'personKeys'>,
): Arguments<'setSettings'> {
  if (typeof use === 'string') return { [use]: key };
  const others = personKeys.filter(({ extension }) => extension !== use.person);
  const theirs = personKeys.find(({ extension }) => extension === use.person);
  return { personKeys: key === null ? others : [...others, { ...theirs, extension: use.person, key }] };
}
