import { dirname } from 'node:path';
import * as v from 'valibot';
import {
  nodePorts,
  signedSchema,
  syncFolderNames,
  writeAtomically,
  writeFully,
  type Disk,
  type DiskFile,
  type Signed,
} from '../../model/index.ts';
import { ensureOwnerFolder, isSystemError, logRepaired, type Log } from '../owner-file.ts';
import type { Ledger } from './ledger.ts';

const NEWLINE = 0x0a;

/** The content of the file. */
interface LedgerFileContent {
  /** The statements, in the order in which they were appended. */
  readonly statements: readonly Signed[];
  /** Lines that are no statement. They stay until the file is rewritten; their statements come again from colleagues. */
  readonly damaged: readonly string[];
  /** The number of bytes that were cut off: an incomplete last line, which was being written when the computer stopped. */
  readonly tornBytes: number;
}

/** The ledger on the disk, one statement a line. It is appended to, and at times rewritten without statements that are not needed. */
export class LedgerFile {
  readonly #path: string;
  readonly #disk: Disk;
  /** Undefined: the file has to be opened before the next write. */
  #file: DiskFile | undefined;
  /** The length up to which the file is on the disk itself. */
  #length: number;
  #lines: number;
  /** Whether a failed append may have left bytes after that. */
  #isUnclean = false;
  /** Whether a power failure could bring back the former file at this path. */
  #isNameUnsynced = false;
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string, disk: Disk, file: DiskFile, { content, length }: ReadFile) {
    this.#path = path;
    this.#disk = disk;
    this.#file = file;
    this.#length = length;
    this.#lines = content.statements.length + content.damaged.length;
  }

  /** Opens the file, or makes it. Only its owner may read it afterwards. */
  static async open(
    path: string,
    disk: Disk,
    log: Log = () => undefined,
  ): Promise<{ readonly file: LedgerFile; readonly content: LedgerFileContent }> {
    const folder = dirname(path);
    await ensureOwnerFolder(folder, log, disk);
    const handle = await openOrMake(path, disk);
    try {
      if (await disk.restrict(path)) logRepaired(path, log);
      const whole = read(await readWhole(handle));
      const { content, needsNewline } = whole;
      const file = new LedgerFile(path, disk, handle, whole);
      file.#isUnclean = content.tornBytes > 0;
      if (needsNewline) await file.#write(Buffer.of(NEWLINE), 0);
      else if (file.#isUnclean) await file.#cut(handle);
      // An earlier start may have ended between writing and syncing. What was read must not be lost from here on.
      await handle.sync();
      await syncFolderNames(disk, folder);
      await disk.syncFolder(folder);
      return { file, content };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The number of lines: statements, some perhaps repeated, and damaged lines. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * Appends statements. Resolves once they are on the disk itself. If it rejects, the file is as before, and they may be appended again.
   */
  append(statements: readonly Signed[]): Promise<void> {
    return this.#next(() => this.#write(Buffer.from(textOf(statements)), statements.length));
  }

  /**
   * Replaces the file's content by these statements. If it rejects, or the power fails meanwhile, the file keeps its former content.
   */
  rewrite(statements: readonly Signed[]): Promise<void> {
    return this.#next(() => this.#replace(textOf(statements), statements.length));
  }

  /** Waits for writes in progress, and closes the file. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file?.close();
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #write(bytes: Buffer, lines: number): Promise<void> {
    if (bytes.length === 0) return;
    await this.#syncName();
    const file = (this.#file ??= await this.#disk.open(this.#path, 'r+'));
    if (this.#isUnclean) await this.#cut(file);
    this.#isUnclean = true;
    await writeFully(file, bytes, this.#length);
    await file.sync();
    this.#length += bytes.length;
    this.#lines += lines;
    this.#isUnclean = false;
  }

  async #replace(text: string, lines: number): Promise<void> {
    const ports = { disk: this.#disk, random: nodePorts.random };
    await writeAtomically(this.#path, text, ports, async (temporary, path) => {
      const before = this.#file;
      this.#file = undefined;
      // Windows cannot replace a file that is open.
      await before?.close();
      await this.#disk.rename(temporary, path);
      this.#isNameUnsynced = true;
      [this.#length, this.#lines, this.#isUnclean] = [Buffer.byteLength(text), lines, false];
    });
    this.#isNameUnsynced = false;
  }

  /** Syncs the folder: without the file's name on the disk, all later appends could be lost with it. */
  async #syncName(): Promise<void> {
    if (this.#isNameUnsynced) await this.#disk.syncFolder(dirname(this.#path));
    this.#isNameUnsynced = false;
  }

  async #cut(file: DiskFile): Promise<void> {
    await file.truncate(this.#length);
    this.#isUnclean = false;
  }
}

function textOf(statements: readonly Signed[]): string {
  return statements.map(({ payload, signature }) => `${JSON.stringify({ payload, signature })}\n`).join('');
}

/** The result of restoring the statements of a file. */
interface Restored {
  /** Statements whose past is incomplete, such as after a damaged line: to be added again when it has come. */
  readonly waiting: readonly Signed[];
  /** Statements with wrong signatures. */
  readonly refused: readonly Signed[];
}

/** Adds statements in any order, since one that came again after damage is in the file after those that need it. */
export function restore(ledger: Ledger, statements: readonly Signed[]): Restored {
  const refused: Signed[] = [];
  let waiting = statements;
  for (let entered = -1; entered !== ledger.entered;) {
    entered = ledger.entered;
    waiting = waiting.filter((signed) => {
      const intake = ledger.add(signed);
      if (intake === 'refused') refused.push(signed);
      return intake === 'waiting';
    });
  }
  return { waiting, refused };
}

async function openOrMake(path: string, disk: Disk): Promise<DiskFile> {
  try {
    return await disk.open(path, 'r+');
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
    await (await disk.open(path, 'wx')).close();
    return disk.open(path, 'r+');
  }
}

async function readWhole(file: DiskFile): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

interface ReadFile {
  readonly content: LedgerFileContent;
  /** The offset at which the last kept line ends. */
  readonly length: number;
  /** Only the newline of the last line is missing, which a damaged disk may have lost. */
  readonly needsNewline: boolean;
}

function read(bytes: Buffer): ReadFile {
  const statements: Signed[] = [];
  const damaged: string[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const line = bytes.toString('utf8', start, end);
    const signed = parseLine(line);
    if (signed) statements.push(signed);
    else damaged.push(line);
    start = end + 1;
  }
  const last = parseLine(bytes.toString('utf8', start));
  if (last) statements.push(last);
  const tornBytes = last ? 0 : bytes.length - start;
  return {
    content: { statements, damaged, tornBytes },
    length: last ? bytes.length : start,
    needsNewline: last !== undefined,
  };
}

function parseLine(line: string): Signed | undefined {
  try {
    // An editor may have begun the file with a byte order mark.
    const parsed = v.safeParse(signedSchema, JSON.parse(line.replace(/^\uFEFF/, '')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
