import * as v from 'valibot';
import {
  captions,
  choice,
  device,
  folder,
  key,
  language,
  onOff,
  personKeys,
  presetKeys,
  presets,
  recogniser,
  voiceName,
  whole,
  type SettingKind,
} from './setting-kinds.ts';
import { KEEP_DAYS } from '../main/model/keep-days.ts';
import { VOLUME } from './volume.ts';

interface Setting<S extends v.GenericSchema> extends SettingKind<S> {
  readonly byDefault: v.InferOutput<S>;
  /** The setting's effect, in one line. */
  readonly explanation: string;
}

function setting<S extends v.GenericSchema>(
  kind: SettingKind<S>,
  byDefault: v.InferOutput<S>,
  explanation: string,
): Setting<S> {
  return { ...kind, byDefault, explanation };
}

/**
 * All settings. From this table follow the arguments of `setSettings`, the result of `settings`, the schema of the profile's file, and what
 * `corridor settings` lists, explains and accepts.
 */
export const SETTINGS = {
  microphone: setting(device, null, 'The microphone you talk into.'),
  speaker: setting(device, null, 'The loudspeaker that colleagues are heard on.'),
  ready: setting(
    choice('warm', 'cold'),
    'warm',
    'warm keeps the microphone ready, and no first word is lost; cold opens it at key down.',
  ),
  talkKey: setting(key, 'F9', 'Held, it talks to the person who speaks to you, or whom you talked to last.'),
  replyKey: setting(key, null, 'Held, it answers the person who spoke to you last.'),
  pageKey: setting(
    key,
    null,
    'Held, it pages everybody: what you say is heard at once, at all who may be disturbed.',
  ),
  playNextKey: setting(key, null, 'Plays the oldest unheard message.'),
  answerKey: setting(key, null, 'Answers the call that rings; in a call it hangs up.'),
  laterKey: setting(key, null, 'Puts off the call that rings: it is a missed call then.'),
  personKeys: setting(personKeys, [], 'Keys that talk to one person each.'),
  latch: setting(onOff, false, 'Keys are pressed once to begin and once to end, instead of being held.'),
  voice: setting(
    voiceName,
    null,
    'The voice that speaks what you type; default is one that suits the language of the text.',
  ),
  voiceFolder: setting(
    folder,
    null,
    'A folder with a Piper or Kokoro voice for sherpa-onnx, besides the computer’s own voices.',
  ),
  presets: setting(presets, null, 'The sentences that one click sends where you type instead of talking.'),
  presetKeys: setting(
    presetKeys,
    [],
    'Keys that send one of these sentences each, at once, to whom the talk key reaches.',
  ),
  recogniser: setting(
    recogniser,
    null,
    'What writes down what is said to you: a command of yours, or a model. Nothing leaves this computer.',
  ),
  captions: setting(
    captions,
    null,
    'What writes along while somebody speaks: a command of yours, or a model. Nothing leaves this computer.',
  ),
  recordPages: setting(
    onOff,
    false,
    'A page is recorded first and sent when you let go: desks beside each other make no feedback.',
  ),
  pageVolume: setting(
    whole(VOLUME.least, VOLUME.most),
    VOLUME.full,
    'How loud pages are heard, in percent; the volume of the colleague who pages counts, too.',
  ),
  tones: setting(
    onOff,
    true,
    'Soft tones: the microphone hears you, or no longer does; another talker waits, or is heard next.',
  ),
  signals: setting(
    choice('sound', 'flash', 'both'),
    'sound',
    'How Corridor calls you: flash lights the screen instead of ringing; warnings of a recording still sound.',
  ),
  echoCancelling: setting(
    onOff,
    true,
    'In calls, what your loudspeaker plays is taken out of what your microphone hears.',
  ),
  noiseSuppression: setting(
    onOff,
    false,
    'In calls, fans and keyboards are taken out of what your microphone hears, 20 ms later.',
  ),
  gainControl: setting(
    onOff,
    true,
    'In calls, you are made as loud as others where you are softer or louder.',
  ),
  recordingsFolder: setting(
    folder,
    null,
    'Where recordings of calls are kept; default is the folder “Corridor recordings” in your own.',
  ),
  notifications: setting(onOff, true, 'Messages that you do not hear live raise a notification.'),
  overrideWhenAway: setting(
    onOff,
    false,
    'Who may override do not disturb is heard behind a locked screen, too, and when you are away.',
  ),
  startAtLogin: setting(onOff, false, 'The desktop app starts when you log in.'),
  language: setting(language, null, 'The language of the panel, the tray and the notifications.'),
  keepDays: setting(whole(KEEP_DAYS.least, KEEP_DAYS.most), 90, 'For how many days heard messages are kept.'),
  keepMegabytes: setting(whole(50, 1_000_000), 2048, 'How many megabytes messages may take on the disk.'),
} as const;

type Table = typeof SETTINGS;
export type SettingName = keyof Table;
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The value of every setting. */
export type SettingValues = { readonly [N in SettingName]: v.InferOutput<Table[N]['schema']> };

/** The settings whose values are single keys. */
export type KeySetting = {
  [N in SettingName]: Table[N]['schema'] extends typeof key.schema ? N : never;
}[SettingName];

/** The arguments of `setSettings`: any of the settings. */
export const settingsArguments = v.strictObject(
  // The compiler does not see that the names of the entries are those of the table.
  Object.fromEntries(SETTING_NAMES.map((name) => [name, v.optional(SETTINGS[name].schema)])) as {
    readonly [N in SettingName]: v.OptionalSchema<Table[N]['schema'], undefined>;
  },
);

/** The value of a setting from a text such as `off` for `tones`; undefined: it is not one of its values. */
export function settingFromText<N extends SettingName>(name: N, text: string): SettingValues[N] | undefined {
  const { read, schema } = SETTINGS[name];
  const parsed = v.safeParse(schema, read(text));
  return parsed.success ? (parsed.output as SettingValues[N]) : undefined;
}

/** A setting's value as the text that `settingFromText` reads. */
export function settingToText<N extends SettingName>(name: N, value: SettingValues[N]): string {
  return (SETTINGS[name].write as (value: SettingValues[N]) => string)(value);
}

export interface Settings extends SettingValues {
  /** How long a deletion can be undone, ms. */
  readonly undoMs: number;
}
