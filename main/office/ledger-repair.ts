import type { NodeId } from '../model/index.ts';

/** What is new goes to everybody at once: only a difference that lasts is looked into, ms. */
const LASTS_MS = 1000;
/** The same node is asked again after this, ms. A difference not seen for this long is forgotten. */
const AGAIN_MS = 5000;
/** Nodes that are asked within that time. */
const AT_ONCE = 8;

/**
 * Whom to compare ledgers with, because their beats tell of another one: so a switch cannot hold back its own removal. Takes the
 * time, ms, as an argument.
 */
export class LedgerRepair {
  readonly #seen = new Map<NodeId, { since: number; last: number; askedAt: number }>();

  /** A believed beat of this node told of another ledger. True: it is asked now. */
  differs(node: NodeId, now: number): boolean {
    for (const [other, { last }] of this.#seen) if (now - last > AGAIN_MS) this.#seen.delete(other);
    const seen = this.#seen.get(node) ?? { since: now, last: now, askedAt: -Infinity };
    this.#seen.set(node, seen);
    seen.last = now;
    if (now - seen.since < LASTS_MS || now - seen.askedAt < AGAIN_MS) return false;
    const asked = [...this.#seen.values()].filter(({ askedAt }) => now - askedAt < AGAIN_MS);
    if (asked.length >= AT_ONCE) return false;
    seen.askedAt = now;
    return true;
  }
}
