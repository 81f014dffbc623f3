import { join } from 'node:path';
import {
  CorridorError,
  MAX_FRAGMENT_BYTES,
  MAX_FRAGMENTS,
  type Fragment,
  type FragmentRange,
  type Header,
  type Manifest,
  type MessageId,
  type NodeId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import { errorCode, makeDirectory, syncDirectory } from './durable.ts';
import { Emitter } from './emitter.ts';
import { belongsTo, newEntry, viewOf } from './entry.ts';
import { Follower, type FollowEnd, type FollowListener } from './follower.ts';
import { MessageFile } from './message-file.ts';
import { MessageIndex } from './message-index.ts';
import { RECORD } from './record.ts';
import { isSafeElsewhere, mergeReceipt } from './receipts.ts';
import { fileNameOf, isStorableId, loadInto, messageFiles, rebuild } from './recovery.ts';
import { toDelete } from './retention.ts';
import { retrievalNumber } from './retrieval-number.ts';
import type { Entry, Local, Roles, StoredMessage } from './stored-message.ts';
import type { Completion, Following, StoreEvents, StoreOptions } from './store-options.ts';
import type { Trouble } from './trouble.ts';
import { Writer, type WriterHost } from './writer.ts';

/** How many fragments one read returns at most. */
const MAX_READ = 4096;
/** How many complete messages keep their table of fragments in memory after they were read. */
const TABLES_KEPT = 8;
/** How long it is remembered that a message was deleted: 90 days. */
const TOMBSTONE_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * Keeps messages: fragments in one append-only file each, and an index in shards. Nothing waits for the disk except who
 * asks for it. Statements handed in have been verified by the caller; the store judges form and order only.
 */
export class MessageStore {
  /** What was found wrong at opening, in sentences. */
  readonly findings: string[] = [];
  readonly #options: StoreOptions;
  readonly #directory: string;
  readonly #index: MessageIndex;
  readonly #events: Emitter<StoreEvents>;
  /** Of incomplete messages all, of complete ones those in use lately. */
  readonly #files = new Map<MessageId, MessageFile>();
  readonly #followers = new Map<MessageId, Set<Follower>>();
  readonly #numbers = new Map<string, MessageId>();
  readonly #writer: Writer;

  private constructor(directory: string, index: MessageIndex, options: StoreOptions) {
    this.#directory = directory;
    this.#index = index;
    this.#options = options;
    this.#events = new Emitter((error) =>
      options.log(`A listener of the message store failed: ${String(error)}`),
    );
    this.#writer = new Writer(this.#writerHost(), index, this.#events, options);
  }

  /**
   * Opens or makes the store in a folder. Reads the index, and only those messages' files that are not whole. What a
   * crash left behind is mended and told in `findings` and the log. Throws CorridorError 'newer-store'.
   */
  static async open(directory: string, options: StoreOptions): Promise<MessageStore> {
    const messages = join(directory, 'messages');
    await makeDirectory(directory);
    await makeDirectory(messages);
    const damagedShards: string[] = [];
    const index = await MessageIndex.open(join(directory, 'index'), (path) => damagedShards.push(path));
    const store = new MessageStore(messages, index, options);
    for (const path of damagedShards)
      store.#found(`A part of the message index was damaged. It was put aside as ${path} and made anew.`);
    await store.#recover();
    return store;
  }

  on<Name extends keyof StoreEvents>(name: Name, listener: (value: StoreEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Why nothing can be written at present; undefined while all is well. */
  get trouble(): Trouble | undefined {
    return this.#writer.trouble;
  }

  /** How many messages are kept. */
  get size(): number {
    return this.#index.size;
  }

  /**
   * Begins a message, or returns the one that was begun; roles add up. Throws CorridorError 'bad-message-id', and
   * 'message-deleted' for a message that was deleted here.
   */
  begin(
    signed: Signed,
    facts: Header,
    roles: { mine?: 'talker' | 'recipient'; keeps?: boolean },
  ): StoredMessage {
    const known = this.#index.get(facts.id);
    if (known) return this.#addRoles(known, roles);
    if (!isStorableId(facts.id))
      throw new CorridorError('bad-message-id', 'A message has an id that is not well formed.');
    if (this.#index.wasDeleted(facts.id))
      throw new CorridorError('message-deleted', 'This message was deleted on this computer.');
    const entry = newEntry(signed, facts, { keeps: false }, {});
    this.#mergeRoles(entry, roles);
    const file = MessageFile.fresh(join(this.#directory, fileNameOf(facts.id)));
    this.#files.set(entry.id, file);
    this.#index.add(entry);
    file.put(RECORD.header, signed);
    this.#saveLocal(entry);
    return this.#view(entry);
  }

  /**
   * Takes fragments of a message, in any order; those held already, out of bounds, or beyond what memory allows while
   * the disk takes nothing, are passed over. Returns how many were new. Throws CorridorError 'unknown-message'.
   */
  append(id: MessageId, fragments: readonly Fragment[]): number {
    const entry = this.#entry(id);
    const file = this.#files.get(id);
    if (entry.state === 'complete' || entry.completing || !file) return 0;
    const count = entry.manifest?.facts.count ?? MAX_FRAGMENTS;
    let room = this.#writer.roomBytes;
    let added = 0;
    for (const fragment of fragments) {
      if (!isWithinBounds(fragment, count) || file.table.has(fragment.n)) continue;
      room -= fragment.bytes.length;
      if (room < 0) {
        this.#writer.memoryFull();
        break;
      }
      file.append(fragment);
      added++;
      for (const follower of this.#followers.get(id) ?? []) follower.arrived(fragment.n);
    }
    if (added === 0) return 0;
    this.#writer.write(id, file);
    if (this.#isWhole(entry, file)) void this.#settle(entry);
    return added;
  }

  /**
   * Takes the manifest; the first one counts. Says whether the message is now complete on disk. Throws CorridorError
   * 'unknown-message', and 'wrong-manifest' if it is not of this message or not of its talker.
   */
  async setManifest(id: MessageId, signed: Signed, facts: Manifest): Promise<Completion> {
    const entry = this.#entry(id);
    if (!belongsTo(facts, entry.header.facts))
      throw new CorridorError('wrong-manifest', 'The end of a message did not match its beginning.');
    if (!entry.manifest) {
      entry.manifest = { signed, facts };
      const file = this.#fileOf(entry);
      file.table.cut(facts.count);
      file.put(RECORD.manifest, signed);
      this.#writer.write(id, file);
      this.#changed(id);
      this.#pokeFollowers(id);
    }
    return this.#settle(entry);
  }

  /** What is still to be fetched, below the manifest's count, or, before it is known, below the highest number seen. */
  missing(id: MessageId): FragmentRange[] {
    const entry = this.#entry(id);
    if (entry.state === 'complete') return [];
    const { table } = this.#fileOf(entry);
    return table.missing(entry.manifest?.facts.count ?? table.end);
  }

  /** At most `max` fragments from `from` on, ascending, without a gap. Throws CorridorError 'unknown-message'. */
  async read(id: MessageId, from: number, max: number): Promise<Fragment[]> {
    const entry = this.#entry(id);
    const file = await this.#loaded(entry);
    const numbers: number[] = [];
    for (let n = from; numbers.length < Math.min(max, MAX_READ) && file.table.has(n); n++) numbers.push(n);
    const fragments = await this.#readFrom(entry, file, numbers);
    const gap = fragments.findIndex((fragment, index) => fragment.n !== from + index);
    return gap < 0 ? fragments : fragments.slice(0, gap);
  }

  /** See Follower. Ends by itself once all that the manifest counts has been delivered. */
  follow(id: MessageId, from: number, listener: FollowListener): Following {
    const entry = this.#entry(id);
    let file = this.#fileOf(entry);
    const follower = new Follower(
      {
        ready: async () => void (file = await this.#loaded(entry)),
        next: (n) => file.table.next(n),
        readNow: (numbers) => file.readNow(numbers),
        read: (numbers) => this.#readFrom(entry, file, numbers),
        allHeld: () => this.#isWhole(entry, file),
      },
      from,
      listener,
    );
    const followers = this.#followers.get(id) ?? new Set();
    this.#followers.set(id, followers.add(follower));
    void follower.done.then(() => {
      followers.delete(follower);
      if (followers.size === 0 && this.#followers.get(id) === followers) this.#followers.delete(id);
    });
    return { stop: () => follower.end('stopped'), done: follower.done };
  }

  /** Ends whoever follows a message whose talker is gone. What is held stays. */
  abort(id: MessageId): void {
    this.#endFollowers(id, 'aborted');
  }

  /** Takes a receipt; returns whether it moved its node forward. One for an unknown message does not count. */
  setReceipt(signed: Signed, facts: Receipt): boolean {
    const entry = this.#index.get(facts.id);
    if (!entry || !mergeReceipt(entry.receipts, entry.header.facts, { signed, facts })) return false;
    const file = this.#fileOf(entry);
    file.put(RECORD.receipt, signed);
    this.#writer.write(entry.id, file);
    this.#changed(entry.id);
    return true;
  }

  /** Sets what only this node knows. A retrieval number, once given, stays, and one in use elsewhere is refused. */
  setLocal(id: MessageId, change: Local): void {
    const entry = this.#entry(id);
    const { number, ...rest } = change;
    entry.local = { ...entry.local, ...rest };
    if (number !== undefined && entry.local.number === undefined && !this.#numbers.has(number))
      this.#giveNumber(entry, number);
    this.#saveLocal(entry);
  }

  get(id: MessageId): StoredMessage | undefined {
    const entry = this.#index.get(id);
    return entry && this.#view(entry);
  }

  /** Whether the message was kept here once and deleted; a merge must not bring it back. */
  wasDeleted(id: MessageId): boolean {
    return this.#index.wasDeleted(id);
  }

  /** Messages by key down, oldest first: all, those for one recipient, those that are mine in one way. */
  list(filter: { for?: NodeId; mine?: 'talker' | 'recipient' } = {}): StoredMessage[] {
    return this.#select(
      ({ header, roles }) =>
        (filter.for === undefined || header.facts.recipients.includes(filter.for)) &&
        (filter.mine === undefined || roles.mine === filter.mine),
    );
  }

  findByNumber(number: string): StoredMessage | undefined {
    const id = this.#numbers.get(number);
    return id === undefined ? undefined : this.get(id);
  }

  /** Messages for this node's person that were not heard here yet, those still being spoken too; oldest first. */
  unheard(): StoredMessage[] {
    return this.#select(({ roles, local }) => roles.mine === 'recipient' && local.heard === undefined);
  }

  /** What this node spoke and must not lose yet: not on two other computers, nor with every recipient. */
  outbox(): StoredMessage[] {
    return this.#select((entry) => entry.roles.mine === 'talker' && !isSafeElsewhere(entry));
  }

  /** Deletes a message, heard or not; it is remembered that it was. Unknown ids are passed over. */
  async delete(id: MessageId): Promise<void> {
    const entry = this.#index.get(id);
    if (!entry) return;
    const file = this.#fileOf(entry);
    this.#index.delete(id, this.#options.now());
    this.#files.delete(id);
    this.#writer.forget(id);
    if (entry.local.number !== undefined) this.#numbers.delete(entry.local.number);
    this.#endFollowers(id, 'deleted');
    this.#events.emit('changed', id);
    // The index first: a crash between the two leaves a file that the next opening removes.
    await this.#index.flush().catch((error: unknown) => this.#writer.failed(error));
    await file.run(() => file.remove()).catch((error: unknown) => this.#writer.failed(error));
  }

  /** Deletes what age and room demand, and never what somebody has not heard. Returns what it deleted. */
  async sweep(): Promise<MessageId[]> {
    const now = this.#options.now();
    const ids = toDelete(this.#index.entries(), this.#options, now).map((entry) => entry.id);
    for (const id of ids) await this.delete(id);
    this.#index.forgetDeleted(now - TOMBSTONE_MS);
    if (this.#index.isDirty) this.#writer.flushIndexSoon();
    return ids;
  }

  /** Writes all that waits, now. Resolves whether that succeeded; `trouble` then says why not. */
  retry(): Promise<boolean> {
    return this.#writer.retry();
  }

  /** Writes and syncs everything and stops. The store is not usable afterwards. */
  async close(): Promise<void> {
    for (const id of [...this.#followers.keys()]) this.#endFollowers(id, 'closed');
    await this.#writer.close();
    await syncDirectory(this.#directory).catch((error: unknown) => this.#writer.failed(error));
  }

  #entry(id: MessageId): Entry {
    const entry = this.#index.get(id);
    if (!entry) throw new CorridorError('unknown-message', 'This message is not kept on this computer.');
    return entry;
  }

  #view(entry: Entry): StoredMessage {
    const file = this.#files.get(entry.id);
    const isCounted = entry.state === 'complete' && entry.manifest;
    return viewOf(entry, isCounted ? isCounted.facts.count : (file?.table.held ?? 0));
  }

  #select(wanted: (entry: Entry) => boolean): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (const entry of this.#index.entries()) if (wanted(entry)) found.push(this.#view(entry));
    return found.sort((a, b) => a.header.facts.startedAt - b.header.facts.startedAt);
  }

  #addRoles(entry: Entry, roles: Partial<Roles>): StoredMessage {
    if (this.#mergeRoles(entry, roles)) this.#saveLocal(entry);
    return this.#view(entry);
  }

  #mergeRoles(entry: Entry, roles: Partial<Roles>): boolean {
    const mine = entry.roles.mine ?? roles.mine;
    const keeps = entry.roles.keeps || roles.keeps === true;
    const isChanged = mine !== entry.roles.mine || keeps !== entry.roles.keeps;
    entry.roles = mine ? { mine, keeps } : { keeps };
    if (mine && entry.local.number === undefined)
      this.#giveNumber(entry, retrievalNumber(entry.id, this.#numbers));
    return isChanged;
  }

  #giveNumber(entry: Entry, number: string): void {
    entry.local = { ...entry.local, number };
    this.#numbers.set(number, entry.id);
  }

  #saveLocal(entry: Entry): void {
    const file = this.#fileOf(entry);
    file.put(RECORD.local, { roles: entry.roles, local: entry.local });
    this.#writer.write(entry.id, file);
    this.#changed(entry.id);
  }

  #changed(id: MessageId): void {
    this.#index.touch(id);
    this.#writer.flushIndexSoon();
    this.#events.emit('changed', id);
  }

  // ---- files

  #fileOf(entry: Entry): MessageFile {
    let file = this.#files.get(entry.id);
    if (!file) file = MessageFile.existing(join(this.#directory, fileNameOf(entry.id)));
    // Moves it to the end: the map's order is the order of use.
    this.#files.delete(entry.id);
    this.#files.set(entry.id, file);
    return file;
  }

  async #loaded(entry: Entry): Promise<MessageFile> {
    const file = this.#fileOf(entry);
    if (file.loaded) return file;
    await file.run(async () => {
      if (!file.loaded) await this.#load(entry, file);
    });
    this.#forgetTables();
    return file;
  }

  /** Scans a file and judges it: what is not as it was said to be is told, and is to be fetched. */
  async #load(entry: Entry, file: MessageFile): Promise<void> {
    const scan = await loadInto(entry, file).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    const name = `The message of ${new Date(entry.header.facts.startedAt).toISOString()}`;
    if (!scan) {
      await file.setAside().catch(() => undefined);
      this.#startAnew(entry, file);
      this.#found(`${name} was lost on this computer and is fetched again if another one has it.`);
    } else {
      if (scan.tornBytes > 0) this.#found(`${name} ended in a half-written piece, which was cut off.`);
      if (scan.damagedBytes > 0) this.#found(`${name} was damaged in ${scan.damagedBytes} bytes.`);
      if (file.waitingBytes > 0) this.#writer.write(entry.id, file);
      this.#index.touch(entry.id);
    }
    if (entry.state === 'complete' && !this.#isWhole(entry, file)) this.#demote(entry);
  }

  async #readFrom(entry: Entry, file: MessageFile, numbers: readonly number[]): Promise<Fragment[]> {
    if (numbers.length === 0) return [];
    const fragments = await file.read(numbers);
    if (fragments.length < numbers.length && entry.state === 'complete' && !this.#isWhole(entry, file))
      this.#demote(entry);
    return fragments;
  }

  #isWhole(entry: Entry, file: MessageFile): boolean {
    return entry.manifest !== undefined && file.loaded && file.table.held === entry.manifest.facts.count;
  }

  /** A message that was complete has been found damaged. Its sound fragments stay. */
  #demote(entry: Entry): void {
    if (this.#index.get(entry.id) !== entry) return;
    entry.state = 'incomplete';
    this.#changed(entry.id);
    this.#events.emit('damaged', entry.id);
  }

  /** Drops the fragments and keeps all that is said of the message. */
  #startAnew(entry: Entry, file: MessageFile): void {
    file.reset();
    file.put(RECORD.header, entry.header.signed);
    file.put(RECORD.local, { roles: entry.roles, local: entry.local });
    if (entry.manifest) file.put(RECORD.manifest, entry.manifest.signed);
    for (const receipt of entry.receipts.values()) file.put(RECORD.receipt, receipt.signed);
    this.#writer.write(entry.id, file);
  }

  #forgetTables(): void {
    let spare = -TABLES_KEPT;
    const complete: MessageId[] = [];
    for (const [id, file] of this.#files) {
      const isIdle = file.waitingBytes === 0 && !this.#followers.has(id) && !this.#writer.isFlushing(id);
      if (isIdle && this.#index.get(id)?.state === 'complete') complete.push(id);
    }
    spare += complete.length;
    for (const id of complete.slice(0, Math.max(0, spare))) this.#files.delete(id);
  }

  // ---- completion

  /** Decides whether a message is complete, and brings it safely to disk if it is. */
  async #settle(entry: Entry): Promise<Completion> {
    const completion = await this.#tryToSettle(entry);
    if (completion === 'unsaved') this.#writer.unsaved(entry.id);
    else this.#writer.saved(entry.id);
    this.#forgetTables();
    return completion;
  }

  async #tryToSettle(entry: Entry): Promise<Completion> {
    try {
      const file = await this.#loaded(entry);
      return await file.run(() => this.#settleNow(entry, file));
    } catch (error) {
      this.#writer.failed(error);
      return 'unsaved';
    }
  }

  async #settleNow(entry: Entry, file: MessageFile): Promise<Completion> {
    if (entry.state === 'complete') return 'complete';
    if (this.#index.get(entry.id) !== entry || !entry.manifest || !this.#isWhole(entry, file))
      return 'missing';
    try {
      await file.flush();
      const hash = await file.hash(entry.manifest.facts.count);
      if (hash === undefined) return 'missing';
      if (hash !== entry.manifest.facts.hash) return this.#refuse(entry, file);
      await this.#syncFile(entry, file);
      entry.bytes = file.length;
      entry.completing = true;
      this.#index.touch(entry.id);
      await this.#index.flushOne(entry.id);
    } finally {
      entry.completing = false;
    }
    if (this.#index.get(entry.id) !== entry) return 'missing';
    entry.state = 'complete';
    this.#index.touch(entry.id);
    this.#events.emit('complete', entry.id);
    this.#events.emit('changed', entry.id);
    return 'complete';
  }

  #refuse(entry: Entry, file: MessageFile): Completion {
    this.#startAnew(entry, file);
    this.#endFollowers(entry.id, 'damaged');
    this.#changed(entry.id);
    this.#events.emit('damaged', entry.id);
    return 'damaged';
  }

  /** After a sync that failed the system may believe that it wrote what it lost: then all is to be written anew. */
  async #syncFile(entry: Entry, file: MessageFile): Promise<void> {
    try {
      await file.sync();
    } catch (error) {
      const fragments = await file.read(Array.from({ length: file.table.end }, (_, n) => n));
      this.#startAnew(entry, file);
      for (const fragment of fragments) file.append(fragment);
      throw error;
    }
    await syncDirectory(this.#directory);
  }

  // ---- followers

  #pokeFollowers(id: MessageId): void {
    for (const follower of this.#followers.get(id) ?? []) follower.poke();
  }

  #endFollowers(id: MessageId, reason: FollowEnd): void {
    for (const follower of [...(this.#followers.get(id) ?? [])]) follower.end(reason);
  }

  // ---- writing

  #writerHost(): WriterHost {
    return {
      file: (id) => (this.#index.get(id) ? this.#files.get(id) : undefined),
      written: (id, file) => this.#written(id, file),
      vanished: (id, file) => this.#vanished(id, file),
      complete: async (id) => {
        const entry = this.#index.get(id);
        return !entry || (await this.#settle(entry)) !== 'unsaved';
      },
    };
  }

  #written(id: MessageId, file: MessageFile): void {
    const entry = this.#index.get(id);
    if (!entry || this.#files.get(id) !== file || file.length === entry.bytes) return;
    entry.bytes = file.length;
    this.#changed(id);
    this.#forgetTables();
  }

  async #vanished(id: MessageId, file: MessageFile): Promise<void> {
    const entry = this.#index.get(id);
    if (!entry || this.#files.get(id) !== file) return;
    await file.run(async () => this.#startAnew(entry, file));
    await makeDirectory(this.#directory).catch(() => undefined);
    this.#demote(entry);
  }

  // ---- opening

  #found(sentence: string): void {
    this.findings.push(sentence);
    this.#options.log(sentence);
  }

  async #recover(): Promise<void> {
    const sizes = await messageFiles(this.#directory);
    for (const entry of this.#index.entries()) {
      if (entry.local.number !== undefined) this.#numbers.set(entry.local.number, entry.id);
    }
    for (const entry of [...this.#index.entries()]) {
      // A complete file of the size that the index knows is trusted; every read checks what it reads.
      if (entry.state === 'incomplete' || sizes.get(entry.id) !== entry.bytes) await this.#loaded(entry);
      sizes.delete(entry.id);
    }
    for (const id of sizes.keys()) await this.#adopt(id);
    for (const entry of [...this.#index.entries()]) {
      const file = this.#files.get(entry.id);
      if (entry.state === 'incomplete' && file && this.#isWhole(entry, file)) await this.#settle(entry);
    }
  }

  /** A file that the index does not know: left from a deletion, or its shard was lost. */
  async #adopt(id: MessageId): Promise<void> {
    const file = MessageFile.existing(join(this.#directory, fileNameOf(id)));
    if (this.#index.wasDeleted(id)) return file.remove();
    const entry = await rebuild(id, file);
    if (!entry) {
      this.#found(`A message's file was not readable. It was put aside as ${await file.setAside()}.`);
      return;
    }
    this.#files.set(id, file);
    this.#index.add(entry);
    if (entry.local.number !== undefined) this.#numbers.set(entry.local.number, id);
    this.#writer.flushIndexSoon();
  }
}

function isWithinBounds({ n, bytes }: Fragment, count: number): boolean {
  return Number.isInteger(n) && n >= 0 && n < count && bytes.length > 0 && bytes.length <= MAX_FRAGMENT_BYTES;
}
