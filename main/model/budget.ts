/** A limit: how much at one time or in one burst, and how much a second after that. */
export interface Limit {
  readonly atOnce: number;
  /** Left out: the counted things end by themselves. */
  readonly perSecond?: number;
}

export interface Budget {
  /** What is counted. */
  readonly of: string;
  /** For one node, or for one address while no node has proven itself there. */
  readonly perPeer?: Limit;
  /** For all together. */
  readonly inAll?: Limit;
  /** What happens to the excess. */
  readonly over: 'waits' | 'dropped' | 'refused' | 'oldest goes' | 'link ends';
  readonly reason: string;
}
