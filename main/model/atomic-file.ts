import { dirname } from 'node:path';
import { nodePorts } from './node-ports.ts';
import type { Disk, DiskFile, Ports } from './ports.ts';

const TEMPORARY_NAME_BYTES = 6;

/**
 * Writes a file atomically: a reader finds the old content or the new, also after a power failure. Only its owner may read it. Throws
 * the system's error; nothing has changed then.
 * @param place gives the finished temporary file its name
 */
export async function writeAtomically(
  path: string,
  text: string,
  { disk, random }: Pick<Ports, 'disk' | 'random'> = nodePorts,
  place: (temporary: string, path: string) => Promise<void> = (from, to) => disk.rename(from, to),
): Promise<void> {
  const temporary = `${path}.${random.bytes(TEMPORARY_NAME_BYTES).toString('hex')}.tmp`;
  try {
    await writeNew(disk, temporary, text);
    await place(temporary, path);
  } finally {
    // On a full disk the incomplete copy would occupy the space that the next attempt needs.
    await disk.remove(temporary).catch(() => undefined);
  }
  await disk.syncFolder(dirname(path));
}

/** Writes all bytes. A single write may take fewer than it was given. */
export async function writeFully(file: DiskFile, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length)
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

async function writeNew(disk: Disk, path: string, text: string): Promise<void> {
  const file = await disk.open(path, 'wx');
  try {
    await writeFully(file, Buffer.from(text), 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
