import type { NodeId } from '../model/index.ts';
import { PINNED_RANK } from './beat.ts';
import type { Peer, Peers } from './peers.ts';

interface SuccessionParts {
  readonly self: NodeId;
  readonly peers: Peers;
  /** Whether others would refuse to follow that node now. */
  readonly isOut: (node: NodeId) => boolean;
  /** Whether that node has no room to keep messages. */
  readonly isFull: (peer: Peer) => boolean;
}

/** Chooses the standby and the successor of a switch among the nodes that it knows: who has room first, then by rank, then id. */
export class Succession {
  readonly #parts: SuccessionParts;

  constructor(parts: SuccessionParts) {
    this.#parts = parts;
  }

  /** A pinned node that follows this one. */
  get pinned(): Peer | undefined {
    return this.#parts.peers.best((peer) => this.#isRoomy(peer) && peer.rank >= PINNED_RANK);
  }

  /** Whether some node has no room. */
  get knowsFull(): boolean {
    const { peers, isFull } = this.#parts;
    return [...peers.all()].some(isFull);
  }

  /**
   * The standby holds a copy of the store, so it stays the same while it lives and has room, unless a pinned node comes. A full
   * one is better than none.
   */
  standby(before: NodeId | undefined): NodeId | undefined {
    const { peers } = this.#parts;
    const standby = this.#peer(before);
    const { pinned } = this;
    if (pinned && (standby?.rank ?? 0) < PINNED_RANK) return pinned.node;
    const mayStay = standby?.alive === true && this.#follows(standby);
    if (mayStay && this.#isRoomy(standby)) return before;
    const roomy = peers.best((peer) => this.#isRoomy(peer));
    if (roomy || mayStay) return roomy?.node ?? before;
    return peers.best((peer) => this.#follows(peer))?.node;
  }

  /**
   * Whom to hand over to, of those that were not tried yet: a pinned node, the standby, the best; a full node where no other is
   * left, unless the switch hands over for want of room (`roomy`).
   */
  successor(
    before: NodeId | undefined,
    tried: ReadonlySet<NodeId>,
    { roomy }: { readonly roomy: boolean },
  ): NodeId | undefined {
    const free = (peer: Peer) => !tried.has(peer.node) && this.#follows(peer);
    const next = this.#next(before, (peer) => free(peer) && this.#isRoomy(peer));
    return (next ?? (roomy ? undefined : this.#next(before, free)))?.node;
  }

  #next(before: NodeId | undefined, accept: (peer: Peer) => boolean): Peer | undefined {
    const { peers } = this.#parts;
    const standby = this.#peer(before);
    const pinned = peers.best((peer) => accept(peer) && peer.rank >= PINNED_RANK);
    return pinned ?? (standby?.alive && accept(standby) ? standby : peers.best(accept));
  }

  #peer(node: NodeId | undefined): Peer | undefined {
    return node === undefined ? undefined : this.#parts.peers.get(node);
  }

  #isRoomy(peer: Peer): boolean {
    return this.#follows(peer) && !this.#parts.isFull(peer);
  }

  #follows(peer: Peer): boolean {
    const { self, isOut } = this.#parts;
    return peer.follows === self && !isOut(peer.node);
  }
}
