import type { Endpoints, NodeId } from '../model/index.ts';
import type { Beat, BeatRole } from './beat.ts';
import { compareRanks } from './term.ts';

/** More nodes than an office has; beyond it the longest lost is forgotten. */
const MAX_PEERS = 1000;
/** A node whose clock was set back is believed again after this silence. */
const OLDER_BOOT_AFTER_MS = 30_000;
/** How much one beat weighs in the running loss. */
const LOSS_WEIGHT = 1 / 32;
/** Round trips that the median is taken of. */
const ROUND_TRIPS = 9;
/** A larger hole in the count is not loss: the sender had no reason to beat to us. */
const MAX_HOLE = 10;

/** What one node knows of another from its beats. Times are the receiver's own clock, ms. */
export interface Peer {
  readonly node: NodeId;
  alive: boolean;
  aliveSince: number;
  heardAt: number;
  rank: number;
  /** When it said last that it has no room; -Infinity: never. */
  fullAt: number;
  role: BeatRole;
  follows: NodeId | undefined;
  /** The term of the switch that it follows, as it says itself. */
  term: number;
  endpoints: Endpoints | undefined;
  boot: number;
  seq: number;
  period: number;
  /** The sender's clock in its last beat, and when that came: to be echoed. */
  echo: { readonly sentAt: number; readonly heardAt: number } | undefined;
  /** When this node last told it of a better switch. */
  correctedAt: number;
  /** The last round trips in ms, the latest last; and when the latest was measured. */
  roundTripsMs: readonly number[];
  echoedAt: number | undefined;
  /** Share of its periodic beats that were lost, 0 to 1. */
  loss: number;
}

/** What the health page shows of a node. */
export interface PeerHealth {
  readonly node: NodeId;
  readonly alive: boolean;
  readonly heardAt: number;
  /** Median of the last round trips. */
  readonly roundTripMs: number | undefined;
  /** When the node answered last. */
  readonly echoedAt: number | undefined;
  readonly loss: number;
}

/** The other nodes, as known by their beats. */
export class Peers {
  readonly #peers = new Map<NodeId, Peer>();

  get(node: NodeId): Peer | undefined {
    return this.#peers.get(node);
  }

  all(): IterableIterator<Peer> {
    return this.#peers.values();
  }

  alive(): Peer[] {
    return [...this.#peers.values()].filter((peer) => peer.alive);
  }

  /** The best of those that pass, by rank, then id. */
  best(accept: (peer: Peer) => boolean): Peer | undefined {
    let best: Peer | undefined;
    for (const peer of this.#peers.values()) {
      if (peer.alive && accept(peer) && (!best || compareRanks(peer, best) > 0)) best = peer;
    }
    return best;
  }

  /** The entry of a node, made where it is new. */
  know(node: NodeId, now: number): Peer {
    const known = this.#peers.get(node);
    if (known) return known;
    if (this.#peers.size >= MAX_PEERS) this.#forgetOne();
    const peer: Peer = {
      node,
      alive: false,
      aliveSince: now,
      heardAt: now,
      rank: 0,
      fullAt: -Infinity,
      role: 'member',
      follows: undefined,
      term: 0,
      endpoints: undefined,
      boot: -1,
      seq: -1,
      period: 0,
      echo: undefined,
      correctedAt: -Infinity,
      roundTripsMs: [],
      echoedAt: undefined,
      loss: 0,
    };
    this.#peers.set(node, peer);
    return peer;
  }

  /** Whether a beat is neither a replay nor too late. */
  isNews({ node, boot, seq }: Beat, now: number): boolean {
    const known = this.#peers.get(node);
    if (!known) return true;
    if (boot === known.boot) return seq > known.seq;
    return boot > known.boot || now - known.heardAt >= OLDER_BOOT_AFTER_MS;
  }

  /** Takes a beat in; undefined where it is no news. */
  hear(beat: Beat, now: number): Peer | undefined {
    if (!this.isNews(beat, now)) return undefined;
    const peer = this.know(beat.node, now);
    const restarted = beat.boot !== peer.boot;
    const hole = beat.period - peer.period - 1;
    if (!restarted && hole >= 0 && hole <= MAX_HOLE && beat.role === peer.role) {
      for (let missed = 0; missed < hole; missed += 1) peer.loss += (1 - peer.loss) * LOSS_WEIGHT;
      peer.loss -= peer.loss * LOSS_WEIGHT;
    }
    if (beat.echo && !restarted) {
      const roundTripMs = now - beat.echo.sentAt - beat.echo.heldMs;
      if (roundTripMs >= 0) {
        peer.roundTripsMs = [...peer.roundTripsMs, roundTripMs].slice(-ROUND_TRIPS);
        peer.echoedAt = now;
      }
    }
    peer.boot = beat.boot;
    peer.seq = beat.seq;
    peer.period = beat.period;
    peer.heardAt = now;
    peer.rank = beat.rank;
    if (beat.full) peer.fullAt = now;
    peer.role = beat.role;
    peer.follows = beat.switch;
    peer.term = beat.term;
    peer.endpoints = beat.endpoints;
    peer.echo = { sentAt: beat.sentAt, heardAt: now };
    return peer;
  }

  /** The node is no member any more. */
  remove(node: NodeId): void {
    this.#peers.delete(node);
  }

  /** Shifts all times by the time that this computer slept, so that it counts for no node's silence. */
  shift(byMs: number): void {
    for (const peer of this.#peers.values()) {
      if (!peer.alive) continue;
      peer.heardAt += byMs;
      // An echo over a sleep would add the sleep to the round trip.
      peer.echo = undefined;
    }
  }

  health(): PeerHealth[] {
    return [...this.#peers.values()].map(({ node, alive, heardAt, roundTripsMs, echoedAt, loss }) => ({
      node,
      alive,
      heardAt,
      roundTripMs: median(roundTripsMs),
      echoedAt,
      loss,
    }));
  }

  /** Resets the counts of lost beats, since other nodes beat to this one from now on. */
  resetLossCount(): void {
    for (const peer of this.#peers.values()) peer.loss = 0;
  }

  #forgetOne(): void {
    let oldest: Peer | undefined;
    for (const peer of this.#peers.values()) {
      if (oldest && (oldest.alive === peer.alive ? oldest.heardAt <= peer.heardAt : peer.alive)) continue;
      oldest = peer;
    }
    if (oldest) this.#peers.delete(oldest.node);
  }
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
