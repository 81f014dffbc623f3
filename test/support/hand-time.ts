import { nextTurn, type Clock, type Schedule } from '../../main/model/index.ts';

/** Key down of a test's first message, ms since the epoch. */
const EPOCH_MS = 1_700_000_000_000;
/** What has not happened by then does not happen: a test waits for disk and key agreement only. */
const PATIENCE_MS = 20_000;

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only where a test says so: the clock and the timers of a room. */
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

  /** When what is scheduled is due, ms from now, the earliest first. */
  get dueIn(): number[] {
    return [...this.#tasks].map(({ at }) => at - this.#ms).sort((a, b) => a - b);
  }

  /** Lets this many ms go by, and runs what becomes due, in order. */
  pass(ms: number): void {
    const end = this.#ms + ms;
    for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
      this.#tasks.delete(next);
      this.#ms = Math.max(this.#ms, next.at);
      next.run();
    }
    this.#ms = end;
  }

  /** The computer sleeps: this many ms go by, and what is due runs only afterwards. */
  sleep(ms: number): void {
    this.#ms += ms;
  }

  #nextUntil(end: number): Task | undefined {
    return [...this.#tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}

/**
 * Resolves when it holds: something that the disk, a key agreement or another task of this thread brings about. It looks at
 * every turn, where `eventually` looks every 10 ms: a test that lets time pass as it looks has many looks to make.
 */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`This never came: ${what}.`);
    await nextTurn();
  }
}
