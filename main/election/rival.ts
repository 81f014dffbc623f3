import type { NodeId } from '../model/index.ts';

/** A switch that others tell of, and that does not tell this node itself, is overbid after this time, ms. */
const TOLD_FOR_MS = 1500;
/** Being told ends with this silence, ms. */
const FORGOTTEN_AFTER_MS = 2000;

/**
 * What a switch hears of a better one from those who follow that one. Whoever claims says so to everybody: a claim
 * that only some hear splits the office, whether it is a lie or a broken way.
 */
export class Rival {
  #node: NodeId | undefined;
  #since = 0;
  #toldAt = -Infinity;

  /** True where that node has been told of for long enough. */
  isTold(node: NodeId, now: number): boolean {
    if (this.#node !== node || now - this.#toldAt >= FORGOTTEN_AFTER_MS) this.#since = now;
    this.#node = node;
    this.#toldAt = now;
    return now - this.#since >= TOLD_FOR_MS;
  }

  forget(): void {
    this.#node = undefined;
  }
}
