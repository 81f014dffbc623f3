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
import { ensureOwnerFolder, isSystemError, tellRepaired, type Tell } from '../owner-file.ts';
import type { Ledger } from './ledger.ts';

const NEWLINE = 0x0a;

/** What the file held. */
export interface LedgerFileContent {
  /** In the order in which they were appended. */
  readonly statements: readonly Signed[];
  /** Lines that are no statement. They stay until the file is written anew; what they said comes again from colleagues. */
  readonly damaged: readonly string[];
  /** Bytes of a last line that was being written when the computer stopped; they were cut off. */
  readonly tornBytes: number;
}

/** The ledger on disk: one statement a line, which is added to, and at times written anew without those that nobody needs. */
export class LedgerFile {
  readonly #path: string;
  readonly #disk: Disk;
  /** Undefined: the file is opened again before it is written to. */
  #file: DiskFile | undefined;
  /** Up to here the file is on the disk itself. */
  #length: number;
  #lines: number;
  /** Whether a failed append may have left bytes behind that. */
  #isUnclean = false;
  /** Whether a power failure could bring back the file that stood at this path before. */
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
    tell: Tell = () => undefined,
  ): Promise<{ readonly file: LedgerFile; readonly content: LedgerFileContent }> {
    const folder = dirname(path);
    await ensureOwnerFolder(folder, tell, disk);
    const handle = await openOrMake(path, disk);
    try {
      if (await disk.restrict(path)) tellRepaired(path, tell);
      const whole = read(await readWhole(handle));
      const { content, needsNewline } = whole;
      const file = new LedgerFile(path, disk, handle, whole);
      file.#isUnclean = content.tornBytes > 0;
      if (needsNewline) await file.#write(Buffer.of(NEWLINE), 0);
      else if (file.#isUnclean) await file.#cut(handle);
      // An earlier start may have been cut off between writing and syncing: what was read is promised from here on.
      await handle.sync();
      await syncFolderNames(disk, folder);
      await disk.syncFolder(folder);
      return { file, content };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** How many lines the file has: statements, some perhaps several times, and damaged lines. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * Resolves once the statements are on the disk itself. Where it rejects, none of them is promised, the file is as good as
   * before, and they may be appended again.
   */
  append(statements: readonly Signed[]): Promise<void> {
    return this.#next(() => this.#write(Buffer.from(textOf(statements)), statements.length));
  }

  /**
   * Writes the file anew: afterwards it holds these statements alone. Until then it holds what it held, also where this rejects or
   * the power fails.
   */
  rewrite(statements: readonly Signed[]): Promise<void> {
    return this.#next(() => this.#replace(textOf(statements), statements.length));
  }

  /** Waits for what is being written. */
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
      // Windows gives a name to no other file while that is open.
      await before?.close();
      await this.#disk.rename(temporary, path);
      this.#isNameUnsynced = true;
      [this.#length, this.#lines, this.#isUnclean] = [Buffer.byteLength(text), lines, false];
    });
    this.#isNameUnsynced = false;
  }

  /** What is added to a file whose name is not on the disk itself would go with it. */
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

/** What became of the statements of a file. */
export interface Restored {
  /** Something in their past is missing, such as a damaged line: to be added again when it has come. */
  readonly waiting: readonly Signed[];
  /** They are not as their authors signed them. */
  readonly refused: readonly Signed[];
}

/** Adds statements in whatever order the file has them: one that came again after damage stands behind those that need it. */
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
  /** Where the last line ends that is kept. */
  readonly length: number;
  /** The last line is whole but for the newline, which a damaged disk may have lost. */
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
    const parsed = v.safeParse(signedSchema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
