import type { KeySetting, Settings } from '../../preload/api.ts';

type Keys = Pick<Settings, KeySetting | 'personKeys' | 'presetKeys'>;

/** A key and what it is used for, in words that can follow `F9 is already`. */
export interface KeyUse {
  readonly setting: keyof Keys;
  readonly key: string;
  readonly use: string;
  /** The person whom the key reaches, where it is for a person; the place of the sentence, where it is for a sentence. */
  readonly person: string | null;
}

const USES: Readonly<Record<KeySetting, string>> = {
  talkKey: 'the talk key',
  replyKey: 'the key to reply',
  pageKey: 'the key to page everybody',
  playNextKey: 'the key for the next unheard message',
  answerKey: 'the key that answers calls',
  laterKey: 'the key that puts off calls',
};

const ALIASES: Readonly<Record<string, string>> = {
  control: 'ctrl',
  option: 'alt',
  super: 'meta',
  cmd: 'meta',
};

/** Every use that a key is chosen for. `nameOf`: the name of the person or group that an extension reaches, if there is one. */
export function keyUses(keys: Keys, nameOf: (extension: string) => string | undefined): KeyUse[] {
  const single = (Object.keys(USES) as KeySetting[]).flatMap((setting) => {
    const key = keys[setting];
    return key === null ? [] : [{ setting, key, use: USES[setting], person: null }];
  });
  const ofPersons = keys.personKeys.map(({ extension, key }) => {
    const name = nameOf(extension);
    const person = name === undefined ? extension : `${name} (${extension})`;
    return { setting: 'personKeys', key, use: `the key for ${person}`, person } as const;
  });
  const ofPresets = keys.presetKeys.map(
    ({ preset, key }) =>
      ({
        setting: 'presetKeys',
        key,
        use: `the key for sentence ${preset}`,
        person: String(preset),
      }) as const,
  );
  return [...single, ...ofPersons, ...ofPresets];
}

/** The use that a key had before, of the first key that has two uses. `changed`: the use that was just chosen. */
export function takenKey(uses: readonly KeyUse[], changed: readonly string[]): KeyUse | undefined {
  // The use that was there already comes first: the sentence names it.
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

/** The same text for `Alt+Ctrl+F9` and `ctrl + alt + f9`. */
function normal(key: string): string {
  const parts = key
    .toLowerCase()
    .split('+')
    .map((part) => ALIASES[part.trim()] ?? part.trim());
  return [...parts.slice(0, -1).sort(), parts[parts.length - 1]].join('+');
}
