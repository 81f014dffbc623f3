import { join } from 'node:path';
import { Low } from 'lowdb';
import {
  makeOwnerFolder,
  NewerVersion,
  setAside,
  type CorridorError,
  type MessageId,
  type Ports,
} from '../model/index.ts';
import { errorCode } from './durable.ts';
import { entryFrom, indexedFrom } from './entry.ts';
import { MessageSets, notListed, type Listed } from './message-sets.ts';
import { indexRemade, SHARD_VERSION, ShardFile, type Shard, type Tombstone } from './shard-file.ts';
import type { Entry } from './stored-message.ts';

/** A change rewrites one shard file of at most this many messages, however many there are in all. */
const SHARD_MESSAGES = 64;
/** A shard is also full at this estimated size: messages to a whole office have long headers and many receipts. */
const SHARD_BYTES = 256 * 1024;
const RECEIPT_BYTES = 350;
const SHARD_NAME = /^([0-9]{6})\.json$/;

type IndexPorts = Pick<Ports, 'disk' | 'random'>;

interface LoadedShard {
  readonly number: number;
  readonly path: string;
  readonly low: Low<Shard>;
  readonly entries: Map<MessageId, Entry>;
  readonly deleted: Map<MessageId, Tombstone>;
  estimatedBytes: number;
  dirty: boolean;
  /** The write under way, if any. */
  writing: Promise<void> | undefined;
}

/** A message in the index. */
interface Indexed {
  readonly entry: Entry;
  readonly shard: LoadedShard;
  readonly listed: Listed;
}

/** The index of all messages, in memory whole and on disk in shards: lowdb files of at most 64 messages. */
export class MessageIndex {
  readonly sets = new MessageSets();
  readonly #ports: IndexPorts;
  readonly #directory: string;
  readonly #shards: LoadedShard[] = [];
  readonly #entries = new Map<MessageId, Indexed>();
  readonly #deleted = new Map<MessageId, LoadedShard>();

  private constructor(ports: IndexPorts, directory: string) {
    this.#ports = ports;
    this.#directory = directory;
  }

  /** Reads all shards. One that is damaged or of a later version is set aside, which `onSetAside` is told. */
  static async open(
    ports: IndexPorts,
    directory: string,
    onSetAside: (trouble: CorridorError) => void,
  ): Promise<MessageIndex> {
    const index = new MessageIndex(ports, directory);
    const { disk } = ports;
    await makeOwnerFolder(disk, directory);
    for (const name of (await disk.list(directory)).sort()) {
      const number = SHARD_NAME.exec(name)?.[1];
      if (name.endsWith('.tmp')) await disk.remove(join(directory, name));
      else if (number !== undefined) await index.#load(Number(number), onSetAside);
    }
    index.sets.fill([...index.#entries.values()].map(({ entry, listed }) => [entry, listed]));
    return index;
  }

  get(id: MessageId): Entry | undefined {
    return this.#entries.get(id)?.entry;
  }

  *entries(): IterableIterator<Entry> {
    for (const { entry } of this.#entries.values()) yield entry;
  }

  wasDeleted(id: MessageId): boolean {
    return this.#deleted.has(id);
  }

  /** Whether a message that is not here may be kept for others: where it was deleted, that was for this node's person alone. */
  mayKeep(id: MessageId): boolean {
    const tombstone = this.#deleted.get(id)?.deleted.get(id);
    return tombstone === undefined || tombstone.isOwed === true;
  }

  add(entry: Entry): void {
    const bytes = estimate(entry);
    let shard = this.#shards[this.#shards.length - 1];
    const isFull =
      shard &&
      (shard.entries.size + shard.deleted.size >= SHARD_MESSAGES ||
        (shard.entries.size > 0 && shard.estimatedBytes + bytes > SHARD_BYTES));
    if (!shard || isFull) shard = this.#addShard(shard ? shard.number + 1 : 1);
    this.sets.add(entry, this.#put(shard, entry).listed);
    shard.dirty = true;
  }

  /** An entry has changed: it is in other sets from now on, and is written at the next flush. */
  touch(id: MessageId): void {
    const indexed = this.#entries.get(id);
    if (!indexed) return;
    this.sets.update(indexed.entry, indexed.listed);
    indexed.shard.dirty = true;
  }

  /** Its file has grown, which the index on the disk need not know. */
  grown(entry: Entry, bytes: number): void {
    entry.bytes = bytes;
    const indexed = this.#entries.get(entry.id);
    if (indexed?.entry === entry) this.sets.update(entry, indexed.listed);
  }

  /** Forgets an entry, and remembers that it was deleted, so that no other node's copy brings it back. */
  delete(id: MessageId, tombstone: Tombstone): void {
    const indexed = this.#entries.get(id);
    if (!indexed) return;
    const { entry, shard, listed } = indexed;
    this.#entries.delete(id);
    this.sets.remove(entry, listed);
    shard.entries.delete(id);
    shard.estimatedBytes -= estimate(entry);
    shard.deleted.set(id, tombstone);
    this.#deleted.set(id, shard);
    shard.dirty = true;
  }

  /** Forgets the deletions before `before`. */
  forgetDeleted(before: number): void {
    for (const [id, shard] of this.#deleted) {
      if ((shard.deleted.get(id)?.at ?? before) >= before) continue;
      shard.deleted.delete(id);
      this.#deleted.delete(id);
      shard.dirty = true;
    }
  }

  get isDirty(): boolean {
    return this.#shards.some((shard) => shard.dirty);
  }

  /**
   * Writes and syncs every changed shard, and waits for those that are being written. Throws the first error; shards that could not be
   * written stay marked as changed.
   */
  async flush(): Promise<void> {
    for (const shard of [...this.#shards]) if (shard.dirty || shard.writing) await this.#write(shard);
  }

  /** Resolves once the entry, as it is now, is on the disk itself. */
  async flushOne(id: MessageId): Promise<void> {
    const shard = this.#entries.get(id)?.shard;
    if (shard) await this.#write(shard);
  }

  async #load(number: number, onSetAside: (trouble: CorridorError) => void): Promise<void> {
    const shard = this.#addShard(number);
    try {
      await shard.low.read();
      for (const indexed of shard.low.data.messages) {
        const entry = entryFrom(indexed);
        if (!entry) throw new Error(`message ${indexed.id} is not readable`);
        if (!this.#entries.has(entry.id)) this.#put(shard, entry);
      }
      for (const { id, ...tombstone } of shard.low.data.deleted) {
        shard.deleted.set(id, tombstone);
        this.#deleted.set(id, shard);
      }
      shard.low.data = emptyShard();
    } catch (error) {
      if (errorCode(error) !== '') throw error;
      for (const id of shard.entries.keys()) this.#entries.delete(id);
      shard.entries.clear();
      shard.estimatedBytes = 0;
      const isNewer = error instanceof NewerVersion;
      await setAside(this.#ports.disk, shard.path, isNewer ? 'newer' : 'damaged');
      onSetAside(indexRemade(shard.path, isNewer, error));
    }
  }

  #addShard(number: number): LoadedShard {
    const path = join(this.#directory, `${String(number).padStart(6, '0')}.json`);
    const shard: LoadedShard = {
      number,
      path,
      low: new Low<Shard>(new ShardFile(this.#ports, path), emptyShard()),
      entries: new Map(),
      deleted: new Map(),
      estimatedBytes: 0,
      dirty: false,
      writing: undefined,
    };
    this.#shards.push(shard);
    return shard;
  }

  #put(shard: LoadedShard, entry: Entry): Indexed {
    shard.entries.set(entry.id, entry);
    shard.estimatedBytes += estimate(entry);
    const indexed: Indexed = { entry, shard, listed: notListed() };
    this.#entries.set(entry.id, indexed);
    return indexed;
  }

  /** Writes a shard, one write at a time. All requests during one write are served by the next. */
  async #write(shard: LoadedShard): Promise<void> {
    while (shard.writing) await shard.writing.catch(() => undefined);
    if (!shard.dirty) return;
    shard.writing = this.#writeNow(shard);
    try {
      await shard.writing;
    } finally {
      shard.writing = undefined;
    }
  }

  async #writeNow(shard: LoadedShard): Promise<void> {
    shard.dirty = false;
    try {
      const isNewest = shard === this.#shards[this.#shards.length - 1];
      if (shard.entries.size + shard.deleted.size === 0 && !isNewest) {
        await this.#ports.disk.remove(shard.path);
        this.#shards.splice(this.#shards.indexOf(shard), 1);
        return;
      }
      shard.low.data = {
        version: SHARD_VERSION,
        messages: [...shard.entries.values()].map(indexedFrom),
        deleted: [...shard.deleted].map(([id, tombstone]) => ({ id, ...tombstone })),
      };
      await shard.low.write();
      shard.low.data = emptyShard();
    } catch (error) {
      shard.dirty = true;
      throw error;
    }
  }
}

function emptyShard(): Shard {
  return { version: SHARD_VERSION, messages: [], deleted: [] };
}

function estimate({ header: { signed, facts } }: Entry): number {
  return (
    signed.payload.length +
    (signed.sheet?.length ?? 0) +
    (signed.words?.length ?? 0) +
    facts.recipients.length * RECEIPT_BYTES
  );
}
