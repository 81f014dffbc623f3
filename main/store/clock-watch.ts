import type { Clock } from '../model/index.ts';

/** A clock that has gone ahead by more than this against what is kept, or against the time that has passed, is not believed, ms. */
const JUMP_MS = 24 * 60 * 60 * 1000;
/** How long it has to run on until it is believed again, ms: a network sets a wrong one right within minutes. */
const BELIEVED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Notices that this computer's clock has jumped ahead: what is kept seems older then than it is. */
export class ClockWatch {
  readonly #clock: Clock;
  /** The last look at both clocks; the first is when the last message had come. */
  #seen: { readonly now: number; readonly monotonic: number } | undefined;
  #jumpedAt: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Whether the ages of what is kept can be believed. A computer that was off for days seems to have jumped, too: its messages only stay
   * a little longer.
   * @param lastAt when the last message before this start had come, ms since the epoch
   */
  isBelieved(lastAt: number | undefined): boolean {
    const [now, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    const before = this.#seen ?? { now: lastAt ?? now, monotonic };
    const aheadMs = now - before.now - (monotonic - before.monotonic);
    if (aheadMs > JUMP_MS) this.#jumpedAt = monotonic;
    // It was set right again. Set back, it makes nothing look old.
    else if (aheadMs < -JUMP_MS) this.#jumpedAt = undefined;
    this.#seen = { now, monotonic };
    return this.#jumpedAt === undefined || monotonic - this.#jumpedAt >= BELIEVED_AFTER_MS;
  }
}
