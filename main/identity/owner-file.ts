import { chmod, link, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { writeAtomically } from '../model/index.ts';

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
  let placed = true;
  await writeAtomically(path, text, async (temporary) => {
    if (keepExisting) placed = await placeNew(temporary, path);
    else await rename(temporary, path);
  });
  return placed;
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

async function repairMode(path: string, mode: number, tell: Tell): Promise<void> {
  if (process.platform === 'win32') return;
  const found = (await stat(path)).mode;
  if ((found & OTHERS) === 0) return;
  await chmod(path, mode);
  tell(`${path} could be opened by other users of this computer. Its rights are now yours alone.`);
}
