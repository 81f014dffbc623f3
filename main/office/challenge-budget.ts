import type { NodeId } from '../model/index.ts';

/** One challenge for a node in this time, ms, and this many a second for all nodes. */
const EVERY_MS = 30;
const A_SECOND = 300;

/**
 * How many challenges this node sends. Packets that are replayed in a node's name from another address do not use up the challenges
 * for the address at which that node was believed.
 */
export class ChallengeBudget {
  readonly #givenAt = new Map<string, number>();
  #second = -Infinity;
  #given = 0;

  /** Whether one may be sent now; if so it is counted. `isAtHome`: to the address at which the node was believed. `now`: monotonic, ms. */
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
