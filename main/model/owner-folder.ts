import { dirname, parse, resolve } from 'node:path';
import type { Disk } from './ports.ts';

/** Makes sure that a folder exists, and that only its owner may enter it. Returns whether others could before. */
export async function makeOwnerFolder(disk: Disk, path: string): Promise<boolean> {
  const uppermost = await disk.makeFolder(path);
  if (uppermost !== undefined) await syncNamesDownFrom(disk, uppermost, path);
  return disk.restrict(path);
}

/** Brings the names of a folder and of all above it to the disk itself, for a folder that others may have made just now. */
export function syncFolderNames(disk: Disk, path: string): Promise<void> {
  return syncNamesDownFrom(disk, parse(resolve(path)).root, path);
}

/** A file that is safely on the disk is lost all the same with a folder whose name is not. */
async function syncNamesDownFrom(disk: Disk, uppermost: string, lowest: string): Promise<void> {
  const shortest = resolve(uppermost).length;
  for (let made = resolve(lowest); made.length >= shortest && made !== dirname(made); made = dirname(made)) {
    // The folder above may be one that this person may write to and not read: no reason not to start.
    await disk.syncFolder(dirname(made)).catch(() => undefined);
  }
}
