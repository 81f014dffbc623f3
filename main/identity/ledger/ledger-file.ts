import { dirname } from 'node:path';
import * as v from 'valibot';
import { signedSchema, syncFolderNames, type Disk, type DiskFile, type Signed } from '../../model/index.ts';
import { ensureOwnerFolder, isSystemError, tellRepaired, type Tell } from '../owner-file.ts';
import type { Ledger } from './ledger.ts';

const NEWLINE = 0x0a;

/** What the file held. */
export interface LedgerFileContent {
  /** In the order in which they were appended. */
  readonly statements: readonly Signed[];
  /** Lines that are no statement. They stay in the file; what they said comes again from colleagues. */
  readonly damaged: readonly string[];
  /** Bytes of a last line that was being written when the computer stopped; they were cut off. */
  readonly tornBytes: number;
}

/** The ledger on disk: one statement a line, which is only ever added to. */
export class LedgerFile {
  readonly #file: DiskFile;
  /** Up to here the file is on the disk itself. */
  #length: number;
  /** Whether a failed append may have left bytes behind that. */
  #isUnclean = false;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: DiskFile, length: number) {
    this.#file = file;
    this.#length = length;
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
      const bytes = await readWhole(handle);
      const { content, length, needsNewline } = read(bytes);
      const file = new LedgerFile(handle, length);
      file.#isUnclean = content.tornBytes > 0;
      if (needsNewline) await file.#write(Buffer.of(NEWLINE));
      else if (file.#isUnclean) await file.#cut();
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

  /**
   * Resolves once the statements are on the disk itself. Where it rejects, none of them is promised, the file is as good as
   * before, and they may be appended again.
   */
  append(statements: readonly Signed[]): Promise<void> {
    const lines = statements.map(({ payload, signature }) => `${JSON.stringify({ payload, signature })}\n`);
    const appended = this.#last.then(() => this.#write(Buffer.from(lines.join(''))));
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  /** Waits for what is being appended. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    if (this.#isUnclean) await this.#cut();
    this.#isUnclean = true;
    for (let written = 0; written < bytes.length;) {
      const rest = bytes.subarray(written);
      const { bytesWritten } = await this.#file.write(rest, 0, rest.length, this.#length + written);
      written += bytesWritten;
    }
    await this.#file.sync();
    this.#length += bytes.length;
    this.#isUnclean = false;
  }

  async #cut(): Promise<void> {
    await this.#file.truncate(this.#length);
    this.#isUnclean = false;
  }
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
