import type { Limit } from './budget.ts';

/**
 * A limit in time: `atOnce` at first, and as much again by and by. Times are milliseconds by one clock of the caller's.
 * One thing that is larger than the bucket passes when the bucket is full, and leaves a debt.
 */
export class TokenBucket {
  readonly #atOnce: number;
  readonly #perMs: number;
  #tokens: number;
  #at: number | undefined;

  constructor({ atOnce, perSecond = 0 }: Limit) {
    this.#atOnce = atOnce;
    this.#perMs = perSecond / 1000;
    this.#tokens = atOnce;
  }

  /** Takes them, if they are there. */
  take(now: number, tokens = 1): boolean {
    if (this.waitMs(now, tokens) > 0) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** How long until `take` succeeds; 0: now. */
  waitMs(now: number, tokens = 1): number {
    if (this.#at !== undefined && now > this.#at)
      this.#tokens = Math.min(this.#atOnce, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    const missing = Math.min(tokens, this.#atOnce) - this.#tokens;
    // What is missing by rounding alone is there.
    return missing <= 1e-9 ? 0 : missing / this.#perMs;
  }
}
