import type { Schedule } from '../model/index.ts';

const FIRST_MS = 1000;
const LAST_MS = 30_000;

/** Repeats a task until it succeeds: one second after a failure, then after twice as long each time, at most half a minute. */
export class RetryTimer {
  readonly #task: () => void;
  readonly #schedule: Schedule;
  #waitMs = FIRST_MS;
  #cancel: (() => void) | undefined;

  /** Timers are injected. */
  constructor(task: () => void, schedule: Schedule) {
    this.#task = task;
    this.#schedule = schedule;
  }

  /** The task failed. Returns the delay until the next attempt, ms. */
  failed(): number {
    this.#cancel?.();
    const waitMs = this.#waitMs;
    this.#waitMs = Math.min(waitMs * 2, LAST_MS);
    this.#cancel = this.#schedule(this.#task, waitMs);
    return waitMs;
  }

  /** The task succeeded, or is no longer wanted: the delay resets. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waitMs = FIRST_MS;
  }
}
