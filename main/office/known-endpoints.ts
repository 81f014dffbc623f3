import { isDeepStrictEqual } from 'node:util';
import { addressKey, type Endpoints, type NodeId } from '../model/index.ts';
import type { SocketAddress } from './ports.ts';

/** What is known of where one node listens. */
interface Known {
  /** The address at which packets of the node were believed last. */
  at?: SocketAddress;
  /** By its latest believed beat, and the address from which that came. */
  byBeat?: { readonly from: SocketAddress; readonly endpoints: Endpoints };
  /** By its record. */
  byRecord?: Endpoints;
  /** By its record or by a colleague, whichever came last. */
  said?: Endpoints;
  /** Only another node's beat names them. They are given up if nobody answers there. */
  isHint?: boolean;
  believed?: Endpoints;
}

/** The endpoints at which nodes listen: where they have proved to be, otherwise as they are named. */
export class KnownEndpoints {
  readonly #known = new Map<NodeId, Known>();
  readonly #changed: (node: NodeId) => void;

  /** @param changed the believed endpoints of a node are others than before */
  constructor(changed: (node: NodeId) => void) {
    this.#changed = changed;
  }

  /**
   * Where the node has proved that packets reach it, by what it says itself: its beat from that address, or its record where that
   * names the same address. Two nodes of which neither is the switch may never send each other a beat, and a record may be older than
   * the node's present address.
   */
  believed(node: NodeId): Endpoints | undefined {
    return this.#known.get(node)?.believed;
  }

  /** The same, or as another node named them: enough for a link, whose handshake proves who answers. */
  of(node: NodeId): Endpoints | undefined {
    const known = this.#known.get(node);
    return known?.believed ?? known?.said;
  }

  /** A packet of the node was believed. */
  answered(node: NodeId): void {
    this.#of(node).isHint = false;
  }

  /** Packets of the node are believed at that address from now on. */
  settle(node: NodeId, at: SocketAddress): void {
    this.#of(node).at = at;
    this.#decide(node);
  }

  /** A beat of the node was believed. */
  believe(node: NodeId, endpoints: Endpoints, from: SocketAddress): void {
    this.#of(node).byBeat = { from, endpoints: { ...endpoints, address: from.address } };
    this.#decide(node);
  }

  /** The node's record names them. */
  say(node: NodeId, endpoints: Endpoints): void {
    Object.assign(this.#of(node), { isHint: false, said: endpoints, byRecord: endpoints });
    this.#decide(node);
  }

  /** Another node's beat names them. */
  hint(node: NodeId, endpoints: Endpoints): void {
    const known = this.#of(node);
    if (!this.of(node)) known.isHint = true;
    known.said = endpoints;
  }

  /** Forgets endpoints at which nobody answers and which only a beat named. False: they were named otherwise too, and stay. */
  giveUp(node: NodeId): boolean {
    const known = this.#known.get(node);
    if (known?.isHint !== true || !known.said) return false;
    known.isHint = false;
    delete known.said;
    return true;
  }

  forget(node: NodeId): void {
    this.#known.delete(node);
  }

  #decide(node: NodeId): void {
    const known = this.#of(node);
    const { at, byBeat, byRecord } = known;
    if (!at) return;
    const isThere = (from: SocketAddress): boolean => addressKey(from) === addressKey(at);
    const isRecordThere = byRecord && isThere({ address: byRecord.address, port: byRecord.beat });
    const believed = byBeat && isThere(byBeat.from) ? byBeat.endpoints : isRecordThere ? byRecord : undefined;
    if (isDeepStrictEqual(believed, known.believed)) return;
    if (believed) known.believed = believed;
    else delete known.believed;
    this.#changed(node);
  }

  #of(node: NodeId): Known {
    const known = this.#known.get(node) ?? {};
    this.#known.set(node, known);
    return known;
  }
}
