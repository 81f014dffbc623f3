import { makeOwnerFolder, writeAtomically, type Disk, type Ports } from '../model/index.ts';

/** Logs a sentence about an automatic repair. */
export type Log = (sentence: string) => void;

export type FilePorts = Pick<Ports, 'disk' | 'random'>;

/** Whether `error` is the system error `code`, such as 'ENOENT'. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** Ensures that a folder exists and that only its owner may enter it. */
export async function ensureOwnerFolder(dir: string, log: Log, disk: Disk): Promise<void> {
  if (await makeOwnerFolder(disk, dir)) logRepaired(dir, log);
}

/** The text of a file that only its owner may read, or undefined where there is none. Repairs loose rights. */
export async function readOwnerFile(path: string, log: Log, disk: Disk): Promise<string | undefined> {
  try {
    if (await disk.restrict(path)) logRepaired(path, log);
    return await disk.readText(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Writes a file atomically, readable by its owner only: temporary file, fsync, rename, fsync of the folder. With `keepExisting` an
 * existing file stays, and false is returned.
 */
export async function writeOwnerFile(
  path: string,
  text: string,
  ports: FilePorts,
  { keepExisting = false }: { keepExisting?: boolean } = {},
): Promise<boolean> {
  let placed = true;
  await writeAtomically(path, text, ports, async (temporary) => {
    if (keepExisting) placed = await placeNew(ports.disk, temporary, path);
    else await ports.disk.rename(temporary, path);
  });
  return placed;
}

/** Renames the temporary file unless the name is taken, so that two simultaneous first starts agree on one identity. */
async function placeNew(disk: Disk, temporary: string, path: string): Promise<boolean> {
  try {
    await disk.link(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    // File systems without hard links (FAT, some shares) allow nothing better than a check before the rename.
    if ((await disk.size(path).catch(() => undefined)) !== undefined) return false;
    await disk.rename(temporary, path);
    return true;
  }
}

export function logRepaired(path: string, log: Log): void {
  log(`${path} could be opened by other users of this computer. Its rights are now yours alone.`);
}
