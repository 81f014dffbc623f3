import type { NodeId } from '../model/index.ts';

const WITHIN_MS = 60_000;

/** How often each node did something within the last minute, and whether that was too often. */
export class Rate {
  readonly #most: number;
  readonly #times = new Map<NodeId, readonly number[]>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts one more time; returns false if the node did it too often. Times in ms, monotonic. */
  allows(node: NodeId, now: number): boolean {
    const recent = (this.#times.get(node) ?? []).filter((at) => now - at < WITHIN_MS);
    if (recent.length >= this.#most) return false;
    this.#times.set(node, [...recent, now]);
    return true;
  }

  forget(node: NodeId): void {
    this.#times.delete(node);
  }
}
