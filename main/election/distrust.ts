import type { NodeId } from '../model/index.ts';

/** How long a node is not followed: at first, then twice as long each time, up to the last; ms. */
const FIRST_MS = 60_000;
const LAST_MS = 3_600_000;

/** Nodes that are not followed for a while, because others cannot reach them, or because they claim too often. */
export class Distrust {
  readonly #nodes = new Map<NodeId, { until: number; forMs: number }>();

  /** Excludes the node from being followed. Does nothing if it is excluded already. */
  putOut(node: NodeId, now: number): void {
    const known = this.#nodes.get(node);
    if (known && now < known.until) return;
    const isOld = !known || now - known.until > LAST_MS;
    const forMs = isOld ? FIRST_MS : Math.min(known.forMs * 2, LAST_MS);
    this.#nodes.set(node, { until: now + forMs, forMs });
  }

  isOut(node: NodeId, now: number): boolean {
    return now < (this.#nodes.get(node)?.until ?? -Infinity);
  }

  /** Lets the node be followed again. Its next exclusion is longer all the same. */
  pardon(node: NodeId, now: number): void {
    const known = this.#nodes.get(node);
    if (known) known.until = Math.min(known.until, now);
  }

  /** Lets the node be followed again, and its next exclusion begin with the shortest time. */
  forgive(node: NodeId): void {
    this.#nodes.delete(node);
  }
}
