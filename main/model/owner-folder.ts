import { dirname, resolve } from 'node:path';
import type { Disk } from './ports.ts';

/** Makes sure that a folder exists, and that only its owner may enter it. Returns whether others could before. */
export async function makeOwnerFolder(disk: Disk, path: string): Promise<boolean> {
  const uppermost = await disk.makeFolder(path);
  if (uppermost !== undefined) await syncNames(disk, resolve(path), resolve(uppermost));
  return disk.restrict(path);
}

/** A file that is safely on the disk is lost all the same with a folder whose name is not. */
async function syncNames(disk: Disk, lowest: string, uppermost: string): Promise<void> {
  for (let made = lowest; made.length >= uppermost.length; made = dirname(made)) {
    // The folder above may be one that this person may write to and not read: no reason not to start.
    await disk.syncFolder(dirname(made)).catch(() => undefined);
  }
}
