import { createHash } from 'node:crypto';
import { setAside, writeFully, type DiskFile, type Fragment, type Ports } from '../model/index.ts';
import { DamagedFile } from './durable.ts';
import { FragmentCover } from './fragment-cover.ts';
import { FragmentTable, IN_MEMORY } from './fragment-table.ts';
import {
  decodePreamble,
  decodeRecord,
  encodePreamble,
  encodeRecord,
  PREAMBLE_BYTES,
  RECORD,
  RECORD_HEAD_BYTES,
  type RecordType,
  type StoreRecord,
} from './record.ts';
import { endOf, runsOf, type Place } from './runs.ts';
import { scanFile, type ScanResult } from './scan.ts';

/** The most that one write carries. */
const BATCH_BYTES = 256 * 1024;
const HASH_BATCH = 512;

/**
 * One message's file: records are appended in memory at once and written in batches. Only one task at a time touches
 * the file (`run`). It keeps no handle open between tasks, so thousands of messages need none.
 */
export class MessageFile {
  readonly path: string;
  readonly #ports: FilePorts;
  readonly table = new FragmentTable();
  /** The talker's signed hashes, and the hashes of the held fragments. */
  readonly cover = new FragmentCover();
  /** Whether `table` has all fragments of the file. */
  loaded: boolean;
  #salt: number;
  /** Offset of the next record; 0: the file has to be created; undefined: the file's length is unknown yet. */
  #length: number | undefined;
  #waiting: StoreRecord[] = [];
  #waitingBytes = 0;
  readonly #memory = new Map<number, Uint8Array>();
  #queue: Promise<unknown> = Promise.resolve();
  /** Counts resets, so that a read that began before a reset is not applied to later data. */
  #generation = 0;

  private constructor(ports: FilePorts, path: string, length: number | undefined) {
    this.#ports = ports;
    this.path = path;
    this.#salt = newSalt(ports);
    this.#length = length;
    this.loaded = length === 0;
  }

  /** A file that the first flush will create. */
  static fresh(ports: FilePorts, path: string): MessageFile {
    return new MessageFile(ports, path, 0);
  }

  /** A file that exists. */
  static existing(ports: FilePorts, path: string): MessageFile {
    return new MessageFile(ports, path, undefined);
  }

  get length(): number {
    return this.#length ?? 0;
  }

  /** Bytes accepted and not yet written. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Runs one task after all tasks before it. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Takes a copy of a fragment that is not held yet. */
  append(fragment: Fragment): void {
    const bytes = new Uint8Array(fragment.bytes);
    this.#memory.set(fragment.n, bytes);
    this.table.set(fragment.n, IN_MEMORY, bytes.length);
    this.#wait({ type: RECORD.fragment, n: fragment.n, bytes });
  }

  /** Forgets a fragment, so that another one can take its place. */
  drop(n: number): void {
    this.#memory.delete(n);
    this.table.drop(n);
  }

  put(type: RecordType, value: unknown): void {
    this.#wait({ type, n: 0, bytes: Buffer.from(JSON.stringify(value)) });
  }

  /** Forgets everything; the next flush makes a new file. */
  reset(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#memory.clear();
    this.table.clear();
    this.#salt = newSalt(this.#ports);
    this.#length = 0;
    this.#generation++;
    this.loaded = true;
  }

  /** Forgets the data that waits in memory; the caller removes the file. */
  async remove(): Promise<void> {
    this.reset();
    await this.#ports.disk.remove(this.path);
  }

  /**
   * Reads the whole file: fills the table, passes every record to `each`, and cuts off a torn end. Of two fragments with the same number
   * the later counts: it came after the earlier one was dropped. A task for `run`.
   */
  async load(each: (record: StoreRecord) => void): Promise<ScanResult | undefined> {
    const handle = await this.#ports.disk.open(this.path, 'r');
    let result: ScanResult | undefined;
    try {
      result = await scanFile(handle, (record, offset) => {
        each(record);
        if (record.type === RECORD.fragment) this.table.set(record.n, offset, record.bytes.length);
      });
    } finally {
      await handle.close();
    }
    if (!result) return undefined;
    this.#salt = result.salt;
    this.#length = result.length;
    this.loaded = true;
    // A failed write is reported when there is something to write; until then a torn end does no harm.
    if (result.tornBytes > 0) await this.#cut(result.length).catch(() => undefined);
    return result;
  }

  /** Writes the waiting records. Records that could not be written still wait, and the error is thrown. A task for `run`. */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    if (this.#length === undefined) await this.#look();
    const handle = await this.#ports.disk.open(this.path, this.#length === 0 ? 'w' : 'r+');
    try {
      while (this.#waiting.length > 0) await this.#writeBatch(handle);
    } catch (error) {
      await handle.truncate(this.length).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
  }

  /** Resolves once everything that was flushed is on the disk itself. A task for `run`. */
  async sync(): Promise<void> {
    const handle = await this.#ports.disk.open(this.path, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async setAside(): Promise<string> {
    return setAside(this.#ports.disk, this.path);
  }

  /** The fragments of these numbers if all of them are in memory. */
  readNow(numbers: readonly number[]): Fragment[] | undefined {
    const fragments: Fragment[] = [];
    for (const n of numbers) {
      const bytes = this.#memory.get(n);
      if (!bytes) return undefined;
      fragments.push({ n, bytes });
    }
    return fragments;
  }

  /** The fragments of these numbers, as they were sealed. One that is damaged in the file is left out and forgotten. */
  async read(numbers: readonly number[]): Promise<Fragment[]> {
    const found = new Map<number, Uint8Array>();
    const places: Place[] = [];
    for (const n of numbers) {
      const bytes = this.#memory.get(n);
      if (bytes) found.set(n, bytes);
      else if (this.table.has(n))
        places.push({ n, from: this.table.offset(n), length: this.table.length(n) });
    }
    if (places.length > 0) await this.#readPlaces(places, found);
    const fragments: Fragment[] = [];
    for (const n of numbers) {
      const bytes = found.get(n);
      if (bytes) fragments.push({ n, bytes });
    }
    return fragments;
  }

  /** SHA-256 over fragments 0 to `count`, each after its length in two bytes; undefined if one is not readable. */
  async hash(count: number): Promise<string | undefined> {
    const hash = createHash('sha256');
    const prefix = Buffer.alloc(2);
    for (let from = 0; from < count; from += HASH_BATCH) {
      const numbers = Array.from({ length: Math.min(HASH_BATCH, count - from) }, (_, index) => from + index);
      const fragments = await this.read(numbers);
      if (fragments.length < numbers.length) return undefined;
      for (const fragment of fragments) {
        prefix.writeUInt16BE(fragment.bytes.length);
        hash.update(prefix).update(fragment.bytes);
      }
    }
    return hash.digest('base64url');
  }

  #wait(record: StoreRecord): void {
    this.#waiting.push(record);
    this.#waitingBytes += RECORD_HEAD_BYTES + record.bytes.length;
  }

  async #cut(length: number): Promise<void> {
    const handle = await this.#ports.disk.open(this.path, 'r+');
    try {
      await handle.truncate(length);
    } finally {
      await handle.close();
    }
  }

  /** Reads the salt and the length of a file, without reading all of it. */
  async #look(): Promise<void> {
    const handle = await this.#ports.disk.open(this.path, 'r');
    try {
      const preamble = Buffer.alloc(PREAMBLE_BYTES);
      const { bytesRead } = await handle.read(preamble, 0, PREAMBLE_BYTES, 0);
      const salt = decodePreamble(preamble.subarray(0, bytesRead));
      if (salt === undefined) throw new DamagedFile(`${this.path} is damaged`);
      this.#salt = salt;
      this.#length = (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  }

  async #writeBatch(handle: DiskFile): Promise<void> {
    const start = this.#length ?? 0;
    const generation = this.#generation;
    const parts = start === 0 ? [encodePreamble(this.#salt)] : [];
    const records: { readonly record: StoreRecord; readonly offset: number }[] = [];
    let end = start + (start === 0 ? PREAMBLE_BYTES : 0);
    for (const record of this.#waiting) {
      if (end - start >= BATCH_BYTES) break;
      const part = encodeRecord(record, this.#salt);
      parts.push(part);
      records.push({ record, offset: end });
      end += part.length;
    }
    await writeFully(handle, Buffer.concat(parts), start);
    if (generation !== this.#generation) return;
    this.#length = end;
    this.#waiting.splice(0, records.length);
    for (const { record, offset } of records) {
      this.#waitingBytes -= RECORD_HEAD_BYTES + record.bytes.length;
      // The fragment may have been dropped, or replaced by another one, while it waited.
      if (record.type !== RECORD.fragment || this.#memory.get(record.n) !== record.bytes) continue;
      this.#memory.delete(record.n);
      // The manifest may have cut the fragment off while it waited.
      if (this.table.has(record.n)) this.table.set(record.n, offset, record.bytes.length);
    }
  }

  async #readPlaces(places: readonly Place[], found: Map<number, Uint8Array>): Promise<void> {
    const generation = this.#generation;
    const salt = this.#salt;
    const handle = await this.#ports.disk.open(this.path, 'r');
    try {
      for (const run of runsOf(places)) {
        const from = run[0]!.from;
        const to = endOf(run[run.length - 1]!);
        const buffer = Buffer.alloc(to - from);
        await handle.read(buffer, 0, buffer.length, from);
        for (const place of run) {
          const record = decodeRecord(buffer, place.from - from, salt);
          const sound = typeof record === 'object' && record.type === RECORD.fragment && record.n === place.n;
          if (sound) found.set(place.n, record.bytes);
          else if (generation === this.#generation) this.table.drop(place.n);
        }
      }
    } finally {
      await handle.close();
    }
  }
}

type FilePorts = Pick<Ports, 'disk' | 'random'>;

/** A random salt, which a talker must not be able to guess: see record.ts. */
function newSalt({ random }: FilePorts): number {
  return random.bytes(4).readUInt32BE();
}
