import type { Settings } from '../../preload/api.ts';

type Keys = Pick<Settings, 'talkKey' | 'replyKey' | 'playNextKey' | 'personKeys'>;

/** A key and what it is for, in words that follow `F9 is already`. */
export interface KeyUse {
  readonly setting: keyof Keys;
  readonly key: string;
  readonly use: string;
  /** Whose key it is, where it is a person's. */
  readonly person: string | null;
}

const ALIASES: Readonly<Record<string, string>> = {
  control: 'ctrl',
  option: 'alt',
  super: 'meta',
  cmd: 'meta',
};

/** Every use that a key is chosen for. `nameOf`: whose extension it is, if anybody’s. */
export function keyUses(keys: Keys, nameOf: (extension: string) => string | undefined): KeyUse[] {
  const { talkKey, replyKey, playNextKey, personKeys } = keys;
  const uses = [
    { setting: 'talkKey', key: talkKey, use: 'the talk key', person: null },
    { setting: 'replyKey', key: replyKey, use: 'the key to reply', person: null },
    { setting: 'playNextKey', key: playNextKey, use: 'the key for the next unheard message', person: null },
    ...personKeys.map(({ extension, key }) => {
      const name = nameOf(extension);
      const person = name === undefined ? extension : `${name} (${extension})`;
      return { setting: 'personKeys', key, use: `the key for ${person}`, person } as const;
    }),
  ] as const;
  return uses.flatMap(({ key, ...use }) => (key === null ? [] : [{ key, ...use }]));
}

/** The use that stood before, of the first key that two uses have. `changed`: what was just chosen. */
export function takenKey(uses: readonly KeyUse[], changed: readonly string[]): KeyUse | undefined {
  // What stood already comes first: it is the one to name.
  const inOrder = [
    ...uses.filter(({ setting }) => !changed.includes(setting)),
    ...uses.filter(({ setting }) => changed.includes(setting)),
  ];
  const seen = new Map<string, KeyUse>();
  for (const each of inOrder) {
    const before = seen.get(normal(each.key));
    if (before) return before;
    seen.set(normal(each.key), each);
  }
  return undefined;
}

/** The same for `Alt+Ctrl+F9` and `ctrl + alt + f9`. */
function normal(key: string): string {
  const parts = key
    .toLowerCase()
    .split('+')
    .map((part) => ALIASES[part.trim()] ?? part.trim());
  return [...parts.slice(0, -1).sort(), parts[parts.length - 1]].join('+');
}
