import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { languageChoice, type Settings } from '../../preload/api.ts';
import {
  chosenPresenceSchema,
  CorridorError,
  extensionSchema,
  nameSchema,
  nodeIdSchema,
  writeAtomically,
} from '../model/index.ts';

/** For how long a deletion can be undone. */
export const UNDO_MS = 10_000;

const FILE = 'settings.json';
const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0));
const deviceSchema = v.nullable(v.pipe(v.string(), v.maxLength(256)));

const keySchema = v.nullable(v.pipe(v.string(), v.maxLength(64)));

const versionSchema = v.looseObject({ v: v.literal(1) });
const settingsSchema = v.object({
  v: v.literal(1),
  name: v.nullable(nameSchema),
  extension: v.nullable(extensionSchema),
  /** When the extension was claimed, ms since the epoch. */
  claimedAt: timeSchema,
  /** Of the last record that was signed: the next one is higher, also after a clock that was set back. */
  revision: timeSchema,
  presence: chosenPresenceSchema,
  /** When it becomes available by itself, ms since the epoch. */
  presenceUntil: v.nullable(timeSchema),
  microphone: deviceSchema,
  speaker: deviceSchema,
  ready: v.picklist(['warm', 'cold']),
  talkKey: keySchema,
  replyKey: keySchema,
  playNextKey: keySchema,
  personKeys: v.array(v.object({ extension: extensionSchema, key: keySchema })),
  latch: v.boolean(),
  tones: v.boolean(),
  notifications: v.boolean(),
  startAtLogin: v.boolean(),
  language: v.nullable(languageChoice),
  keepDays: v.pipe(v.number(), v.integer(), v.minValue(1)),
  keepMegabytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The extension talked to last: where the talk key goes. */
  lastDialled: v.nullable(extensionSchema),
  favourites: v.array(nodeIdSchema),
});
export type ProfileSettings = v.InferOutput<typeof settingsSchema>;

const DEFAULTS: ProfileSettings = {
  v: 1,
  name: null,
  extension: null,
  claimedAt: 0,
  revision: 0,
  presence: 'available',
  presenceUntil: null,
  microphone: null,
  speaker: null,
  ready: 'warm',
  talkKey: 'F9',
  replyKey: null,
  playNextKey: null,
  personKeys: [],
  latch: false,
  tones: true,
  notifications: true,
  startAtLogin: false,
  language: null,
  keepDays: 90,
  keepMegabytes: 2048,
  lastDialled: null,
  favourites: [],
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** How much the store keeps. Changing what is chosen changes it. */
export function limitsOf({ keepDays, keepMegabytes }: Pick<ProfileSettings, 'keepDays' | 'keepMegabytes'>): {
  readonly maxBytes: number;
  readonly retentionMs: number;
} {
  return { maxBytes: keepMegabytes * 2 ** 20, retentionMs: keepDays * DAY_MS };
}

/** What a person chose, kept in the profile folder. Written whole and atomically after every change. */
export class Profile {
  readonly #path: string;
  readonly #log: (line: string) => void;
  #settings: ProfileSettings;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, settings: ProfileSettings, log: (line: string) => void) {
    this.#path = path;
    this.#settings = settings;
    this.#log = log;
  }

  /** Errors: `damaged-settings` where the file is there and cannot be read; it is left as it is. */
  static async open(dir: string, log: (line: string) => void): Promise<Profile> {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const path = join(dir, FILE);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return new Profile(path, DEFAULTS, log);
    try {
      // What an older Corridor did not know yet has its default.
      const kept = v.parse(versionSchema, JSON.parse(text));
      return new Profile(path, v.parse(settingsSchema, { ...DEFAULTS, ...kept }), log);
    } catch (cause) {
      throw new CorridorError(
        'damaged-settings',
        `The settings in ${path} cannot be read. Move the file away to begin with fresh settings; your messages and keys stay.`,
        { cause, details: { path } },
      );
    }
  }

  get settings(): ProfileSettings {
    return this.#settings;
  }

  /** What a face shows and changes of it. */
  get shown(): Settings {
    const { microphone, speaker, ready, talkKey, replyKey, playNextKey, personKeys } = this.#settings;
    const { latch, tones, notifications, startAtLogin, language, keepDays, keepMegabytes } = this.#settings;
    return {
      ...{ microphone, speaker, ready, talkKey, replyKey, playNextKey, personKeys },
      ...{ latch, tones, notifications, startAtLogin, language, keepDays, keepMegabytes },
      undoMs: UNDO_MS,
    };
  }

  /** Resolves when everything that was changed is on disk. */
  get saved(): Promise<void> {
    return this.#writing;
  }

  /** Takes effect at once; the promise is for who needs it on disk. A full disk is logged, never thrown. */
  change(changes: Partial<ProfileSettings>): Promise<void> {
    this.#settings = { ...this.#settings, ...changes };
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: Error) => {
        this.#log(`settings could not be saved: ${error.message}`);
      });
    return this.#writing;
  }

  #write(): Promise<void> {
    return writeAtomically(this.#path, `${JSON.stringify(this.#settings, null, 2)}\n`);
  }
}
