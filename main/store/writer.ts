import type { Emitter, MessageId, Schedule } from '../model/index.ts';
import { isLost } from './durable.ts';
import type { MessageFile } from './message-file.ts';
import type { MessageIndex } from './message-index.ts';
import type { StoreEvents, StoreOptions } from './store-options.ts';
import { MEMORY_FULL, troubleOf, type Trouble } from './trouble.ts';

/** A killed program loses no more of a message than this. Each write takes a thread of the pool, so more often costs more. */
export const FLUSH_MS = 250;
const INDEX_FLUSH_MS = 500;
export const RETRY_MS = 5_000;
/** A message with this many bytes waiting is written at once. */
const FLUSH_BYTES = 64 * 1024;
/** The most that may wait in memory, of all messages together, while the disk fails, bytes. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** What the writer needs of the store. */
export interface WriterHost {
  file(id: MessageId): MessageFile | undefined;
  /** The message's file has grown on disk. */
  written(id: MessageId, file: MessageFile): void;
  /** The message's file was removed from outside, or cannot be read any more. */
  vanished(id: MessageId, file: MessageFile): Promise<void>;
  /** Tries again to complete a message. Resolves with whether the disk took it. */
  complete(id: MessageId): Promise<boolean>;
}

/** Writes waiting data in batches, and keeps trying while the disk fails. */
export class Writer {
  readonly #host: WriterHost;
  readonly #index: MessageIndex;
  readonly #events: Emitter<StoreEvents>;
  readonly #options: StoreOptions;
  readonly #schedule: Schedule;
  /** Messages with data that waits to be written. */
  readonly #waiting = new Set<MessageId>();
  /** Whole messages that the disk has not taken yet. */
  readonly #unsaved = new Set<MessageId>();
  readonly #flushing = new Set<MessageId>();
  #trouble: Trouble | undefined;
  #cancelFlush: (() => void) | undefined;
  #cancelIndexFlush: (() => void) | undefined;
  #closed = false;

  constructor(host: WriterHost, index: MessageIndex, events: Emitter<StoreEvents>, options: StoreOptions) {
    this.#host = host;
    this.#index = index;
    this.#events = events;
    this.#options = options;
    this.#schedule = options.ports.schedule;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** How many more bytes may wait. */
  get roomBytes(): number {
    let room = this.#options.maxWaitingBytes ?? MAX_WAITING_BYTES;
    for (const id of this.#waiting) room -= this.#host.file(id)?.waitingBytes ?? 0;
    return room;
  }

  isFlushing(id: MessageId): boolean {
    return this.#flushing.has(id);
  }

  /** Data of this message waits to be written. */
  write(id: MessageId, file: MessageFile): void {
    this.#waiting.add(id);
    if (file.waitingBytes >= FLUSH_BYTES && !this.#trouble && !this.#flushing.has(id))
      void this.#flushOne(id);
    else this.#flushSoon();
  }

  /** This message need not be completed by the writer any more. */
  saved(id: MessageId): void {
    this.#unsaved.delete(id);
  }

  /** This message was deleted: nothing of it is written any more. */
  forget(id: MessageId): void {
    this.#waiting.delete(id);
    this.#unsaved.delete(id);
  }

  /** This message is whole in memory, and has to be completed when the disk works again. */
  unsaved(id: MessageId): void {
    this.#unsaved.add(id);
    this.#flushSoon();
  }

  /** Writes everything that waits. Resolves with whether that succeeded. */
  async retry(): Promise<boolean> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    let isWritten = true;
    for (const id of [...this.#waiting]) isWritten = (await this.#flushOne(id)) && isWritten;
    for (const id of [...this.#unsaved]) isWritten = (await this.#host.complete(id)) && isWritten;
    if (this.#trouble && isWritten) isWritten = await this.flushIndex();
    if (isWritten && this.#trouble) {
      this.#trouble = undefined;
      this.#events.emit('recovered', undefined);
    }
    if (!isWritten || this.#waiting.size > 0) this.#flushSoon();
    return isWritten;
  }

  /** Writes and syncs everything, and schedules nothing more. */
  async close(): Promise<void> {
    const written = new Set([...this.#waiting, ...this.#flushing]);
    await this.retry();
    this.#closed = true;
    this.#cancelFlush?.();
    for (const id of written) {
      const file = this.#host.file(id);
      if (file && file.length > 0)
        await file.run(() => file.sync()).catch((error: unknown) => this.failed(error));
    }
    await this.flushIndex();
  }

  flushIndexSoon(): void {
    if (this.#closed || this.#cancelIndexFlush || this.#trouble) return;
    this.#cancelIndexFlush = this.#schedule(() => void this.flushIndex(), INDEX_FLUSH_MS);
  }

  async flushIndex(): Promise<boolean> {
    this.#cancelIndexFlush?.();
    this.#cancelIndexFlush = undefined;
    try {
      await this.#index.flush();
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Reports that a write failed, and schedules another attempt. */
  failed(error: unknown): void {
    this.#report(troubleOf(error));
    this.#flushSoon();
  }

  memoryFull(): void {
    this.#report(MEMORY_FULL);
    this.#flushSoon();
  }

  async #flushOne(id: MessageId): Promise<boolean> {
    const file = this.#host.file(id);
    this.#waiting.delete(id);
    if (!file) return true;
    this.#flushing.add(id);
    try {
      await file.run(() => file.flush());
      this.#host.written(id, file);
      return true;
    } catch (error) {
      if (isLost(error)) await this.#host.vanished(id, file);
      if (this.#host.file(id) === file) this.#waiting.add(id);
      this.failed(error);
      return false;
    } finally {
      this.#flushing.delete(id);
    }
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

  /** Reports a trouble once, and again when it becomes another one. */
  #report(trouble: Trouble): void {
    // Full memory is the worse trouble, so a full disk does not replace it.
    if (this.#trouble?.code === trouble.code || this.#trouble?.code === 'memory-full') return;
    this.#trouble = trouble;
    this.#options.log(trouble.sentence);
    this.#events.emit('trouble', trouble);
  }
}
