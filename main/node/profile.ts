import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { SETTING_NAMES, type Settings, type SettingValues } from '../../preload/api.ts';
import {
  CorridorError,
  documentText,
  nodePorts,
  writeAtomically,
  type NodeRecord,
  type Ports,
} from '../model/index.ts';
import { diskFault, type DiskFault } from './disk-fault.ts';
import { readProfile, type ProfileSettings, type ReadProfile } from './profile-fields.ts';

/** For this long a deletion can be undone. */
export const UNDO_MS = 10_000;

const FILE = 'settings.json';
const DAY_MS = 24 * 60 * 60 * 1000;
/** After this time writing is tried again that the disk refused. */
const RETRY_MS = 10_000;

/** How much the store keeps. Changing what is chosen changes it. @param officeDays the most that the office allows */
export function limitsOf(
  { keepDays, keepMegabytes }: Pick<ProfileSettings, 'keepDays' | 'keepMegabytes'>,
  officeDays = Infinity,
): {
  readonly maxBytes: number;
  readonly retentionMs: number;
} {
  return { maxBytes: keepMegabytes * 2 ** 20, retentionMs: Math.min(keepDays, officeDays) * DAY_MS };
}

type Changes = Partial<ProfileSettings> | ((settings: ProfileSettings) => Partial<ProfileSettings>);
type ProfilePorts = Pick<Ports, 'disk' | 'random' | 'schedule'>;

/** What a person chose and what the node remembers, kept in the profile folder. The file is written as a whole and atomically. */
export class Profile {
  readonly #path: string;
  readonly #log: (line: string) => void;
  readonly #ports: ProfilePorts;
  #settings: ProfileSettings;
  /** What the file holds; undefined: something else, or there is none. */
  #saved: ProfileSettings | undefined;
  /** One write after the other. */
  #writing: Promise<void> = Promise.resolve();
  #unsaved: LocalizedText | undefined;
  #onUnsaved: (trouble: LocalizedText | undefined) => void = () => undefined;
  #cancelRetry: (() => void) | undefined;
  #closed = false;

  private constructor(path: string, read: ReadProfile, log: (line: string) => void, ports: ProfilePorts) {
    this.#path = path;
    this.#settings = read.settings;
    this.#saved = read.isSaved ? read.settings : undefined;
    this.#log = log;
    this.#ports = ports;
  }

  /** The folder is there. `trouble`: the file was damaged, as a whole or in part. Everything of it that could be read is here. */
  static async open(
    dir: string,
    log: (line: string) => void,
    ports: ProfilePorts = nodePorts,
  ): Promise<{ readonly profile: Profile; readonly trouble: CorridorError | undefined }> {
    const path = join(dir, FILE);
    const read = await readProfile(path, log, ports);
    return { profile: new Profile(path, read, log, ports), trouble: read.trouble };
  }

  get settings(): ProfileSettings {
    return this.#settings;
  }

  /** What a transport shows and changes of it. */
  get shown(): Settings {
    const values = Object.fromEntries(SETTING_NAMES.map((name) => [name, this.#settings[name]]));
    // The compiler does not see that the names are those of the table.
    return { ...(values as unknown as SettingValues), undoMs: UNDO_MS };
  }

  /**
   * Changes what a person chose: it takes effect when it is on the disk. A change that depends on what is chosen already is a function
   * of that: changes before it may still be on their way.
   * @throws CorridorError `settings-not-saved` where the disk does not take it; nothing has changed then
   */
  change(given: Changes): Promise<void> {
    return this.#next(async () => {
      const before = this.#settings;
      const changes = typeof given === 'function' ? given(before) : given;
      if (holds(before, changes) && this.#saved && holds(this.#saved, changes)) return;
      await this.#write({ ...before, ...changes }).catch((cause: Error) => {
        throw notSaved(cause);
      });
      // What was noted while this was being written is later.
      const names = (Object.keys(changes) as (keyof ProfileSettings)[]).filter(
        (name) => this.#settings[name] === before[name],
      );
      const taken = Object.fromEntries(names.map((name) => [name, changes[name]]));
      this.#settings = { ...this.#settings, ...taken };
    });
  }

  /**
   * Notes what holds whatever the disk does: it takes effect at once. Where it cannot be saved, that is logged and shown as a
   * trouble, and tried again. Resolves after the first try; never rejects.
   */
  note(changes: Partial<ProfileSettings>): Promise<void> {
    this.#settings = { ...this.#settings, ...changes };
    return this.#next(() => this.#write(this.#settings)).catch((error: Error) => this.#retryLater(error));
  }

  /** Fills in what a damaged file did not tell any more, from this node's own record as colleagues keep it. */
  recall(record: NodeRecord | undefined): void {
    const { name, revision } = this.#settings;
    if (!record || name !== null) return;
    void this.note({
      name: record.name,
      revision: Math.max(revision, record.revision),
      divert: record.divert ?? null,
    });
  }

  /** Reports whether something is kept in memory alone: at once, and whenever that changes. */
  onUnsaved(report: (trouble: LocalizedText | undefined) => void): void {
    this.#onUnsaved = report;
    report(this.#unsaved);
  }

  /** Writes what waits, and tries no more after that. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    await this.note({});
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #write(settings: ProfileSettings): Promise<void> {
    if (!isDeepStrictEqual(settings, this.#saved)) {
      await writeAtomically(this.#path, documentText(settings, 2), this.#ports);
      this.#saved = settings;
    }
    this.#tell(undefined);
  }

  #retryLater(error: Error): void {
    this.#log(`settings could not be saved: ${error.message}`);
    this.#tell(this.#lacksChoice() ? unsaved(error) : undefined);
    if (this.#closed) return;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#ports.schedule(() => void this.note({}), RETRY_MS);
  }

  /** Whether the file lacks more than the revision of the record, which nobody chose and which rises by the clock. */
  #lacksChoice(): boolean {
    return (
      !this.#saved || !isDeepStrictEqual({ ...this.#settings, revision: this.#saved.revision }, this.#saved)
    );
  }

  #tell(trouble: LocalizedText | undefined): void {
    if (trouble === this.#unsaved) return;
    this.#unsaved = trouble;
    this.#onUnsaved(trouble);
  }
}

function holds(settings: ProfileSettings, changes: Partial<ProfileSettings>): boolean {
  return isDeepStrictEqual({ ...settings, ...changes }, settings);
}

/** Why the disk took nothing, and what helps. */
function faultOf(error: Error): DiskFault {
  return diskFault(error, 'The profile’s folder may not be written to.');
}

/** The error that something of the profile could not be saved, and has not changed. */
export function notSaved(cause: Error): CorridorError {
  const { sentence, ...details } = faultOf(cause);
  return new CorridorError(
    'settings-not-saved',
    `This could not be saved, so nothing has changed. ${sentence}`,
    { cause, details },
  );
}

function unsaved(error: Error): LocalizedText {
  const { sentence, ...details } = faultOf(error);
  return localizedText(
    'settings-unsaved',
    `What you chose last is in use but could not be saved yet; Corridor keeps trying. ${sentence}`,
    details,
  );
}
