import { join } from 'node:path';
import { OggOpusPages } from '../../native-audio/index.ts';
import {
  dayText,
  FRAME_MS,
  syncFolderNames,
  twoDigits,
  writeFully,
  type Disk,
  type DiskFile,
} from '../model/index.ts';

/** Longer names are refused by some file systems, counted in bytes. */
const MAX_NAME_LENGTH = 60;
/** As many recordings can begin in one second, with the same people. */
const MAX_SAME_NAMES = 20;
/** What is written is brought to the disk itself after this many parts of half a second: a power failure takes no more. */
const PARTS_PER_SYNC = 10;

interface RecordingFileParts {
  readonly disk: Disk;
  /** Absolute. It is made where it is missing, for its owner alone. */
  readonly folder: string;
  /** Whom the call is with. */
  readonly name: string;
  /** When it began, ms since the epoch. */
  readonly at: number;
  /** Nothing more could be written; what was written before stays, and plays. */
  readonly failed: (error: NodeJS.ErrnoException) => void;
}

/** The file of a call's recording, Ogg Opus, written while it goes on: what is in it plays, whatever becomes of this computer. */
export class RecordingFile {
  readonly path: string;
  readonly #parts: RecordingFileParts;
  readonly #file: DiskFile;
  readonly #pages = new OggOpusPages();
  #bytes = 0;
  #packets = 0;
  #sinceSync = 0;
  #hasFailed = false;
  /** One part after the other. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(parts: RecordingFileParts, path: string, file: DiskFile) {
    this.#parts = parts;
    this.path = path;
    this.#file = file;
  }

  /** @throws ErrnoException where no file can be made there */
  static async open(parts: RecordingFileParts): Promise<RecordingFile> {
    const { disk, folder, name, at } = parts;
    if ((await disk.makeFolder(folder)) !== undefined) await syncFolderNames(disk, folder);
    const { path, file } = await openNew(disk, join(folder, fileName(name, at)));
    const recording = new RecordingFile(parts, path, file);
    const tags = { title: `Call: ${name}`, date: new Date(at).toISOString() };
    try {
      await recording.#write(recording.#pages.begin(tags));
      await file.sync();
      await disk.syncFolder(folder);
    } catch (error) {
      await recording.discard();
      throw error;
    }
    return recording;
  }

  /** How much speech is in it. */
  get durationMs(): number {
    return this.#packets * FRAME_MS;
  }

  /** The next Opus packets of 10 ms. */
  add(packets: readonly Uint8Array[]): void {
    this.#next(async () => {
      await this.#write(this.#pages.add(packets));
      this.#packets += packets.length;
      this.#sinceSync += 1;
      if (this.#sinceSync < PARTS_PER_SYNC) return;
      this.#sinceSync = 0;
      await this.#file.sync();
    });
  }

  /** All that came is in it afterwards, as far as the disk takes it. */
  async close(): Promise<void> {
    this.#next(async () => {
      await this.#write(this.#pages.end());
      await this.#file.sync();
    });
    await this.#writing;
    await this.#file.close().catch(() => undefined);
  }

  /** Nothing was recorded: there is no file. */
  async discard(): Promise<void> {
    this.#hasFailed = true;
    await this.#writing;
    await this.#file.close().catch(() => undefined);
    await this.#parts.disk.remove(this.path).catch(() => undefined);
  }

  #next(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(async () => {
      if (!this.#hasFailed) await work().catch((error: NodeJS.ErrnoException) => this.#fail(error));
    });
  }

  async #write(bytes: Buffer): Promise<void> {
    await writeFully(this.#file, bytes, this.#bytes);
    this.#bytes += bytes.length;
  }

  /** A page that is there in part would be garbage at the end. */
  async #fail(error: NodeJS.ErrnoException): Promise<void> {
    this.#hasFailed = true;
    await this.#file.truncate(this.#bytes).catch(() => undefined);
    await this.#file.sync().catch(() => undefined);
    this.#parts.failed(error);
  }
}

/** "2026-05-20 09.05.31 Dana Ruiz.ogg": they sort by time, and every file system takes it. */
export function fileName(name: string, at: number): string {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join('.');
  return `${dayText(at)} ${clock} ${safe(name)}.ogg`;
}

/** A colleague chose the name: without what separates folders, drives and streams, and dots and spaces at the ends. */
function safe(name: string): string {
  const kept = name.normalize('NFC').replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, ' ');
  const short = Array.from(kept.trim()).slice(0, MAX_NAME_LENGTH).join('');
  return short.replace(/^[. ]+|[. ]+$/gu, '') || 'Corridor';
}

async function openNew(
  disk: Disk,
  wanted: string,
): Promise<{ readonly path: string; readonly file: DiskFile }> {
  for (let n = 1; ; n++) {
    const path = n === 1 ? wanted : wanted.replace(/\.ogg$/, ` (${n}).ogg`);
    try {
      return { path, file: await disk.open(path, 'wx') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || n === MAX_SAME_NAMES) throw error;
    }
  }
}
