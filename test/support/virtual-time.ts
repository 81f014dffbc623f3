import type { Clock, Schedule } from '../../main/model/index.ts';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** Time that passes when a test says so. */
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

  /** Lets `ms` pass: every timer that is due runs in its order, and what it began goes as far as it can. */
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

/** Resolves once all promises that wait for nothing outside have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
