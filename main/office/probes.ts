import type { NodeId } from '../model/index.ts';

/** How many questions back the loss is counted. */
const KEPT = 10;
/** A node is asked no more often, ms: a node passes over what is asked of one address more than twice a second. */
const ASK_EVERY_MS = 600;
/** A question without an answer for so long is lost. */
const ANSWER_WITHIN_MS = 1000;

interface Asked {
  readonly at: number;
  answered: boolean;
}

/** Questions to nodes that have no other reason to beat to this one, and how many were answered. Times: one clock, ms. */
export class Probes {
  readonly #asked = new Map<NodeId, Asked[]>();

  asked(node: NodeId, now: number): void {
    const list = this.#asked.get(node) ?? [];
    list.push({ at: now, answered: false });
    this.#asked.set(node, list.slice(-KEPT));
  }

  /** Whether the last question may still be answered, or is too fresh for another one. */
  isWaiting(node: NodeId, now: number): boolean {
    const last = this.#asked.get(node)?.slice(-1)[0];
    return last !== undefined && now - last.at < (last.answered ? ASK_EVERY_MS : ANSWER_WITHIN_MS);
  }

  /** When the last answer came; undefined: none yet. */
  answered(node: NodeId, at: number | undefined): void {
    const last = this.#asked.get(node)?.slice(-1)[0];
    if (last && at !== undefined && at >= last.at) last.answered = true;
  }

  /** Of the questions whose time is over, the share without an answer; undefined where there was none. */
  loss(node: NodeId, now: number): number | undefined {
    const over = (this.#asked.get(node) ?? []).filter(
      ({ at, answered }) => answered || now - at >= ANSWER_WITHIN_MS,
    );
    if (over.length === 0) return undefined;
    return over.filter(({ answered }) => !answered).length / over.length;
  }

  /** Of nodes that are gone nothing is kept. */
  keepOnly(nodes: ReadonlySet<NodeId>): void {
    for (const node of this.#asked.keys()) if (!nodes.has(node)) this.#asked.delete(node);
  }
}
