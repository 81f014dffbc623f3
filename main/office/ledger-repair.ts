import type { NodeId } from '../model/index.ts';

/** New statements go to everybody at once, so only a difference that lasts this long is looked into, ms. */
const LASTS_MS = 1000;
/** The same node is asked again after this, ms. A difference not seen for this long is forgotten. */
const AGAIN_MS = 5000;
/** At most this many nodes are asked within that time. */
const AT_ONCE = 8;

/**
 * Decides with which nodes to compare ledgers directly, because their beats carry another digest. So a switch cannot hold back its
 * own removal. Pure; `now` is in ms.
 */
export class LedgerRepair {
  readonly #seen = new Map<NodeId, { since: number; last: number; askedAt: number }>();

  /** A believed beat of that node carried another digest. True: compare with it now. */
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
