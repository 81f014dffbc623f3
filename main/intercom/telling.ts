import type { NodeEvent } from '../../preload/api.ts';
import type { MessageId } from '../model/index.ts';
import type { Untimed } from './node-context.ts';

/** Changes that come together are told together. */
const TELL_AFTER_MS = 15;

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
    for (const id of touched) {
      const event = this.#told.message(id);
      if (event) this.tell(event);
    }
  }

  #tellIfNew(event: Untimed<NodeEvent>): void {
    const text = JSON.stringify(event);
    if (this.#last.get(event.type) === text) return;
    this.#last.set(event.type, text);
    this.tell(event);
  }
}
