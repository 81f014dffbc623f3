import type { Schedule } from './schedule.ts';

/** The resources of the computer that `messages`, `store` and `office` use. Simulations have their own: virtual time, a simulated disk. */
export interface Ports {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly disk: Disk;
}

export interface Clock {
  /** Milliseconds since the epoch. A person or NTP may set it in either direction. */
  now(): number;
  /** Milliseconds that never go back; the same for all threads of this process. */
  monotonic(): number;
}

export interface Random {
  /** Cryptographically random bytes. */
  bytes(count: number): Buffer;
  /** At least 0, less than 1. */
  fraction(): number;
}

/**
 * How a file is opened. `r`: for reading. `r+`: for reading and writing; both fail with ENOENT where there is no file. `w`: created or
 * emptied. `wx`: created; fails with EEXIST where there is one.
 */
export type OpenMode = 'r' | 'r+' | 'w' | 'wx';

/**
 * An open file: the methods of Node's FileHandle that are needed, with the same signatures, so that the real disk returns the handle
 * itself.
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
  /** Resolves once the content is on the disk itself. The file's name is so only after `syncFolder`. */
  sync(): Promise<void>;
  stat(): Promise<{ readonly size: number }>;
  close(): Promise<void>;
}

/**
 * Files and folders, all readable by their owner alone. All methods reject with an error that has the system's code, such as ENOENT or
 * ENOSPC.
 */
export interface Disk {
  open(path: string, mode: OpenMode): Promise<DiskFile>;
  /** The whole file, as UTF-8. */
  readText(path: string): Promise<string>;
  /** The file's size in bytes. */
  size(path: string): Promise<number>;
  /** The names in a folder, in no order. */
  list(folder: string): Promise<string[]>;
  /** Renames a file, replacing any file of the new name. */
  rename(from: string, to: string): Promise<void>;
  /** Makes a hard link. Fails with EEXIST where the name is taken, and where the file system has no hard links. */
  link(from: string, to: string): Promise<void>;
  /** Removes a file, if it exists. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it, where they do not exist. Returns the uppermost that it made. */
  makeFolder(path: string): Promise<string | undefined>;
  /** Removes all rights of everybody but the owner. Returns whether others had any. */
  restrict(path: string): Promise<boolean>;
  /** Syncs the names in a folder to the disk itself. */
  syncFolder(path: string): Promise<void>;
}
