import type { NodeId } from '../model/index.ts';
import { PINNED_RANK } from './beat.ts';
import type { Peer, Peers } from './peers.ts';

/** Chooses the standby and the successor of a switch among the nodes that it knows: by rank, then id. */
export class Succession {
  readonly #self: NodeId;
  readonly #peers: Peers;
  /** Whether others would refuse to follow that node now. */
  readonly #isOut: (node: NodeId) => boolean;

  constructor(self: NodeId, peers: Peers, isOut: (node: NodeId) => boolean) {
    this.#self = self;
    this.#peers = peers;
    this.#isOut = isOut;
  }

  /** A pinned node that follows this one. */
  get pinned(): Peer | undefined {
    return this.#peers.best((peer) => this.#follows(peer) && peer.rank >= PINNED_RANK);
  }

  /** The standby holds a copy of the store, so it stays the same while it lives, unless a pinned node comes. */
  standby(before: NodeId | undefined): NodeId | undefined {
    const standby = this.#peer(before);
    const { pinned } = this;
    if (pinned && (standby?.rank ?? 0) < PINNED_RANK) return pinned.node;
    if (standby?.alive && this.#follows(standby)) return before;
    return this.#peers.best((peer) => this.#follows(peer))?.node;
  }

  /** Whom to hand over to, of those that were not tried yet: a pinned node, the standby, the best. */
  successor(before: NodeId | undefined, tried: ReadonlySet<NodeId>): NodeId | undefined {
    const free = (peer: Peer) => !tried.has(peer.node) && this.#follows(peer);
    const standby = this.#peer(before);
    const pinned = this.#peers.best((peer) => free(peer) && peer.rank >= PINNED_RANK);
    const next = pinned ?? (standby?.alive && free(standby) ? standby : this.#peers.best(free));
    return next?.node;
  }

  #peer(node: NodeId | undefined): Peer | undefined {
    return node === undefined ? undefined : this.#peers.get(node);
  }

  #follows(peer: Peer): boolean {
    return peer.follows === this.#self && !this.#isOut(peer.node);
  }
}
