import type { Limit } from './budget.ts';
import type { NodeId } from './ids.ts';
import { NewestMap } from './newest.ts';
import { TokenBucket } from './token-bucket.ts';

/** More nodes than an office has. */
const MAX_PEERS = 1000;

/** A rate limit for each node and for all together. Times are ms of one clock. */
export class PeerBudget {
  readonly #perPeer: Limit;
  readonly #inAll: TokenBucket;
  readonly #peers = new NewestMap<NodeId, TokenBucket>(MAX_PEERS);

  constructor({ perPeer, inAll }: { readonly perPeer: Limit; readonly inAll: Limit }) {
    this.#perPeer = perPeer;
    this.#inAll = new TokenBucket(inAll);
  }

  /** Takes one, if both limits allow it. A node that exceeds its own limit takes nothing from the common one. */
  take(node: NodeId, now: number): boolean {
    const own = this.#peers.get(node) ?? new TokenBucket(this.#perPeer);
    this.#peers.set(node, own);
    return own.take(now) && this.#inAll.take(now);
  }
}
