import type { Schedule } from '../model/index.ts';

/** The clock is looked at this often: a computer that sleeps stops its timers. */
const LOOK_EVERY_MS = 30_000;

/** Waits for the moment at which a presence ends by itself. Clock and timers are injected. */
export class PresenceExpiry {
  readonly #now: () => number;
  readonly #schedule: Schedule;
  readonly #ended: () => void;
  #cancel: (() => void) | undefined;

  /** `now`: ms since the epoch, as `until` is. `ended` is called once for each `until` that was reached. */
  constructor(parts: { now: () => number; schedule: Schedule; ended: () => void }) {
    this.#now = parts.now;
    this.#schedule = parts.schedule;
    this.#ended = parts.ended;
  }

  /** The one moment that counts from now on; null: none. A moment in the past is reached at once. */
  set(until: number | null): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (until === null) return;
    const leftMs = until - this.#now();
    if (leftMs <= 0) return this.#ended();
    this.#cancel = this.#schedule(() => this.set(until), Math.min(leftMs, LOOK_EVERY_MS));
  }
}
