import { dirname } from 'node:path';
import type { Disk, DiskFile, OpenMode } from '../../main/model/index.ts';

/**
 * Which of the changes that were not synced survive a power failure. `lost`: none. `kept`: all. `torn`: each write of a file survives or
 * not, some with their first bytes only; of the changes of names, which a file system journals in order, the first ones survive.
 */
export type Survival = 'lost' | 'kept' | 'torn';

type Change = { readonly at: number; readonly bytes: Buffer } | { readonly length: number };
type NameChange = (names: Names) => void;

/** The content of a file as programs see it, and the part that is on the disk itself. */
interface Inode {
  content: Buffer;
  synced: Buffer;
  unsynced: Change[];
}

interface Names {
  readonly files: Map<string, Inode>;
  readonly folders: Set<string>;
}

/** A disk in memory. It counts changing operations, can refuse one, can be full, and can lose power. */
export class SimulatedDisk implements Disk {
  /** Its capacity, bytes. */
  capacityBytes = Infinity;
  readonly #names: Names;
  /** The names that are on the disk itself. */
  readonly #syncedNames: Names;
  #unsyncedNames: { readonly folder: string; readonly change: NameChange }[] = [];
  #operations = 0;
  #refusal: { readonly at: number; readonly code: string } | undefined;
  #powerFailsAt = Infinity;

  constructor(names: Names = { files: new Map(), folders: new Set(['/']) }) {
    this.#names = copyOf(names);
    this.#syncedNames = copyOf(names);
  }

  /** The number of operations that have changed something, or tried to. */
  get operations(): number {
    return this.#operations;
  }

  /** The paths of all files. */
  get paths(): string[] {
    return [...this.#names.files.keys()];
  }

  get hasPower(): boolean {
    return this.#operations < this.#powerFailsAt;
  }

  /** Refuses the operation of this number, the first is 1, with a system's code such as ENOSPC or EIO. */
  refuseAt(operation: number, code: string): void {
    this.#refusal = { at: operation, code };
  }

  /** The power fails instead of this operation: it and all after it are refused. */
  failPowerAt(operation: number): void {
    this.#powerFailsAt = operation;
  }

  /** The disk after the power is back. `random` (at least 0, less than 1) decides what is torn. */
  afterPowerFailure(survival: Survival, random: () => number = () => 0.5): SimulatedDisk {
    const names = copyOf(this.#syncedNames);
    const share = { lost: 0, kept: 1, torn: random() }[survival];
    const journalled = Math.round(share * this.#unsyncedNames.length);
    for (const { change } of this.#unsyncedNames.slice(0, journalled)) change(names);
    const inodes = new Map<Inode, Inode>();
    for (const path of names.folders) if (!isReachable(path, names)) names.folders.delete(path);
    for (const [path, inode] of names.files) {
      if (!isReachable(path, names)) {
        names.files.delete(path);
        continue;
      }
      const content = inodes.get(inode) ?? freshInode(contentAfter(inode, survival, random));
      inodes.set(inode, content);
      names.files.set(path, content);
    }
    return new SimulatedDisk(names);
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const found = this.#names.files.get(path);
    if (mode === 'wx' && found) throw systemError('EEXIST', path);
    if (mode === 'r' || mode === 'r+') {
      if (!found) throw systemError('ENOENT', path);
      return this.#handle(found, path);
    }
    this.#change(path);
    if (found) {
      this.#write(found, { length: 0 });
      return this.#handle(found, path);
    }
    this.#needsFolder(path);
    const made = freshInode(Buffer.alloc(0));
    this.#rename(dirname(path), ({ files }) => files.set(path, made));
    return this.#handle(made, path);
  }

  async readText(path: string): Promise<string> {
    return this.#inode(path).content.toString('utf8');
  }

  async size(path: string): Promise<number> {
    return this.#inode(path).content.length;
  }

  async list(folder: string): Promise<string[]> {
    if (!this.#names.folders.has(folder)) throw systemError('ENOENT', folder);
    const paths = [...this.#names.files.keys(), ...this.#names.folders];
    return paths.filter((path) => path !== '/' && dirname(path) === folder).map((path) => nameOf(path));
  }

  async rename(from: string, to: string): Promise<void> {
    this.#change(from);
    const inode = this.#inode(from);
    this.#needsFolder(to);
    this.#rename(dirname(to), ({ files }) => {
      files.delete(from);
      files.set(to, inode);
    });
  }

  async link(from: string, to: string): Promise<void> {
    this.#change(from);
    const inode = this.#inode(from);
    if (this.#names.files.has(to)) throw systemError('EEXIST', to);
    this.#needsFolder(to);
    this.#rename(dirname(to), ({ files }) => files.set(to, inode));
  }

  async remove(path: string): Promise<void> {
    if (!this.#names.files.has(path)) return;
    this.#change(path);
    this.#rename(dirname(path), ({ files }) => files.delete(path));
  }

  async makeFolder(path: string): Promise<string | undefined> {
    if (this.#names.folders.has(path)) return undefined;
    const above = await this.makeFolder(dirname(path));
    this.#change(path);
    this.#rename(dirname(path), ({ folders }) => folders.add(path));
    return above ?? path;
  }

  async restrict(): Promise<boolean> {
    return false;
  }

  async syncFolder(path: string): Promise<void> {
    if (!this.#names.folders.has(path)) throw systemError('ENOENT', path);
    this.#change(path);
    for (const { folder, change } of this.#unsyncedNames) if (folder === path) change(this.#syncedNames);
    this.#unsyncedNames = this.#unsyncedNames.filter(({ folder }) => folder !== path);
  }

  /** Damages a file, as a bad disk does. */
  spoil(path: string, change: (content: Buffer) => Buffer): void {
    const inode = this.#inode(path);
    inode.synced = inode.content = change(Buffer.from(inode.content));
    inode.unsynced = [];
  }

  #handle(inode: Inode, path: string): DiskFile {
    return {
      read: async (into, offset, length, position) => ({
        bytesRead: inode.content.copy(into, offset, position, position + length),
      }),
      write: async (from, offset, length, position) => {
        this.#change(path);
        const bytes = Buffer.from(
          from.subarray(offset, offset + Math.min(length, this.#room(inode, position))),
        );
        if (bytes.length < length && bytes.length === 0) throw systemError('ENOSPC', path);
        this.#write(inode, { at: position, bytes });
        return { bytesWritten: bytes.length };
      },
      truncate: async (length) => {
        this.#change(path);
        this.#write(inode, { length });
      },
      sync: async () => {
        this.#change(path);
        inode.synced = inode.content;
        inode.unsynced = [];
      },
      stat: async () => ({ size: inode.content.length }),
      close: async () => undefined,
    };
  }

  /** Counts an operation that changes something. */
  #change(path: string): void {
    if (!this.hasPower) throw systemError('EIO', path);
    this.#operations++;
    if (!this.hasPower) throw systemError('EIO', path);
    if (this.#refusal?.at === this.#operations) throw systemError(this.#refusal.code, path);
  }

  #write(inode: Inode, change: Change): void {
    inode.content = applied(inode.content, change);
    inode.unsynced.push(change);
  }

  #rename(folder: string, change: NameChange): void {
    change(this.#names);
    this.#unsyncedNames.push({ folder, change });
  }

  #inode(path: string): Inode {
    const inode = this.#names.files.get(path);
    if (!inode) throw systemError('ENOENT', path);
    return inode;
  }

  #needsFolder(path: string): void {
    if (!this.#names.folders.has(dirname(path))) throw systemError('ENOENT', path);
  }

  /** How many bytes may be written to a file from a position on. */
  #room(inode: Inode, position: number): number {
    let used = 0;
    for (const each of new Set(this.#names.files.values())) used += each.content.length;
    return Math.max(0, this.capacityBytes - used + Math.max(0, inode.content.length - position));
  }
}

function contentAfter(inode: Inode, survival: Survival, random: () => number): Buffer {
  if (survival === 'lost') return inode.synced;
  if (survival === 'kept') return inode.content;
  let content = inode.synced;
  for (const change of inode.unsynced) {
    if (random() < 0.4) continue;
    const isCut = 'bytes' in change && random() < 0.5;
    content = applied(
      content,
      isCut
        ? { ...change, bytes: change.bytes.subarray(0, Math.floor(random() * change.bytes.length)) }
        : change,
    );
  }
  return content;
}

function applied(content: Buffer, change: Change): Buffer {
  const length =
    'length' in change ? change.length : Math.max(content.length, change.at + change.bytes.length);
  const next = Buffer.alloc(length);
  content.copy(next);
  if ('bytes' in change) change.bytes.copy(next, change.at);
  return next;
}

function freshInode(content: Buffer): Inode {
  return { content, synced: content, unsynced: [] };
}

function copyOf({ files, folders }: Names): Names {
  return { files: new Map(files), folders: new Set(folders) };
}

/** Whether a file can be reached: a lost folder takes its content with it. */
function isReachable(path: string, names: Names): boolean {
  for (let at = path; at !== '/'; at = dirname(at)) if (!names.folders.has(dirname(at))) return false;
  return true;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
