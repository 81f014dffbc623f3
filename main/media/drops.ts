import type { WorkerEvent } from './protocol.ts';

const TELL_EVERY_MS = 60_000;

interface Dropped {
  total: number;
  toldAt: number;
}

/** Counts what was dropped, by reason, and tells of each reason once a minute. */
export class Drops {
  readonly #emit: (event: WorkerEvent) => void;
  readonly #clock: () => number;
  readonly #byReason = new Map<string, Dropped>();

  constructor(emit: (event: WorkerEvent) => void, clock: () => number) {
    this.#emit = emit;
    this.#clock = clock;
  }

  count(reason: string): void {
    const now = this.#clock();
    const dropped = this.#byReason.get(reason) ?? { total: 0, toldAt: -Infinity };
    this.#byReason.set(reason, dropped);
    dropped.total += 1;
    if (now - dropped.toldAt < TELL_EVERY_MS) return;
    dropped.toldAt = now;
    this.#emit({ type: 'dropped', reason, total: dropped.total });
  }
}
