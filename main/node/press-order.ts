import { CorridorError, type Clock } from '../model/index.ts';

/** How much later than its release a press may come, ms, on a busy computer. */
const LATE_MS = 30_000;

/**
 * Press and release of the talk key may be programs of their own, and the later one may be the first to reach the node. The key is up then,
 * so that press does not begin a talk, which nothing would end.
 */
export class PressOrder {
  readonly #clock: Clock;
  #released: { readonly at: number; readonly cameAt: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param at when the program was started that released the key; undefined: it is not known */
  released(at: number | undefined): void {
    if (at !== undefined) this.#released = { at, cameAt: this.#clock.monotonic() };
  }

  /**
   * @param at when the program was started that presses the key; undefined: it is not known
   * @throws CorridorError `already-released` where that was before a release that has come
   */
  pressed(at: number | undefined): void {
    if (at === undefined || !this.#released) return;
    const { at: releasedAt, cameAt } = this.#released;
    // The clock of the programs may be set back: then it counts again soon.
    if (this.#clock.monotonic() - cameAt > LATE_MS || at > releasedAt) return;
    throw new CorridorError('already-released', 'The key was let go before the talk began.');
  }
}
