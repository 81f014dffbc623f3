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
import { toDelete, type RetentionLimits } from './retention.ts';
import { retrievalNumber } from './retrieval-number.ts';
import type { Entry, Local, Roles, StoredMessage } from './stored-message.ts';
import { MEMORY_FULL, troubleOf, type Trouble } from './trouble.ts';

const FLUSH_MS = 100;
const INDEX_FLUSH_MS = 500;
const RETRY_MS = 5_000;
/** A message with this much waiting is written at once. */
const FLUSH_BYTES = 64 * 1024;
/** What may wait in memory, of all messages together, while the disk takes nothing. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** How many fragments one read returns at most. */
const MAX_READ = 4096;
/** How many complete messages keep their table of fragments in memory after they were read. */
const TABLES_KEPT = 8;
/** How long it is remembered that a message was deleted: 90 days. */
const TOMBSTONE_MS = 90 * 24 * 60 * 60 * 1000;

/** Runs a task after a time, and returns what prevents it. */
export type Schedule = (task: () => void, ms: number) => () => void;

export interface StoreOptions extends RetentionLimits {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Takes a sentence about something found or done that nobody asked for. */
  readonly log: (sentence: string) => void;
  readonly schedule?: Schedule;
  /** What may wait in memory while the disk takes nothing, bytes. */
  readonly maxWaitingBytes?: number;
}

export interface StoreEvents {
  /** Anything about this message, its removal too. While it arrives: at most every 100 ms. */
  changed: MessageId;
  complete: MessageId;
  /** What was held of it is not what was spoken: fetch what `missing` names. */
  damaged: MessageId;
  /** Writing fails, for this reason, until 'recovered'. */
  trouble: Trouble;
  recovered: undefined;
}

/** `unsaved`: all of it is held, but the disk has not taken it yet; 'complete' follows once it has. */
export type Completion = 'complete' | 'missing' | 'damaged' | 'unsaved';

export interface Following {
  readonly stop: () => void;
  readonly done: Promise<FollowEnd>;
}

/**
 * Keeps messages: fragments in one append-only file each, and an index in shards. Nothing waits for the disk except who
 * asks for it. Statements handed in have been verified by the caller; the store judges form and order only.
 */
export class MessageStore {
  /** What was found wrong at opening, in sentences. */
  readonly findings: string[] = [];
  readonly #options: StoreOptions;
  readonly #schedule: Schedule;
  readonly #directory: string;
  readonly #index: MessageIndex;
  readonly #events = new Emitter<StoreEvents>();
  /** Of incomplete messages all, of complete ones those in use lately. */
  readonly #files = new Map<MessageId, MessageFile>();
  /** Messages with something waiting to be written. */
  readonly #waiting = new Set<MessageId>();
  /** Messages held whole that the disk has not taken yet. */
  readonly #unsaved = new Set<MessageId>();
  readonly #flushing = new Set<MessageId>();
  readonly #followers = new Map<MessageId, Set<Follower>>();
  readonly #numbers = new Map<string, MessageId>();
  #trouble: Trouble | undefined;
  #cancelFlush: (() => void) | undefined;
  #cancelIndexFlush: (() => void) | undefined;
  #closed = false;

  private constructor(directory: string, index: MessageIndex, options: StoreOptions) {
    this.#directory = directory;
    this.#index = index;
    this.#options = options;
    this.#schedule = options.schedule ?? scheduleByTimer;
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
    return this.#trouble;
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
    let room = this.#roomBytes();
    let added = 0;
    for (const fragment of fragments) {
      if (!isWithinBounds(fragment, count) || file.table.has(fragment.n)) continue;
      room -= fragment.bytes.length;
      if (room < 0) {
        this.#report(MEMORY_FULL);
        break;
      }
      file.append(fragment);
      added++;
      for (const follower of this.#followers.get(id) ?? []) follower.arrived(fragment.n);
    }
    if (added === 0) return 0;
    this.#write(id, file);
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
      this.#write(id, file);
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
    this.#write(entry.id, file);
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
    this.#waiting.delete(id);
    this.#unsaved.delete(id);
    if (entry.local.number !== undefined) this.#numbers.delete(entry.local.number);
    this.#endFollowers(id, 'deleted');
    this.#events.emit('changed', id);
    // The index first: a crash between the two leaves a file that the next opening removes.
    await this.#index.flush().catch((error: unknown) => this.#failed(error));
    await file.run(() => file.remove()).catch((error: unknown) => this.#failed(error));
  }

  /** Deletes what age and room demand, and never what somebody has not heard. Returns what it deleted. */
  async sweep(): Promise<MessageId[]> {
    const now = this.#options.now();
    const ids = toDelete(this.#index.entries(), this.#options, now).map((entry) => entry.id);
    for (const id of ids) await this.delete(id);
    this.#index.forgetDeleted(now - TOMBSTONE_MS);
    if (this.#index.isDirty) this.#flushIndexSoon();
    return ids;
  }

  /** Writes all that waits, now. Resolves whether that succeeded; `trouble` then says why not. */
  async retry(): Promise<boolean> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    let isWritten = true;
    for (const id of [...this.#waiting]) isWritten = (await this.#flushOne(id)) && isWritten;
    for (const id of [...this.#unsaved]) {
      const entry = this.#index.get(id);
      if (entry) isWritten = (await this.#settle(entry)) !== 'unsaved' && isWritten;
    }
    if (this.#trouble && isWritten) isWritten = await this.#flushIndex();
    if (isWritten && this.#trouble) {
      this.#trouble = undefined;
      this.#events.emit('recovered', undefined);
    }
    if (!isWritten || this.#waiting.size > 0) this.#flushSoon();
    return isWritten;
  }

  /** Writes and syncs everything and stops. The store is not usable afterwards. */
  async close(): Promise<void> {
    for (const id of [...this.#followers.keys()]) this.#endFollowers(id, 'closed');
    const written = [...this.#waiting];
    await this.retry();
    this.#closed = true;
    this.#cancelFlush?.();
    this.#cancelIndexFlush?.();
    for (const id of written) {
      const file = this.#files.get(id);
      if (file && file.length > 0)
        await file.run(() => file.sync()).catch((error: unknown) => this.#failed(error));
    }
    await syncDirectory(this.#directory).catch((error: unknown) => this.#failed(error));
    await this.#flushIndex();
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
    this.#write(entry.id, file);
    this.#changed(entry.id);
  }

  #changed(id: MessageId): void {
    this.#index.touch(id);
    this.#flushIndexSoon();
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
      if (file.waitingBytes > 0) this.#write(entry.id, file);
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
    this.#write(entry.id, file);
  }

  #forgetTables(): void {
    let spare = -TABLES_KEPT;
    const complete: MessageId[] = [];
    for (const [id, file] of this.#files) {
      const isIdle = file.waitingBytes === 0 && !this.#followers.has(id) && !this.#flushing.has(id);
      if (isIdle && this.#index.get(id)?.state === 'complete') complete.push(id);
    }
    spare += complete.length;
    for (const id of complete.slice(0, Math.max(0, spare))) this.#files.delete(id);
  }

  // ---- completion

  /** Decides whether a message is complete, and brings it safely to disk if it is. */
  async #settle(entry: Entry): Promise<Completion> {
    const completion = await this.#tryToSettle(entry);
    if (completion === 'unsaved') {
      this.#unsaved.add(entry.id);
      this.#flushSoon();
    } else this.#unsaved.delete(entry.id);
    this.#forgetTables();
    return completion;
  }

  async #tryToSettle(entry: Entry): Promise<Completion> {
    try {
      const file = await this.#loaded(entry);
      return await file.run(() => this.#settleNow(entry, file));
    } catch (error) {
      this.#failed(error);
      return 'unsaved';
    }
  }

  async #settleNow(entry: Entry, file: MessageFile): Promise<Completion> {
    if (entry.state === 'complete') return 'complete';
    if (this.#index.get(entry.id) !== entry || !entry.manifest || !this.#isWhole(entry, file))
      return 'missing';
    try {
      await file.flush();
      this.#waiting.delete(entry.id);
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

  #roomBytes(): number {
    let room = this.#options.maxWaitingBytes ?? MAX_WAITING_BYTES;
    for (const id of this.#waiting) room -= this.#files.get(id)?.waitingBytes ?? 0;
    return room;
  }

  #write(id: MessageId, file: MessageFile): void {
    this.#waiting.add(id);
    if (file.waitingBytes >= FLUSH_BYTES && !this.#trouble && !this.#flushing.has(id))
      void this.#flushOne(id);
    else this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#closed || this.#cancelFlush) return;
    this.#cancelFlush = this.#schedule(
      () => {
        this.#cancelFlush = undefined;
        void this.retry();
      },
      this.#trouble ? RETRY_MS : FLUSH_MS,
    );
  }

  async #flushOne(id: MessageId): Promise<boolean> {
    const entry = this.#index.get(id);
    const file = this.#files.get(id);
    this.#waiting.delete(id);
    if (!entry || !file) return true;
    this.#flushing.add(id);
    try {
      await file.run(() => file.flush());
      if (this.#index.get(id) !== entry || file.length === entry.bytes) return true;
      entry.bytes = file.length;
      this.#changed(id);
      this.#forgetTables();
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT' && this.#index.get(id) === entry) await this.#vanished(entry, file);
      if (this.#index.get(id) === entry) this.#waiting.add(id);
      this.#failed(error);
      return false;
    } finally {
      this.#flushing.delete(id);
    }
  }

  /** Somebody removed the file behind the store's back. */
  async #vanished(entry: Entry, file: MessageFile): Promise<void> {
    await file.run(async () => this.#startAnew(entry, file));
    await makeDirectory(this.#directory).catch(() => undefined);
    this.#demote(entry);
  }

  #flushIndexSoon(): void {
    if (this.#closed || this.#cancelIndexFlush || this.#trouble) return;
    this.#cancelIndexFlush = this.#schedule(() => void this.#flushIndex(), INDEX_FLUSH_MS);
  }

  async #flushIndex(): Promise<boolean> {
    this.#cancelIndexFlush?.();
    this.#cancelIndexFlush = undefined;
    try {
      await this.#index.flush();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  #failed(error: unknown): void {
    this.#report(troubleOf(error));
    this.#flushSoon();
  }

  /** Tells a trouble once, and again when it becomes another. */
  #report(trouble: Trouble): void {
    // Full memory is the worse of two troubles: that the disk is still full is then no news.
    const isKnown = this.#trouble?.code === trouble.code || this.#trouble?.code === 'memory-full';
    if (isKnown) return;
    this.#trouble = trouble;
    this.#options.log(trouble.sentence);
    this.#events.emit('trouble', trouble);
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
    this.#flushIndexSoon();
  }
}

function isWithinBounds({ n, bytes }: Fragment, count: number): boolean {
  return Number.isInteger(n) && n >= 0 && n < count && bytes.length > 0 && bytes.length <= MAX_FRAGMENT_BYTES;
}

function scheduleByTimer(task: () => void, ms: number): () => void {
  const timer = setTimeout(task, ms);
  timer.unref();
  return () => clearTimeout(timer);
}
