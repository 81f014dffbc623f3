import type { NodeEvent } from '../../preload/api.ts';
import type { MessageId } from '../model/index.ts';
import type { Untimed } from './node-context.ts';

/** Changes that come together are told together. */
const TELL_AFTER_MS = 15;
/** That a message being spoken has grown is told so often. */
const GROWTH_EVERY_MS = 250;

/** What is told as a whole, as it is now. */
export interface Told {
  /** Status, people and talk. */
  whole(): readonly Untimed<NodeEvent>[];
  /** The message as it is shown; undefined where it is not shown to this person. */
  message(id: MessageId): Untimed<NodeEvent> | undefined;
}

/** Tells the faces what happens: at once what happens once, together and only if it is new what is told as a whole. */
export class Telling {
  readonly #told: Told;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  readonly #touched = new Set<MessageId>();
  /** When a message was told of that was still being spoken, ms since the epoch. */
  readonly #grew = new Map<MessageId, number>();
  readonly #growing = new Set<MessageId>();
  readonly #last = new Map<NodeEvent['type'], string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(told: Told) {
    this.#told = told;
  }

  listen(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: Untimed<NodeEvent>): void {
    const timed = { ...event, at: Date.now() } as NodeEvent;
    for (const listener of this.#listeners) listener(timed);
  }

  messageChanged(id: MessageId): void {
    this.#touched.add(id);
    this.changed();
  }

  changed(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tellChanges();
    }, TELL_AFTER_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #tellChanges(): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    if (this.#listeners.size === 0) return;
    for (const event of this.#told.whole()) this.#tellIfNew(event);
    for (const id of touched) this.#tellMessage(id);
  }

  #tellMessage(id: MessageId): void {
    const event = this.#told.message(id);
    if (!event) return;
    const isGrowing = event.type === 'message' && event.message.live;
    const waitMs = (this.#grew.get(id) ?? -Infinity) + GROWTH_EVERY_MS - Date.now();
    if (isGrowing && waitMs > 0 && waitMs <= GROWTH_EVERY_MS) {
      this.#grows(id, waitMs);
      return;
    }
    if (isGrowing) this.#grew.set(id, Date.now());
    else this.#grew.delete(id);
    this.tell(event);
  }

  /** Once more, when it is time to tell of it again. */
  #grows(id: MessageId, waitMs: number): void {
    if (this.#growing.has(id)) return;
    this.#growing.add(id);
    const timer = setTimeout(() => {
      this.#growing.delete(id);
      if (!this.#closed) this.messageChanged(id);
    }, waitMs);
    timer.unref();
  }

  #tellIfNew(event: Untimed<NodeEvent>): void {
    const text = JSON.stringify(event);
    if (this.#last.get(event.type) === text) return;
    this.#last.set(event.type, text);
    this.tell(event);
  }
}
