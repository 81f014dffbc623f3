/** How much at one time, or in one burst; and how much for ever after. */
export interface Limit {
  readonly atOnce: number;
  /** Left out: what is counted ends by itself, and makes room. */
  readonly perSecond?: number;
}

export interface Budget {
  /** What is counted. */
  readonly of: string;
  /** For one node; for one address where no node has proven itself. */
  readonly perPeer?: Limit;
  /** For all together. */
  readonly inAll?: Limit;
  /** What becomes of that which is over it. */
  readonly over: 'waits' | 'dropped' | 'refused' | 'oldest goes' | 'link ends';
  readonly reason: string;
}
