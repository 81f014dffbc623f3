import type { NodeId } from '../model/index.ts';

/** Loss is counted over this many questions. */
const KEPT = 10;
/** A node is asked at most once in this time, ms: nodes ignore more than two questions a second from one address. */
const ASK_EVERY_MS = 600;
/** A question without an answer for this long counts as lost, ms. */
const ANSWER_WITHIN_MS = 1000;

interface Asked {
  readonly at: number;
  answered: boolean;
}

/** Questions to nodes that would not send beats to this one otherwise, and how many were answered. Times are ms of one clock. */
export class Probes {
  readonly #asked = new Map<NodeId, Asked[]>();

  asked(node: NodeId, now: number): void {
    const list = this.#asked.get(node) ?? [];
    list.push({ at: now, answered: false });
    this.#asked.set(node, list.slice(-KEPT));
  }

  /** Whether the last question may still be answered, or is too recent for another one. */
  isWaiting(node: NodeId, now: number): boolean {
    const last = this.#asked.get(node)?.slice(-1)[0];
    return last !== undefined && now - last.at < (last.answered ? ASK_EVERY_MS : ANSWER_WITHIN_MS);
  }

  /** Notes when the last answer came; undefined: none yet. */
  answered(node: NodeId, at: number | undefined): void {
    const last = this.#asked.get(node)?.slice(-1)[0];
    if (last && at !== undefined && at >= last.at) last.answered = true;
  }

  /** The share of expired questions without an answer; undefined: there are none. */
  loss(node: NodeId, now: number): number | undefined {
    const over = (this.#asked.get(node) ?? []).filter(
      ({ at, answered }) => answered || now - at >= ANSWER_WITHIN_MS,
    );
    if (over.length === 0) return undefined;
    return over.filter(({ answered }) => !answered).length / over.length;
  }

  /** Forgets all other nodes. */
  keepOnly(nodes: ReadonlySet<NodeId>): void {
    for (const node of this.#asked.keys()) if (!nodes.has(node)) this.#asked.delete(node);
  }
}
