import type { NodeEvent } from '../../preload/api.ts';
import type { MessageId } from '../model/index.ts';

/** An event before the clock has been put on it. */
export type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never;

/** Changes that come within this time are published together. */
const PUBLISH_AFTER_MS = 15;
/** A message that is being spoken is published this often while it grows. */
const GROWTH_EVERY_MS = 250;

/** Views that are published as a whole, as they are now. */
export interface PublishedViews {
  /** What is published as a whole: status, people, talk, groups, the dial plan, requests. */
  whole(): readonly Untimed<NodeEvent>[];
  /** The message as it is shown; undefined where it is not shown to this person. */
  message(id: MessageId): Untimed<NodeEvent> | undefined;
}

/**
 * Publishes events. What happens once is published at once. Views are published together after a moment, and only if they are
 * new.
 */
export class EventPublisher {
  readonly #views: PublishedViews;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  readonly #touched = new Set<MessageId>();
  /** When a message was published that was still being spoken, ms since the epoch. */
  readonly #grew = new Map<MessageId, number>();
  readonly #growing = new Set<MessageId>();
  readonly #last = new Map<NodeEvent['type'], string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(views: PublishedViews) {
    this.#views = views;
  }

  listen(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: Untimed<NodeEvent>): void {
    const timed = { ...event, at: Date.now() } as NodeEvent;
    for (const listener of this.#listeners) listener(timed);
  }

  messageChanged(id: MessageId): void {
    this.#touched.add(id);
    this.changed();
  }

  /** There is more of a message, or its words are open. What is published as a whole does not depend on that. */
  messageAlone(id: MessageId): void {
    if (this.#closed || this.#touched.has(id)) return;
    this.#grows(id, Math.max(PUBLISH_AFTER_MS, this.#waitOf(id)));
  }

  changed(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#publishChanges();
    }, PUBLISH_AFTER_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #publishChanges(): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    if (this.#listeners.size === 0) return;
    for (const event of this.#views.whole()) this.#publishIfNew(event);
    for (const id of touched) this.#publishMessage(id);
  }

  #publishMessage(id: MessageId): void {
    const event = this.#views.message(id);
    if (!event) return;
    const isGrowing = event.type === 'message' && event.message.live;
    const waitMs = this.#waitOf(id);
    if (isGrowing && waitMs > 0) {
      this.#grows(id, waitMs);
      return;
    }
    if (isGrowing) this.#grew.set(id, Date.now());
    else this.#grew.delete(id);
    this.publish(event);
  }

  /** Publishes the message again when its time has come. */
  #grows(id: MessageId, waitMs: number): void {
    if (this.#growing.has(id)) return;
    this.#growing.add(id);
    const timer = setTimeout(() => {
      this.#growing.delete(id);
      if (!this.#closed && this.#listeners.size > 0) this.#publishMessage(id);
    }, waitMs);
    timer.unref();
  }

  /** How long a growing message is not published yet, ms. */
  #waitOf(id: MessageId): number {
    const waitMs = (this.#grew.get(id) ?? -Infinity) + GROWTH_EVERY_MS - Date.now();
    // The clock may have been set back.
    return waitMs <= GROWTH_EVERY_MS ? waitMs : 0;
  }

  #publishIfNew(event: Untimed<NodeEvent>): void {
    const text = JSON.stringify(event);
    if (this.#last.get(event.type) === text) return;
    this.#last.set(event.type, text);
    this.publish(event);
  }
}
