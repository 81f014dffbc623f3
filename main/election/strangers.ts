import type { NodeId } from '../model/index.ts';

/** The least time between two beats to an address or a node that somebody names, and how many there are a second. */
const GAP_MS = 500;
const MOST_PER_SECOND = 100;
/** A node that others name and that never beats is forgotten after this time, and not asked again for as long. */
const HOPE_MS = 30_000;
/** More names than an office has nodes. */
const MAX_NAMED = 1000;

/** Addresses and nodes that this node knows by hearsay: a beat may be sent to them, but not often and not for ever. */
export class Strangers {
  readonly #named = new Map<NodeId, { readonly since: number; isTold: boolean }>();
  readonly #asked = new Map<string, number>();
  #second = 0;
  #inSecond = 0;
  #lookedAt = -Infinity;

  /** Whether a beat may go now to whom `key` names. */
  mayAsk(key: string, now: number): boolean {
    if (now - this.#second >= 1000) {
      this.#second = now;
      this.#inSecond = 0;
      for (const [other, at] of this.#asked) if (now - at >= GAP_MS) this.#asked.delete(other);
    }
    if (this.#inSecond >= MOST_PER_SECOND || now - (this.#asked.get(key) ?? -Infinity) < GAP_MS) return false;
    this.#inSecond += 1;
    this.#asked.set(key, now);
    return true;
  }

  /** Notes a node that another one names. Returns false if it was given up a short time ago. */
  name(node: NodeId, now: number): boolean {
    const named = this.#named.get(node);
    if (named) return now - named.since < HOPE_MS;
    if (this.#named.size >= MAX_NAMED) return false;
    this.#named.set(node, { since: now, isTold: false });
    return true;
  }

  /** The node was heard, or is no member any more. */
  forget(node: NodeId): void {
    this.#named.delete(node);
  }

  /** The nodes that are given up. Each is returned once. */
  givenUp(now: number): NodeId[] {
    const givenUp: NodeId[] = [];
    if (now - this.#lookedAt < 1000) return givenUp;
    this.#lookedAt = now;
    for (const [node, named] of this.#named) {
      if (now - named.since >= 2 * HOPE_MS) this.#named.delete(node);
      if (now - named.since < HOPE_MS || named.isTold) continue;
      named.isTold = true;
      givenUp.push(node);
    }
    return givenUp;
  }
}
