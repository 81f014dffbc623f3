import { nextTurn, type Clock, type Schedule } from '../../main/model/index.ts';

/** Key down of a test's first message, ms since the epoch. */
const EPOCH_MS = 1_700_000_000_000;
/** How long `until` waits, ms of real time: for the disk and key agreements only. */
const PATIENCE_MS = 20_000;

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** A clock and timers that a test advances by hand. */
export class HandTime implements Clock {
  readonly #tasks = new Set<Task>();
  #ms = 0;

  readonly schedule: Schedule = (run, ms) => {
    const task = { at: this.#ms + ms, run };
    this.#tasks.add(task);
    return () => void this.#tasks.delete(task);
  };

  now(): number {
    return EPOCH_MS + this.#ms;
  }

  monotonic(): number {
    return this.#ms;
  }

  /** The times until the scheduled tasks are due, ms, the earliest first. */
  get dueIn(): number[] {
    return [...this.#tasks].map(({ at }) => at - this.#ms).sort((a, b) => a - b);
  }

  /** Advances by this many ms, and runs the tasks that become due, in order. */
  pass(ms: number): void {
    const end = this.#ms + ms;
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#tasks.delete(next);
      this.#ms = Math.max(this.#ms, next.at);
      next.run();
    }
    this.#ms = end;
  }

  /** Resolves when `holds` is true, while time passes in steps of 10 ms. */
  readonly soon = (holds: () => boolean, what: string): Promise<void> =>
    until(() => {
      if (!holds()) this.pass(10);
      return holds();
    }, what);

  /** The computer sleeps for this many ms: due tasks run only afterwards. */
  sleep(ms: number): void {
    this.#ms += ms;
  }

  #nextUntil(end: number): Task | undefined {
    return [...this.#tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/** A clock that a person sets. Timers go on as before. */
export class SetTime extends HandTime {
  offsetMs = 0;

  override now(): number {
    return super.now() + this.offsetMs;
  }
}

/**
 * Resolves when `holds` is true, by work of the disk, a key agreement or another task of this thread. It looks at every turn of the event
 * loop (`eventually` looks every 10 ms), for tests that advance time at each look.
 */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`This never came: ${what}.`);
    await nextTurn();
  }
}
