import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;

/**
 * Writes a file whole: whoever reads it, whenever the power fails, finds the old content or the new. Only its owner may read
 * it. Throws the system's error, and then nothing has changed.
 * @param place gives the finished temporary file its name
 */
export async function writeAtomically(
  path: string,
  text: string,
  place: (temporary: string, path: string) => Promise<void> = rename,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, path);
  } finally {
    // On a full disk the half-written copy would keep the space that the next attempt needs.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
  await syncFolder(dirname(path));
}

/** Brings names made, changed or removed in a folder safely to disk. Windows cannot, and does so by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
