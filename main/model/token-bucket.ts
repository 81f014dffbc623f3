import type { Limit } from './budget.ts';

/**
 * A token bucket: `atOnce` tokens at first, refilled at a constant rate. Times are milliseconds of one clock. A request that is larger than
 * the bucket passes when the bucket is full, and leaves a debt.
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

  /** Takes tokens, if there are enough. */
  take(now: number, tokens = 1): boolean {
    if (this.waitMs(now, tokens) > 0) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** The time until `take` succeeds, ms; 0: now. */
  waitMs(now: number, tokens = 1): number {
    if (this.#at !== undefined && now > this.#at)
      this.#tokens = Math.min(this.#atOnce, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    const missing = Math.min(tokens, this.#atOnce) - this.#tokens;
    // Less than this is missing by rounding alone.
    return missing <= 1e-9 ? 0 : missing / this.#perMs;
  }
}
