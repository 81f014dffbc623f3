import type { Clock, Schedule } from '../../main/model/index.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A clock and timers that a test advances. */
export class VirtualTime {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly #timers = new Set<Timer>();
  #now: number;

  /** @param now ms since the epoch */
  constructor(now = 10_000) {
    this.#now = now;
    this.clock = { now: () => this.#now, monotonic: () => this.#now };
    this.schedule = (task, ms) => {
      const timer = { at: this.#now + ms, task };
      this.#timers.add(timer);
      return () => void this.#timers.delete(timer);
    };
  }

  /** Advances by `ms`: runs every due timer in order, and the promises that follow from it. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.task();
      await settled();
    }
    this.#now = until;
    await settled();
  }
}

/** Resolves once all promises have settled that do not wait for I/O. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
