import * as v from 'valibot';
import { languageTags } from '../i18n/index.ts';
import { typedExtensionSchema } from '../main/model/numbers.ts';
import { groupIdText, idText } from './id-text.ts';
import { isTalkKey } from './talk-keys.ts';

/** The kinds of settings: how each is checked, and how it is written in a line of text such as `tones=off`. */
export interface SettingKind<S extends v.GenericSchema> {
  readonly schema: S;
  /** The allowed texts, as the end of the sentence `tones must be …`. */
  readonly expects: string;
  /** The value of a text; undefined: it has none. The schema decides whether the value is allowed. */
  readonly read: (text: string) => unknown;
  readonly write: (value: v.InferOutput<S>) => string;
}

/** The languages of the panel, the tray and the notifications. */
const languageChoice = v.picklist(languageTags);

const ABSOLUTE_PATH = /^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\p{Cc}]*$/u;
const pathSchema = v.pipe(v.string(), v.maxLength(1024), v.regex(ABSOLUTE_PATH));
const MAX_PERSON_KEYS = 32;
const MAX_PRESETS = 9;
const keyText = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(64),
  v.check(isTalkKey, 'It must be a key that types nothing, such as F9 or Ctrl+Alt+Space.'),
);

const WORDS: Readonly<Record<string, boolean>> = {
  ...{ on: true, true: true, yes: true },
  ...{ off: false, false: false, no: false },
};

export const onOff: SettingKind<v.BooleanSchema<undefined>> = {
  schema: v.boolean(),
  expects: 'on or off',
  read: (text) => (Object.hasOwn(WORDS, text.toLowerCase()) ? WORDS[text.toLowerCase()] : undefined),
  write: (value) => (value ? 'on' : 'off'),
};

/** A key or a combination of keys, such as `F9` or `Ctrl+Alt+Space`; null: none. */
const keySchema = v.nullable(keyText);
export const key: SettingKind<typeof keySchema> = {
  schema: keySchema,
  expects: 'a key such as F9 or Ctrl+Alt+Space, or none',
  read: (text) => (text === '' || text === 'none' ? null : text),
  write: (value) => value ?? 'none',
};

/** The name of a sound device; null follows the system's default. */
const deviceSchema = v.nullable(v.pipe(v.string(), v.maxLength(256)));
export const device: SettingKind<typeof deviceSchema> = {
  schema: deviceSchema,
  expects: 'the name of a device (see: corridor devices), or default, which follows the system',
  read: (text) => (text === '' ? undefined : text === 'default' ? null : text),
  write: (value) => value ?? 'default',
};

/** The id of a voice; null: one that suits the text. */
export const voiceName: SettingKind<typeof deviceSchema> = {
  ...device,
  expects: 'the id of a voice (see: corridor voices), or default, which suits the language of the text',
};

/** Sentences at hand, to send with one click; null: the usual ones of the language. */
const presetsSchema = v.nullable(
  v.pipe(
    v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200), v.regex(/^[^\p{Cc}]*$/u))),
    v.maxLength(MAX_PRESETS),
  ),
);
export const presets: SettingKind<typeof presetsSchema> = {
  schema: presetsSchema,
  expects: 'up to nine sentences with | between them, or default',
  read: (text) => (text === 'default' ? null : text.split('|').map((one) => one.trim())),
  write: (value) => value?.join(' | ') ?? 'default',
};

/** What writes down what is said: a command that gets a WAV file, or a folder with a model; null: nothing does. */
const recogniserSchema = v.nullable(
  v.union([
    v.strictObject({
      command: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(1024), v.regex(/^[^\p{Cc}]*$/u)),
    }),
    v.strictObject({ model: pathSchema }),
  ]),
);
export const recogniser: SettingKind<typeof recogniserSchema> = {
  schema: recogniserSchema,
  expects: 'command: and a command that gets a WAV file, model: and the whole path of a folder, or off',
  read: (text) => {
    if (text === 'off') return null;
    const [, kind, rest] = /^(command|model):\s*(.*)$/.exec(text) ?? [];
    return kind === undefined ? undefined : { [kind]: rest };
  },
  write: (value) => {
    if (value === null) return 'off';
    return 'command' in value ? `command: ${value.command}` : `model: ${value.model}`;
  },
};

/** What writes along: a command that reads sound, or a folder with a model; null: nothing does. */
export const captions: SettingKind<typeof recogniserSchema> = {
  ...recogniser,
  expects:
    'command: and a command that reads sound and prints phrases, model: and the whole path of a folder, or off',
};

/** The absolute path of a folder; null: the usual one. */
const folderSchema = v.nullable(pathSchema);
export const folder: SettingKind<typeof folderSchema> = {
  schema: folderSchema,
  expects: 'the whole path of a folder, or default',
  read: (text) => (text === 'default' ? null : text),
  write: (value) => value ?? 'default',
};

/** null follows the system. */
const languageSchema = v.nullable(languageChoice);
export const language: SettingKind<typeof languageSchema> = {
  schema: languageSchema,
  expects: `${languageChoice.options.join(', ')}, or system`,
  read: (text) => (text === 'system' || text === 'none' ? null : text),
  write: (value) => value ?? 'system',
};

/** One of some words. */
export function choice<const C extends readonly [string, ...string[]]>(
  ...options: C
): SettingKind<v.PicklistSchema<C, undefined>> {
  return {
    schema: v.picklist(options),
    expects: `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`,
    read: (text) => text,
    write: (value) => value,
  };
}

function wholeSchema(min: number, max: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number): SettingKind<ReturnType<typeof wholeSchema>> {
  return {
    schema: wholeSchema(min, max),
    expects: `a whole number from ${min} to ${max}`,
    read: (text) => (/^[0-9]+$/.test(text) ? Number(text) : undefined),
    write: String,
  };
}

/**
 * Keys for single people and groups. `person` or `group` is whom the key reaches; the node fills it in if it is left out, and keeps
 * `extension` up to date. Of an extension that is given twice the last entry counts; null removes the key.
 */
const personKeysSchema = v.pipe(
  v.array(
    v.strictObject({
      extension: typedExtensionSchema,
      key: keySchema,
      person: v.optional(idText),
      group: v.optional(groupIdText),
    }),
  ),
  v.maxLength(MAX_PERSON_KEYS),
  v.transform((given) => lastKeys(given, ({ extension }) => extension)),
);
export const personKeys: SettingKind<typeof personKeysSchema> = {
  schema: personKeysSchema,
  expects: 'extensions with a key each, such as 102:F5,103:F6, or none',
  read: (text) => keyPairs(text).map(([extension, key]) => ({ extension, key })),
  write: (value) => value.map((each) => `${each.extension}:${each.key}`).join(',') || 'none',
};

/** The place of a sentence at hand in the list of them, from 1. */
export const presetPlace = wholeSchema(1, MAX_PRESETS);

/** Keys that send one sentence at hand each. Of a place that is given twice the last entry counts; null removes the key. */
const presetKeysSchema = v.pipe(
  v.array(v.strictObject({ preset: presetPlace, key: keySchema })),
  v.maxLength(MAX_PRESETS),
  v.transform((given) => lastKeys(given, ({ preset }) => preset)),
);
export const presetKeys: SettingKind<typeof presetKeysSchema> = {
  schema: presetKeysSchema,
  expects: 'the places of sentences with a key each, such as 1:F5,2:F6, or none',
  read: (text) => keyPairs(text).map(([place, key]) => ({ preset: whole(1, MAX_PRESETS).read(place), key })),
  write: (value) => value.map(({ preset, key }) => `${preset}:${key}`).join(',') || 'none',
};

/** The entries that have a key, of each use the last one. */
function lastKeys<T extends { readonly key: string | null }>(
  given: readonly T[],
  useOf: (each: T) => string | number,
): (T & { readonly key: string })[] {
  const last = new Map(given.map((each) => [useOf(each), each]));
  return [...last.values()].filter((each): each is T & { readonly key: string } => each.key !== null);
}

/** The pairs of a text such as `102:F5,103:F6`, or `none`: what has the key, and the key. */
function keyPairs(text: string): readonly (readonly [string, string])[] {
  if (text === '' || text === 'none') return [];
  return text.split(',').map((each) => {
    const at = each.indexOf(':');
    return [each.slice(0, Math.max(0, at)).trim(), each.slice(at + 1).trim()];
  });
}
