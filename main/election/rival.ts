import type { NodeId } from '../model/index.ts';

/** A switch that others name, and that does not beat to this node itself, is outbid after this time, ms. */
const TOLD_FOR_MS = 1500;
/** A switch that nobody has named for this time, ms, is forgotten. */
const FORGOTTEN_AFTER_MS = 2000;

/**
 * A better switch, as its followers name it to this switch. An honest claimant beats to everybody: a claim
 * that only some hear splits the office, whether it is a lie or a broken way.
 */
export class Rival {
  #node: NodeId | undefined;
  #since = 0;
  #toldAt = -Infinity;

  /** Notes that another node names this switch. Returns whether it has been named for long enough. */
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
