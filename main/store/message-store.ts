import { join } from 'node:path';
import {
  CorridorError,
  Emitter,
  faults,
  makeOwnerFolder,
  type Fragment,
  type FragmentHashes,
  type FragmentRange,
  type Header,
  type Manifest,
  type MessageId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import type { StreamListener } from './fragment-stream.ts';
import { FragmentStreams } from './fragment-streams.ts';
import { Intake } from './intake.ts';
import { Lookup, type ListFilter } from './lookup.ts';
import { MessageFiles } from './message-files.ts';
import { MessageIndex } from './message-index.ts';
import { EVERYBODY, lacksReceipt, readersOf, type Audience, type IsOut } from './receipts.ts';
import { recover } from './opening.ts';
import { Reading } from './reading.ts';
import { Removal, type IsSafe } from './removal.ts';
import type { RetentionLimits } from './retention.ts';
import { RetrievalNumbers, type NumberClaim } from './retrieval-number.ts';
import { Settling } from './settling.ts';
import { loadOrCreateStoreId } from './store-id.ts';
import type { StoreParts } from './store-parts.ts';
import type { Entry, Local, StoredMessage } from './stored-message.ts';
import type { Completion, StoreEvents, StoreOptions, Streaming, Totals } from './store-options.ts';
import type { Trouble } from './trouble.ts';
import { writerHost } from './writer-host.ts';
import { Writer } from './writer.ts';

/**
 * Keeps messages: fragments in one append-only file each, and an index in shards. Only a caller that
 * asks for it waits for the disk. Statements handed in have been verified by the caller; the store judges form and order only.
 */
export class MessageStore {
  /** Made with the store: another store has another. */
  readonly id: string;
  /** What was found wrong at opening, in sentences. */
  readonly findings: string[] = [];
  readonly #options: StoreOptions;
  readonly #parts: StoreParts;
  readonly #index: MessageIndex;
  readonly #events: Emitter<StoreEvents>;
  readonly #numbers = new RetrievalNumbers();
  readonly #writer: Writer;
  readonly #files: MessageFiles;
  readonly #settling: Settling;
  readonly #intake: Intake;
  readonly #reading: Reading;
  readonly #removal: Removal;
  readonly #lookup: Lookup;

  private constructor(id: string, directory: string, index: MessageIndex, options: StoreOptions) {
    this.id = id;
    this.#index = index;
    this.#options = options;
    this.#events = new Emitter((error) => faults.tell('the message store', error));
    const host = writerHost(index, () => ({ files: this.#files, settling: this.#settling }));
    this.#writer = new Writer(host, index, this.#events, options);
    this.#parts = {
      ...{ ports: options.ports, directory, index, events: this.#events, writer: this.#writer },
      streams: new FragmentStreams(),
      changed: (id) => this.#changed(id),
      found: (sentence) => this.#found(sentence),
    };
    this.#files = new MessageFiles(this.#parts);
    this.#settling = new Settling(this.#parts, this.#files);
    this.#intake = new Intake(this.#parts, this.#files, this.#numbers, this.#settling);
    this.#reading = new Reading(this.#parts, this.#files);
    this.#lookup = new Lookup(index, this.#files, this.#numbers);
    this.#removal = new Removal(this.#parts, this.#files, this.#numbers, options);
  }

  /**
   * Opens or makes the store in a folder. Reads the index, and only those messages' files that are not whole. What a
   * crash left behind is mended and told in `findings` and the log. Throws CorridorError 'newer-store'.
   */
  static async open(directory: string, options: StoreOptions): Promise<MessageStore> {
    const messages = join(directory, 'messages');
    await makeOwnerFolder(options.ports.disk, directory);
    await makeOwnerFolder(options.ports.disk, messages);
    const id = await loadOrCreateStoreId(directory, options.ports);
    const damaged: string[] = [];
    const found = (path: string) => damaged.push(path);
    const index = await MessageIndex.open(options.ports, join(directory, 'index'), found);
    const store = new MessageStore(id, messages, index, options);
    for (const path of damaged)
      store.#found(
        `A part of the message index was damaged. It was put aside as ${path}, and made again from the messages.`,
      );
    await recover(store.#parts, store.#files, store.#numbers, store.#settling);
    return store;
  }

  on<Name extends keyof StoreEvents>(name: Name, listener: (value: StoreEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  /** Why nothing can be written at present; undefined while all is well. */
  get trouble(): Trouble | undefined {
    return this.#writer.trouble;
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
    return this.#lookup.view(this.#intake.begin(signed, facts, roles));
  }

  /**
   * Takes fragments of a message, in any order; those held already, out of bounds, or beyond what memory allows while
   * the disk takes nothing, are passed over. Returns how many were new. Throws CorridorError 'unknown-message'.
   */
  append(id: MessageId, fragments: readonly Fragment[]): number {
    return this.#intake.append(this.#entry(id), fragments);
  }

  /**
   * Takes the manifest; the first one counts. Says whether the message is now complete on disk. Throws CorridorError
   * 'unknown-message', and 'wrong-manifest' if it is not of this message or not of its talker.
   */
  async setManifest(id: MessageId, signed: Signed, facts: Manifest): Promise<Completion> {
    return this.#intake.setManifest(this.#entry(id), signed, facts);
  }

  /** Takes what the talker signed of some fragments; what is held and differs is held no more. False where it is not wanted. */
  setHashes(signed: Signed, facts: FragmentHashes): boolean {
    return this.#intake.setHashes(this.#entry(facts.id), signed, facts);
  }

  /** Whether `setHashes` would take a statement that says this. */
  lacksHashes(facts: FragmentHashes): boolean {
    const entry = this.#index.get(facts.id);
    return entry !== undefined && this.#intake.lacksHashes(entry, facts);
  }

  /** What the talker signed of fragments `from` ≤ n < `to`, as far as the message was read or is not whole. */
  hashes(id: MessageId, from: number, to: number): Signed[] {
    return this.#reading.hashes(this.#entry(id), from, to);
  }

  /** Of a message without an end: how many of its first fragments are held, and vouched for by a talker who does that. */
  vouched(id: MessageId): number {
    return this.#reading.vouched(this.#entry(id));
  }

  /** What is still to be fetched, below the manifest's count, or, before it is known, below the highest number seen. */
  missing(id: MessageId): FragmentRange[] {
    return this.#reading.missing(this.#entry(id));
  }

  /** At most `max` fragments from `from` on, ascending, without a gap. Throws CorridorError 'unknown-message'. */
  async read(id: MessageId, from: number, max: number): Promise<Fragment[]> {
    return this.#reading.read(this.#entry(id), from, max);
  }

  /**
   * Delivers fragments from `from` on: what is held, then what arrives. It ends by itself once all that the manifest counts
   * has been delivered. Throws CorridorError 'unknown-message'.
   */
  stream(id: MessageId, from: number, listener: StreamListener): Streaming {
    return this.#reading.stream(this.#entry(id), from, listener);
  }

  /** Takes a receipt; returns whether it moved its node forward. One for an unknown message does not count. */
  setReceipt(signed: Signed, facts: Receipt): boolean {
    return this.#intake.setReceipt(signed, facts);
  }

  /** Whether `setReceipt` would take a receipt that says this. */
  lacksReceipt(facts: Receipt): boolean {
    const entry = this.#index.get(facts.id);
    return entry !== undefined && lacksReceipt(entry.receipts, readersOf(entry), facts);
  }

  /** Sets what only this node knows. A retrieval number, once given, stays, and one in use elsewhere is refused. */
  setLocal(id: MessageId, change: Local): void {
    this.#intake.setLocal(this.#entry(id), change);
  }

  /** As `RetrievalNumbers.merge`. Returns what the other computer has to know. */
  mergeNumbers(claims: readonly NumberClaim[]): readonly NumberClaim[] {
    return this.#intake.mergeNumbers(claims);
  }

  get(id: MessageId): StoredMessage | undefined {
    return this.#lookup.get(id);
  }

  /** Whether the message was kept here once and deleted; a merge must not bring it back. */
  wasDeleted(id: MessageId): boolean {
    return this.#index.wasDeleted(id);
  }

  /** Messages by key down, oldest first: all, those for one recipient, those that are mine in one way. */
  list(filter: ListFilter = {}): StoredMessage[] {
    return this.#lookup.list(filter);
  }

  /** The messages to show: spoken here or for this node's person, and not deleted; oldest first. */
  shown(): StoredMessage[] {
    return this.#lookup.shown();
  }

  findByNumber(number: string): StoredMessage | undefined {
    return this.#lookup.byNumber(number);
  }

  /** Messages for this node's person that were not heard here yet, those still being spoken too; oldest first. */
  unheard(): StoredMessage[] {
    return this.#lookup.unheard();
  }

  /** What this node spoke and some recipient has not got. `isOut`: whether a removal took that node out of the office. */
  outbox(isOut: IsOut = EVERYBODY.isOut): StoredMessage[] {
    return this.#lookup.outbox(isOut);
  }

  /** Deletes a message, heard or not; it is remembered that it was. Unknown ids are passed over. */
  delete(id: MessageId): Promise<void> {
    return this.#removal.delete(id);
  }

  /** Shows a message no more; it stays on the disk, also after a restart, until `eraseHidden`. False if it was not shown. */
  hide(id: MessageId): Promise<boolean> {
    return this.#removal.hide(id);
  }

  /** Undoes `hide`. False if there is nothing to undo. */
  restore(id: MessageId): Promise<boolean> {
    return this.#removal.restore(id);
  }

  /**
   * Deletes what was hidden `afterMs` ago or longer; what a colleague still has to get from here stays until they have. Of
   * this node's own messages, `isSafe` says whether others hold them at this moment. Resolves with when it wants to be called next, ms from now; undefined if nothing waits for its time.
   */
  eraseHidden(afterMs: number, isSafe: IsSafe, isOut: IsOut = EVERYBODY.isOut): Promise<number | undefined> {
    return this.#removal.eraseHidden(afterMs, isSafe, isOut);
  }

  /** From the next `sweep` on. */
  setLimits(limits: RetentionLimits): void {
    this.#removal.limits = limits;
  }

  /**
   * Deletes what age and room demand, and never what a person has not heard yet. Returns what it deleted. A message for nobody
   * whom the office has may go.
   */
  sweep(audience: Audience = EVERYBODY): Promise<MessageId[]> {
    return this.#removal.sweep(audience);
  }

  totals(): Totals {
    return this.#lookup.totals();
  }

  /** Writes all that waits, now. Resolves whether that succeeded; `trouble` then says why not. */
  retry(): Promise<boolean> {
    return this.#writer.retry();
  }

  /** Writes and syncs everything and stops. The store is not usable afterwards. */
  async close(): Promise<void> {
    this.#parts.streams.endAll('closed');
    await this.#writer.close();
    const { ports, directory } = this.#parts;
    await ports.disk.syncFolder(directory).catch((error: unknown) => this.#writer.failed(error));
  }

  #entry(id: MessageId): Entry {
    const entry = this.#index.get(id);
    if (!entry) throw new CorridorError('unknown-message', 'This message is not kept on this computer.');
    return entry;
  }

  #changed(id: MessageId): void {
    this.#index.touch(id);
    this.#writer.flushIndexSoon();
    this.#events.emit('changed', id);
  }

  #found(sentence: string): void {
    this.findings.push(sentence);
    this.#options.log(sentence);
  }
}
