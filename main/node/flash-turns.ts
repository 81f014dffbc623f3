import type { Flash } from '../../preload/api.ts';

/**
 * The time of one flash, ms: the screen lights up three times in it, twice a second. A flash that began earlier could light it up more
 * than three times in a second (WCAG 2.3.1).
 */
export const FLASH_MS = 1500;

/**
 * Gives each flash its time, one after the other, as a pure state machine. Of those that wait the newest stays. Time is milliseconds of
 * any steady clock; call `tick` at `nextAt`.
 */
export class FlashTurns {
  #waiting: Flash | null = null;
  #lasting: Flash | null = null;
  /** The lasting flash that is on the screen. */
  #lit: Flash | null = null;
  #freeAt = Number.NEGATIVE_INFINITY;

  /** When to call `tick`; null: never. */
  get nextAt(): number | null {
    return this.#next ? this.#freeAt : null;
  }

  /** A flash to show once. What lasts is the stronger sign: meanwhile there is no other. */
  once(flash: Flash, now: number): readonly (Flash | null)[] {
    if (this.#lasting) return [];
    this.#waiting = flash;
    return this.tick(now);
  }

  /** A flash that lasts from now on; null: none does any more. */
  last(flash: Flash | null, now: number): readonly (Flash | null)[] {
    if (flash?.name === this.#lasting?.name && flash?.cause === this.#lasting?.cause) return [];
    this.#lasting = flash;
    if (this.#lit) this.#freeAt = now + FLASH_MS;
    if (flash) this.#waiting = null;
    else if (this.#lit) {
      this.#lit = null;
      return [null];
    }
    return this.tick(now);
  }

  tick(now: number): readonly (Flash | null)[] {
    const next = this.#next;
    if (!next || now < this.#freeAt) return [];
    if (next === this.#lasting) this.#lit = next;
    this.#waiting = null;
    this.#freeAt = now + FLASH_MS;
    return [next];
  }

  get #next(): Flash | null {
    if (this.#lasting) return this.#lasting === this.#lit ? null : this.#lasting;
    return this.#waiting;
  }
}
