import type { NodeId } from '../model/index.ts';

/** How long an accusation counts after it was heard, ms; accusers repeat it more often. */
const COUNTS_FOR_MS = 7000;

/** Which nodes say that they cannot link to the switch, though it beats. */
export class Accusations {
  readonly #votes = new Map<NodeId, { readonly accused: NodeId; readonly at: number }>();

  #own: NodeId | undefined;

  /** The switch that this node accuses, for as long as it follows that node and cannot make a link to it. */
  get own(): NodeId | undefined {
    return this.#own;
  }

  get isQuiet(): boolean {
    return this.#own === undefined && this.#votes.size === 0;
  }

  accuse(node: NodeId): void {
    this.#own = node;
  }

  /** Ends the accusation of a node to which a link was made. */
  acquit(node: NodeId): void {
    if (this.#own === node) this.#own = undefined;
  }

  /** Ends the own accusation, unless it is of the node that is followed now. */
  follow(node: NodeId): void {
    if (this.#own !== node) this.#own = undefined;
  }

  /** Notes whom a node accuses by its latest beat; undefined: nobody. */
  hear(from: NodeId, accused: NodeId | undefined, now: number): void {
    if (accused === undefined) this.#votes.delete(from);
    else this.#votes.set(from, { accused, at: now });
  }

  /** Forgets what others say against this node, and what it says against others. */
  forget(node: NodeId): void {
    for (const [from, { accused }] of this.#votes)
      if (from === node || accused === node) this.#votes.delete(from);
  }

  /**
   * Whether more than half of those who are not the accused accuse it. One alone is enough only where there is no other.
   * `own`: whether this node does, or undefined where it is the accused itself.
   */
  deposes(
    accused: NodeId,
    others: readonly { readonly node: NodeId }[],
    now: number,
    own: boolean | undefined,
  ): boolean {
    const votes = others.filter(({ node }) => {
      const vote = this.#votes.get(node);
      return vote?.accused === accused && now - vote.at < COUNTS_FOR_MS;
    }).length;
    const voters = others.length + (own === undefined ? 0 : 1);
    return votes + (own ? 1 : 0) > voters / 2;
  }
}
