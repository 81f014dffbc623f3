import { dirname } from 'node:path';
import type { Disk } from './ports.ts';

/** Makes sure that a folder exists, and that only its owner may enter it. Returns whether others could before. */
export async function makeOwnerFolder(disk: Disk, path: string): Promise<boolean> {
  const isNew = await disk.makeFolder(path);
  // A file that is safely on the disk is lost all the same with a folder whose name is not.
  if (isNew) await disk.syncFolder(dirname(path));
  return disk.restrict(path);
}
