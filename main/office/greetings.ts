import type { NodeId } from '../model/index.ts';

/** The pause between two greetings, ms, so that a newcomer does not cause a burst of its whole office. */
const PACE_MS = 50;
/** An unanswered greeting is repeated after this time (ms), `TIMES` times in all. */
const AGAIN_MS = 1000;
const TIMES = 3;

/** When this node greets which others. Pure: times are monotonic, ms. */
export class Greetings {
  readonly #times = new Map<NodeId, number>();
  readonly #queue: { readonly node: NodeId; readonly at: number }[] = [];
  #paceAt = 0;

  /** `isAnew`: the node has another address than before. */
  add(node: NodeId, now: number, isAnew: boolean): void {
    if (isAnew && this.#times.has(node) && !this.#isQueued(node)) this.#times.delete(node);
    if (this.#times.has(node)) return;
    this.#times.set(node, 0);
    this.#queue.push({ node, at: now });
  }

  nextAt(): number {
    const [first] = this.#queue;
    return first ? Math.max(first.at, this.#paceAt) : Infinity;
  }

  /** The node to greet now; those for which `isWanted` is false are skipped. */
  due(now: number, isWanted: (node: NodeId) => boolean): NodeId | undefined {
    while (now >= this.nextAt()) {
      const first = this.#queue.shift();
      if (!first || !isWanted(first.node)) continue;
      const times = (this.#times.get(first.node) ?? 0) + 1;
      this.#times.set(first.node, times);
      if (times < TIMES) this.#queue.push({ node: first.node, at: now + AGAIN_MS });
      this.#paceAt = now + PACE_MS;
      return first.node;
    }
    return undefined;
  }

  #isQueued(node: NodeId): boolean {
    return this.#queue.some((one) => one.node === node);
  }
}
