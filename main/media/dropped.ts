const TELL_EVERY_MS = 60_000;

interface Dropped {
  total: number;
  toldAt: number;
}

/** Counts dropped packets by reason, and tells of them once a minute at most. Times are ms of one clock. */
export class DroppedCount {
  readonly #dropped = new Map<string, Dropped>();

  /** Counts one. Returns how many there were, if it is time to tell. */
  add(reason: string, now: number): number | undefined {
    const dropped = this.#dropped.get(reason) ?? { total: 0, toldAt: -Infinity };
    this.#dropped.set(reason, dropped);
    dropped.total += 1;
    if (now - dropped.toldAt < TELL_EVERY_MS) return undefined;
    dropped.toldAt = now;
    return dropped.total;
  }
}
