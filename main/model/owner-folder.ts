import { dirname, parse, resolve } from 'node:path';
import type { Disk } from './ports.ts';

/** Ensures that a folder exists, and that only its owner may enter it. Returns whether others could before. */
export async function makeOwnerFolder(disk: Disk, path: string): Promise<boolean> {
  const uppermost = await disk.makeFolder(path);
  if (uppermost !== undefined) await syncNamesDownFrom(disk, uppermost, path);
  return disk.restrict(path);
}

/** Syncs the names of a folder and of all folders above it to the disk, for a folder that was perhaps made just now. */
export function syncFolderNames(disk: Disk, path: string): Promise<void> {
  return syncNamesDownFrom(disk, parse(resolve(path)).root, path);
}

/** Syncs the names from the uppermost folder down: a synced file is still lost if the name of its folder is not on the disk. */
async function syncNamesDownFrom(disk: Disk, uppermost: string, lowest: string): Promise<void> {
  const shortest = resolve(uppermost).length;
  for (let made = resolve(lowest); made.length >= shortest && made !== dirname(made); made = dirname(made)) {
    // The folder above may be writable and not readable, which is no reason not to start.
    await disk.syncFolder(dirname(made)).catch(() => undefined);
  }
}
