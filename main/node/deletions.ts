import type { MessageId } from '../model/index.ts';
import type { MessageStore } from '../store/index.ts';

/** Age and room are looked at so often; also what waits until a colleague has got it. */
const SWEEP_MS = 60 * 60 * 1000;

/**
 * Deleting that can be undone: a message is hidden at once, which is written down, and erased when the time for undoing is
 * over; also after a restart in between.
 */
export class Deletions {
  readonly #store: MessageStore;
  readonly #undoMs: number;
  readonly #sweeping: NodeJS.Timeout;
  #erasing: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(store: MessageStore, undoMs: number) {
    this.#store = store;
    this.#undoMs = undoMs;
    this.#sweeping = setInterval(() => {
      void store.sweep();
      void this.#erase();
    }, SWEEP_MS);
    this.#sweeping.unref();
    void this.#erase();
  }

  /** False if it was not there, or is deleted already. */
  async delete(id: MessageId): Promise<boolean> {
    const isHidden = await this.#store.hide(id);
    if (isHidden) void this.#erase();
    return isHidden;
  }

  /** False if it is too late, or was not deleted. */
  restore(id: MessageId): Promise<boolean> {
    return this.#store.restore(id);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeping);
    clearTimeout(this.#erasing);
  }

  async #erase(): Promise<void> {
    clearTimeout(this.#erasing);
    const nextMs = await this.#store.eraseHidden(this.#undoMs);
    clearTimeout(this.#erasing);
    if (nextMs === undefined || this.#closed) return;
    this.#erasing = setTimeout(() => void this.#erase(), nextMs);
    this.#erasing.unref();
  }
}
