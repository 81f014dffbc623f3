import type { Schedule } from './schedule.ts';

/** What a room that lasts takes from the computer it runs on. A simulation hands in its own: virtual time, a simulated disk. */
export interface Ports {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly disk: Disk;
}

export interface Clock {
  /** Milliseconds since the epoch. A person, or the network's time, may set it in either direction. */
  now(): number;
  /** Milliseconds that never go back, whatever a person sets; the same for all threads of this process. */
  monotonic(): number;
}

export interface Random {
  /** Bytes that nobody can guess. */
  bytes(count: number): Buffer;
  /** At least 0, less than 1. */
  fraction(): number;
}

/**
 * How a file is opened. `r`: to be read. `r+`: to be read and written; both fail with ENOENT where there is no file. `w`: made,
 * or emptied. `wx`: made; it fails with EEXIST where there is one.
 */
export type OpenMode = 'r' | 'r+' | 'w' | 'wx';

/**
 * An open file. These are the calls of Node's FileHandle that are needed, with their form, so that the real disk hands out the
 * handle itself and no call costs more than it did.
 */
export interface DiskFile {
  read(
    into: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  write(
    from: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  /** Returns once the content is on the disk itself. The file's name is so only after `syncFolder`. */
  sync(): Promise<void>;
  stat(): Promise<{ readonly size: number }>;
  close(): Promise<void>;
}

/**
 * Files and folders, all readable by their owner alone. Everything rejects with an error that carries the system's code, such
 * as ENOENT or ENOSPC.
 */
export interface Disk {
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** The whole file, as UTF-8. */
  readText(path: string): Promise<string>;
  /** The file's size in bytes. */
  size(path: string): Promise<number>;
  /** The names in a folder, in no order. */
  list(folder: string): Promise<string[]>;
  /** Gives a file another name; whatever had that name is gone. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name. Fails with EEXIST where that is taken, and where the file system knows no second names. */
  link(from: string, to: string): Promise<void>;
  /** Takes a file away. There may be none. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it, where there is none. Returns the uppermost that it made. */
  makeFolder(path: string): Promise<string | undefined>;
  /** Takes all rights from everybody but the owner. Returns whether others had any. */
  restrict(path: string): Promise<boolean>;
  /** Brings names that were made, changed or removed in a folder to the disk itself. */
  syncFolder(path: string): Promise<void>;
}
