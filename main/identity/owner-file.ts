import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const OTHERS = 0o077;

/** Hears one plain sentence about something that was put right without being asked. */
export type Tell = (sentence: string) => void;

/** Whether `error` is the system error `code`, such as 'ENOENT'. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** Makes sure that a folder exists and that only its owner may enter it. */
export async function ensureOwnerFolder(dir: string, tell: Tell): Promise<void> {
  await mkdir(dir, { recursive: true, mode: OWNER_ONLY_FOLDER });
  await repairMode(dir, OWNER_ONLY_FOLDER, tell);
}

/** The text of a file that only its owner may read, or undefined where there is none. Repairs loose rights. */
export async function readOwnerFile(path: string, tell: Tell): Promise<string | undefined> {
  try {
    await repairMode(path, OWNER_ONLY_FILE, tell);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Writes a file whole or not at all, readable by its owner only: temporary file, fsync, rename, fsync of the folder.
 * With `keepExisting` a file that is already there stays, and false is returned.
 */
export async function writeOwnerFile(
  path: string,
  text: string,
  { keepExisting = false }: { keepExisting?: boolean } = {},
): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY_FILE);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    if (keepExisting) {
      const placed = await placeNew(temporary, path);
      if (!placed) return false;
    } else {
      await rename(temporary, path);
    }
    await syncFolder(dirname(path));
    return true;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** Gives the temporary file its name unless that is taken. Two first starts at once then agree on one identity. */
async function placeNew(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    // File systems without hard links (FAT, some shares): nothing better than a look before the rename.
    if (await stat(path).catch(() => undefined)) return false;
    await rename(temporary, path);
    return true;
  }
}

/** A rename survives a power cut only once its folder is on the disk. Windows cannot open folders. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(join(dir, '.'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function repairMode(path: string, mode: number, tell: Tell): Promise<void> {
  if (process.platform === 'win32') return;
  const found = (await stat(path)).mode;
  if ((found & OTHERS) === 0) return;
  await chmod(path, mode);
  tell(`${path} could be opened by other users of this computer. Its rights are now yours alone.`);
}
