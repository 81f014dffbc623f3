import type { NodeId } from '../model/index.ts';

/** One challenge in this time for a node, ms, and so many a second for all. */
const EVERY_MS = 30;
const A_SECOND = 300;

/**
 * How many challenges this node gives. What somebody repeats in a node's name from elsewhere does not use up what is for the
 * address at which that node was believed.
 */
export class ChallengeBudget {
  readonly #givenAt = new Map<string, number>();
  #second = -Infinity;
  #given = 0;

  /** Whether one may be given now (monotonic, ms), which it then is. `isAtHome`: to the address where the node was believed. */
  take(node: NodeId, isAtHome: boolean, now: number): boolean {
    const name = isAtHome ? `${node} home` : node;
    if (now - (this.#givenAt.get(name) ?? -Infinity) < EVERY_MS) return false;
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.#given = 0;
      this.#givenAt.clear();
    }
    if (this.#given >= A_SECOND) return false;
    this.#given += 1;
    this.#givenAt.set(name, now);
    return true;
  }
}
