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
import { Arrivals } from './arrivals.ts';
import { FragmentStreams } from './fragment-streams.ts';
import { Intake } from './intake.ts';
import { KeptMessages } from './kept-messages.ts';
import { Lookup } from './lookup.ts';
import { MessageFiles } from './message-files.ts';
import { MessageIndex } from './message-index.ts';
import { EVERYBODY, lacksReceipt, readersOf, type Audience } from './receipts.ts';
import { recover } from './opening.ts';
import { Reading } from './reading.ts';
import { Removal, type IsSafe } from './removal.ts';
import type { RetentionLimits } from './retention.ts';
import { RetrievalNumbers, type NumberClaim } from './retrieval-number.ts';
import { Settling } from './settling.ts';
import { loadOrCreateStoreId } from './store-id.ts';
import type { StoreParts } from './store-parts.ts';
import type { Entry, Local, Roles, Statement, StoredMessage } from './stored-message.ts';
import type { Completion, StoreEvents, StoreOptions, Streaming } from './store-options.ts';
import type { Trouble } from './trouble.ts';
import { writerHost } from './writer-host.ts';
import { Writer } from './writer.ts';

/**
 * Keeps messages: the fragments of each in one append-only file, and an index in shards. Only callers that ask for it wait for the
 * disk. The caller has verified the signatures of the statements that it passes in; the store checks their form and order alone.
 */
export class MessageStore extends KeptMessages {
  /** Made with the store; every store has its own. */
  readonly id: string;
  /** What was found damaged at opening, in sentences. */
  readonly findings: string[] = [];
  /** Files that could not be used. */
  readonly setAsides: CorridorError[] = [];
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
  protected readonly lookup: Lookup;

  private constructor(id: string, directory: string, index: MessageIndex, options: StoreOptions) {
    super();
    this.id = id;
    this.#index = index;
    this.#options = options;
    this.#events = new Emitter((error) => faults.tell('the message store', error));
    const host = writerHost(index, () => ({ files: this.#files, settling: this.#settling }));
    this.#writer = new Writer(host, index, this.#events, options);
    this.#parts = {
      ...{ ports: options.ports, directory, index, events: this.#events, writer: this.#writer },
      arrivals: new Arrivals(options.ports.clock),
      streams: new FragmentStreams(),
      changed: (id) => this.#changed(id),
      found: (sentence) => this.#found(sentence),
    };
    this.#files = new MessageFiles(this.#parts);
    this.#settling = new Settling(this.#parts, this.#files);
    this.#intake = new Intake(this.#parts, this.#files, this.#numbers, this.#settling);
    this.#reading = new Reading(this.#parts, this.#files);
    this.lookup = new Lookup(index, this.#files, this.#numbers);
    this.#removal = new Removal(this.#parts, this.#files, this.#numbers, options);
  }

  /**
   * Opens or makes the store in a folder. Reads the index, and the files of incomplete messages. Damage by a crash is repaired, and
   * reported in `findings` and the log.
   */
  static async open(directory: string, options: StoreOptions): Promise<MessageStore> {
    const messages = join(directory, 'messages');
    await makeOwnerFolder(options.ports.disk, directory);
    await makeOwnerFolder(options.ports.disk, messages);
    const setAsides: CorridorError[] = [];
    const onSetAside = (trouble: CorridorError) => setAsides.push(trouble);
    const id = await loadOrCreateStoreId(directory, options.ports, onSetAside);
    const index = await MessageIndex.open(options.ports, join(directory, 'index'), onSetAside);
    const store = new MessageStore(id, messages, index, options);
    store.setAsides.push(...setAsides);
    for (const { message } of setAsides) store.#found(message);
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

  /** As `Intake.begin`. Throws CorridorError 'bad-message-id' and 'message-deleted'. */
  begin(...message: Parameters<Intake['begin']>): StoredMessage {
    return this.lookup.view(this.#intake.begin(...message));
  }

  /** Takes the sheet or the words that the header names, where they are not here yet. Returns the header with what was new. */
  setBeside(id: MessageId, came: Signed): Statement<Header> | undefined {
    const entry = this.#index.get(id);
    return entry && this.#intake.setBeside(entry, came);
  }

  /**
   * Takes fragments of a message, in any order. Ignores those that are held already, out of bounds, or too many for the memory while
   * the disk fails. Returns how many were new. Throws CorridorError 'unknown-message'.
   */
  append(id: MessageId, fragments: readonly Fragment[]): number {
    return this.#intake.append(this.#entry(id), fragments);
  }

  /**
   * Takes the manifest; the first one counts. Resolves with whether the message is complete on the disk now. Throws CorridorError
   * 'unknown-message', and 'wrong-manifest' if it is not of this message or not of its talker. `kept`: it is on disk, or refused.
   */
  async setManifest(id: MessageId, signed: Signed, facts: Manifest, kept?: () => void): Promise<Completion> {
    return this.#intake.setManifest(this.#entry(id), signed, facts, kept);
  }

  /** Takes the talker's signed hashes, and drops held fragments that differ from them. False where they are not needed. */
  setHashes(signed: Signed, facts: FragmentHashes): boolean {
    return this.#intake.setHashes(this.#entry(facts.id), signed, facts);
  }

  /** Whether `setHashes` would take such a statement. */
  lacksHashes(facts: FragmentHashes): boolean {
    const entry = this.#index.get(facts.id);
    return entry !== undefined && this.#intake.lacksHashes(entry, facts);
  }

  /** The talker's statements on fragments `from` ≤ n < `to`; none of a whole message whose file was not read. */
  hashes(id: MessageId, from: number, to: number): Signed[] {
    return this.#reading.hashes(this.#entry(id), from, to);
  }

  /** For a message without a manifest: the number of leading fragments that are held, and vouched for if its talker signs hashes. */
  vouched(id: MessageId): number {
    return this.#reading.vouched(this.#entry(id));
  }

  /** The missing fragments below the manifest's count or, before that is known, below the highest number seen. */
  missing(id: MessageId): FragmentRange[] {
    return this.#reading.missing(this.#entry(id));
  }

  /** At most `max` fragments from `from` on, ascending, without a gap. Throws CorridorError 'unknown-message'. */
  async read(id: MessageId, from: number, max: number): Promise<Fragment[]> {
    return this.#reading.read(this.#entry(id), from, max);
  }

  /**
   * Delivers fragments from `from` on: the held ones, then the others as they arrive. It ends by itself once all fragments that the
   * manifest counts have been delivered. Throws CorridorError 'unknown-message'.
   */
  stream(id: MessageId, from: number, listener: StreamListener): Streaming {
    return this.#reading.stream(this.#entry(id), from, listener);
  }

  /** Takes a receipt. Returns whether it was new; a receipt for an unknown message is not. */
  setReceipt(signed: Signed, facts: Receipt): boolean {
    return this.#intake.setReceipt(signed, facts);
  }

  /** The same, of this node: nobody can read it here before it is on the disk itself, or refused by it. */
  saveReceipt(signed: Signed, facts: Receipt): Promise<boolean> {
    return this.#intake.saveReceipt(signed, facts);
  }

  /** Whether `setReceipt` would take such a receipt. */
  lacksReceipt(facts: Receipt): boolean {
    const entry = this.#index.get(facts.id);
    return entry !== undefined && lacksReceipt(entry.receipts, readersOf(entry), facts);
  }

  /** Sets local facts of a message. A retrieval number, once given, stays, and a number of another message is refused. */
  setLocal(id: MessageId, change: Local): void {
    this.#intake.setLocal(this.#entry(id), change);
  }

  /** As `RetrievalNumbers.merge`. Returns the numbers that the other computer lacks. */
  mergeNumbers(claims: readonly NumberClaim[]): readonly NumberClaim[] {
    return this.#intake.mergeNumbers(claims);
  }

  /** Whether the message was kept here once and deleted; a merge must not bring it back for this node's person, or to be kept for others. */
  wasDeleted(id: MessageId, role: keyof Roles = 'mine'): boolean {
    return role === 'mine' ? this.#index.wasDeleted(id) : !this.#index.mayKeep(id);
  }

  /** Deletes a message, heard or not, and remembers that it was deleted. Unknown ids are ignored. */
  delete(id: MessageId): Promise<void> {
    return this.#removal.delete(id);
  }

  /** As `Removal.hide`. It stays on the disk, hidden also after a restart, until `eraseHidden`. False if it was not shown. */
  hide(id: MessageId): Promise<boolean> {
    return this.#removal.hide(id);
  }

  /** Undoes `hide`, as `Removal.restore`. False if there is nothing to undo. */
  restore(id: MessageId): Promise<boolean> {
    return this.#removal.restore(id);
  }

  /** As `Removal.eraseHidden`. */
  eraseHidden(afterMs: number, isSafe: IsSafe, isOut = EVERYBODY.isOut): Promise<number | undefined> {
    return this.#removal.eraseHidden(afterMs, isSafe, isOut);
  }

  /** Sets the limits for the next `sweep`. */
  setLimits(limits: RetentionLimits): void {
    this.#removal.limits = limits;
  }

  /** As `Removal.sweep`. */
  sweep(audience: Audience = EVERYBODY): Promise<MessageId[]> {
    return this.#removal.sweep(audience);
  }

  /** Writes everything that waits. Resolves with whether that succeeded; if not, `trouble` says why. */
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
