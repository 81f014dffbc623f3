import { MAX_COUNT, OFFER_BYTES, type Call, type Packet } from '../identity/index.ts';
import { addressKey, type NodeId, type Random } from '../model/index.ts';
import { AddressCalls, type AddressCallOptions } from './address-calls.ts';
import { ChallengeBudget } from './challenge-budget.ts';
import { Greetings } from './greetings.ts';
import { Offers } from './offers.ts';
import type { SocketAddress } from './ports.ts';
import { ReplayWindow } from './replay-window.ts';

/** The kinds of packets, one byte. Append only. */
export const CHALLENGE = 0;
export const GREETING = 1;
export const BEAT = 2;
export const HEADER = 3;
export const HASHES = 4;
export const CALL_SIGNAL = 5;
export const PICK_UP = 6;

const NO_OFFER = Buffer.alloc(OFFER_BYTES);
const NOTHING = Buffer.alloc(0);
const BOOT_BYTES = 6;
/** A packet that was not believed is sent again if it is younger than this, ms. */
const AGAIN_WITHIN_MS = 250;
/** A node that answered none of this many packets to everyone, for this long (ms), may be gone, and its address another computer's. */
const UNANSWERED = 40;
const SILENT_MS = 60_000;

interface FreshnessOptions {
  readonly self: NodeId;
  /** When this node started: higher than at any start before, ms since the epoch or later. */
  readonly boot: number;
  readonly random: Random;
  readonly isMember: (node: NodeId) => boolean;
  /** Whether no other node of the office is known to be online. */
  readonly isAlone: () => boolean;
}

export type FreshnessOutput =
  | { readonly type: 'send'; readonly to: NodeId; readonly at: SocketAddress; readonly packet: Packet }
  | { readonly type: 'call'; readonly at: SocketAddress; readonly offer: Uint8Array }
  /** Packets of that node are believed at that address from now on. */
  | { readonly type: 'settled'; readonly node: NodeId; readonly at: SocketAddress }
  /** A fresh packet of that node, from that address. Challenges are handled here and are not output. */
  | { readonly type: 'believed'; readonly from: NodeId; readonly at: SocketAddress; readonly packet: Packet }
  /** This node believes that one, which may not believe this one yet. */
  | { readonly type: 'met'; readonly node: NodeId; readonly at: SocketAddress }
  /** A call came from a node that knows the office and is no member by this node's ledger. */
  | { readonly type: 'stranger'; readonly call: Call; readonly at: SocketAddress };

interface Peer {
  readonly node: NodeId;
  /** The boot number that this node uses towards the peer: above any that the peer has seen. */
  boot: number;
  seq: number;
  readonly window: ReplayWindow;
  /** The address at which it was believed last. */
  at: SocketAddress | undefined;
  /** Its latest offer, to be echoed. */
  offer: Uint8Array;
  /** The address that a colleague or the node's record names. */
  hearsay: SocketAddress | undefined;
  /** It believes this node too. */
  isMutual: boolean;
  said: { readonly kind: number; readonly body: Uint8Array; readonly at: number } | undefined;
  /** Its last call was answered by a challenge, and the peer has not answered that yet. */
  isChallenged: boolean;
  unanswered: number;
  believedAt: number;
  offered: { readonly name: string; readonly round: number; readonly offer: Uint8Array } | undefined;
}

/**
 * Decides which packets are believed. A packet is believed if it echoes this node's offer to its sender at its source address, and its
 * count is new: that proves that it was sealed just now, and that answers reach its sender. Other packets leave no state behind. Pure:
 * packets are sealed and opened outside; `now` is monotonic, ms.
 */
export class Freshness {
  readonly #options: FreshnessOptions;
  readonly #peers = new Map<NodeId, Peer>();
  readonly #nodesAt = new Map<string, NodeId>();
  readonly #offers: Offers;
  readonly #calls = new AddressCalls();
  readonly #greetings = new Greetings();
  readonly #budget = new ChallengeBudget();
  #out: FreshnessOutput[] = [];

  constructor(options: FreshnessOptions) {
    this.#options = options;
    this.#offers = new Offers(options.random);
  }

  /** To be called before every other method. `wall`: ms since the epoch. */
  look(now: number, wall: number): void {
    this.#offers.look(now, wall);
  }

  /** The address at which the node was believed last. */
  addressOf(node: NodeId): SocketAddress | undefined {
    return this.#peers.get(node)?.at;
  }

  nodeAt(at: SocketAddress): NodeId | undefined {
    return this.#nodesAt.get(addressKey(at));
  }

  /** All nodes with a believed or a named address. */
  nodes(): NodeId[] {
    return [...this.#peers.values()].flatMap(({ node, at, hearsay }) => (at || hearsay ? [node] : []));
  }

  /** Calls an address at which a node may be. */
  lookAt(at: SocketAddress, now: number, how: AddressCallOptions = {}): FreshnessOutput[] {
    if (this.#nodesAt.has(addressKey(at))) return [];
    this.#calls.add(at, now, how);
    return this.tick(now);
  }

  /** Stops calling an address that was merely found. */
  giveUp(at: SocketAddress): void {
    this.#calls.giveUp(at);
  }

  /** Takes the address that is named for a node. The pair greets each other once, so that they believe each other before they need to. */
  hear(node: NodeId, at: SocketAddress, now: number): void {
    if (node === this.#options.self || !this.#options.isMember(node)) return;
    const peer = this.#peer(node);
    const isKnown = [peer.at, peer.hearsay].some((known) => known && addressKey(known) === addressKey(at));
    if (!isKnown) peer.hearsay = at;
    const begins = this.#options.self < node;
    if (begins && (!isKnown || !peer.isMutual)) this.#greetings.add(node, now, !isKnown);
  }

  /** Calls nodes that are not believed yet again, since this node has something urgent to send. */
  hurry(now: number): void {
    for (const { at, hearsay } of this.#peers.values()) if (!at && hearsay) this.#calls.add(hearsay, now);
    this.#calls.hurry(now);
  }

  /** Sends a packet. A node that is not believed gets only a call, and the packet once it answers. */
  send(
    node: NodeId,
    kind: number,
    body: Uint8Array,
    now: number,
    { isToAll = false } = {},
  ): FreshnessOutput[] {
    const peer = this.#peer(node);
    peer.said = { kind, body, at: now };
    if (isToAll && peer.at) this.#countSilence(peer, peer.at, now);
    if (peer.at) this.#transmit(peer, peer.at, kind, body);
    else if (peer.hearsay) this.#calls.add(peer.hearsay, now);
    return this.tick(now);
  }

  /** Takes a packet that `from` sealed for this node at any time. */
  received(from: NodeId, at: SocketAddress, packet: Packet, now: number): FreshnessOutput[] {
    const peer = this.#peer(from);
    if (!this.#isEchoed(peer, at, packet.echo)) {
      if (packet.kind !== CHALLENGE) this.#challenge(peer, at, packet.offer, now);
    } else if (peer.window.isNew(packet.boot, packet.seq)) this.#believe(peer, at, packet, now);
    return this.#flush();
  }

  /**
   * Takes a call, and answers with a challenge. A member that calls again may lack this node's keys, and is called back instead. No
   * answer is larger than the call, so that a forged source address amplifies nothing.
   */
  called(call: Call, at: SocketAddress, now: number): FreshnessOutput[] {
    const { self, isMember } = this.#options;
    if (call.caller === self) return [];
    if (!isMember(call.caller)) return [{ type: 'stranger', call, at }];
    const peer = this.#peer(call.caller);
    if (!peer.isChallenged) peer.isChallenged = this.#challenge(peer, at, call.offer, now);
    else if (this.#budget.take(peer.node, this.#isAt(peer, at), now)) {
      peer.isChallenged = false;
      this.#call(at);
    }
    return this.#flush();
  }

  /** To be called at `nextWakeAt`. */
  tick(now: number): FreshnessOutput[] {
    for (const at of this.#calls.due(now, this.#options.isAlone)) this.#call(at);
    const node = this.#greetings.due(now, (one) => this.#isToBeGreeted(one));
    const peer = node === undefined ? undefined : this.#peers.get(node);
    const at = peer?.hearsay ?? peer?.at;
    if (peer && at) {
      if (!isYoung(peer.said, now)) peer.said = { kind: GREETING, body: NOTHING, at: now };
      this.#transmit(peer, at, GREETING, NOTHING);
    }
    return this.#flush();
  }

  nextWakeAt(): number {
    return Math.min(this.#calls.nextAt(), this.#greetings.nextAt());
  }

  /** The node is no member any more, or has other keys. */
  forget(node: NodeId): void {
    const peer = this.#peers.get(node);
    if (peer?.at) this.#nodesAt.delete(addressKey(peer.at));
    if (peer?.hearsay) this.#calls.settle(peer.hearsay);
    this.#peers.delete(node);
  }

  /** Forgets the address that is named for the node: it is not there. */
  unsay(node: NodeId): void {
    const peer = this.#peers.get(node);
    if (!peer?.hearsay) return;
    this.#calls.settle(peer.hearsay);
    peer.hearsay = undefined;
  }

  // ---- believing

  #isEchoed(peer: Peer, at: SocketAddress, echo: Uint8Array): boolean {
    if (equal(echo, this.#offer(peer, at))) return true;
    return equal(echo, this.#offers.to(undefined, at));
  }

  #believe(peer: Peer, at: SocketAddress, packet: Packet, now: number): void {
    peer.window.note(packet.boot, packet.seq);
    peer.offer = Uint8Array.from(packet.offer);
    peer.unanswered = 0;
    peer.believedAt = now;
    if (!this.#isAt(peer, at)) this.#settleAt(peer, at);
    if (peer.hearsay) this.#calls.settle(peer.hearsay);
    peer.hearsay = undefined;
    if (packet.kind === CHALLENGE) return this.#answer(peer, at, packet.body, now);
    peer.isMutual = true;
    peer.isChallenged = false;
    this.#out.push({ type: 'believed', from: peer.node, at, packet });
  }

  #settleAt(peer: Peer, at: SocketAddress): void {
    if (peer.at) this.#nodesAt.delete(addressKey(peer.at));
    peer.at = at;
    this.#nodesAt.set(addressKey(at), peer.node);
    this.#calls.settle(at);
    this.#out.push({ type: 'settled', node: peer.node, at });
  }

  /** Answers a challenge: the peer did not believe the last packet, and gets it again with its offer echoed. */
  #answer(peer: Peer, at: SocketAddress, body: Uint8Array, now: number): void {
    const seen = body.length >= BOOT_BYTES ? Buffer.from(body).readUIntBE(0, BOOT_BYTES) : 0;
    if (seen >= peer.boot) peer.boot = Math.min(seen + 1, MAX_COUNT);
    const { said } = peer;
    if (said && isYoung(said, now)) this.#transmit(peer, at, said.kind, said.body);
    else if (!peer.isMutual) this.#out.push({ type: 'met', node: peer.node, at });
  }

  #challenge(peer: Peer, at: SocketAddress, echo: Uint8Array, now: number): boolean {
    if (!this.#budget.take(peer.node, this.#isAt(peer, at), now)) return false;
    const body = Buffer.alloc(BOOT_BYTES);
    body.writeUIntBE(peer.window.boot, 0, BOOT_BYTES);
    this.#transmit(peer, at, CHALLENGE, body, echo);
    return true;
  }

  // ---- sending

  #transmit(peer: Peer, at: SocketAddress, kind: number, body: Uint8Array, echo = peer.offer): void {
    peer.seq += 1;
    const { boot, seq } = peer;
    const packet = { echo, offer: this.#offer(peer, at), boot, seq, kind, body };
    this.#out.push({ type: 'send', to: peer.node, at, packet });
  }

  #call(at: SocketAddress): void {
    this.#out.push({ type: 'call', at, offer: this.#offers.to(undefined, at) });
  }

  /** Stops sending beats to a silent node, and calls it at growing intervals instead. */
  #countSilence(peer: Peer, at: SocketAddress, now: number): void {
    peer.unanswered += 1;
    if (peer.unanswered < UNANSWERED || now - peer.believedAt < SILENT_MS) return;
    this.#nodesAt.delete(addressKey(at));
    peer.hearsay ??= at;
    peer.at = undefined;
  }

  #isToBeGreeted(node: NodeId): boolean {
    const peer = this.#peers.get(node);
    return peer !== undefined && (!peer.isMutual || peer.hearsay !== undefined);
  }

  #isAt(peer: Peer, { address, port }: SocketAddress): boolean {
    return peer.at?.address === address && peer.at.port === port;
  }

  #offer(peer: Peer, at: SocketAddress): Uint8Array {
    const [name, { round }] = [addressKey(at), this.#offers];
    if (peer.offered?.name === name && peer.offered.round === round) return peer.offered.offer;
    const offer = this.#offers.to(peer.node, at);
    peer.offered = { name, round, offer };
    return offer;
  }

  #peer(node: NodeId): Peer {
    const known = this.#peers.get(node);
    if (known) return known;
    const peer: Peer = {
      ...{ node, boot: this.#options.boot, seq: 0, window: new ReplayWindow() },
      ...{ at: undefined, offer: NO_OFFER, hearsay: undefined, isMutual: false, said: undefined },
      ...{ isChallenged: false, unanswered: 0, believedAt: 0, offered: undefined },
    };
    this.#peers.set(node, peer);
    return peer;
  }

  #flush(): FreshnessOutput[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}

function isYoung(said: Peer['said'], now: number): boolean {
  return said !== undefined && now - said.at < AGAIN_WITHIN_MS;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}
