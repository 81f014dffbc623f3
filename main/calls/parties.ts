import { MAX_SEATS, type CallId, type CallParty, type CallSeat, type NodeId } from '../model/index.ts';
import { without, type Call } from './call.ts';
import type { CallTable } from './call-table.ts';

/** Somebody who was to come into a call of several may still come this long after the last other one left. Milliseconds. */
const AWAITED_MS = 6000;
/** Whom nobody could reach for this long is not waited for. */
const GIVEN_UP_MS = 10_000;
/** Who left such a call is remembered for this long. */
const KEPT_MS = 60_000;
/** Of whoever came and left no more are remembered. */
const MAX_REMEMBERED = 64;

/** A call of several, as this computer knows it. */
interface Party {
  /** Who came in, and by which call: whoever comes a second time has another seat. */
  readonly seats: Map<string, CallSeat & { readonly since: number }>;
  /** Those who left, or never came. */
  readonly gone: Set<string>;
  /** Whom this computer has called. */
  readonly asked: Set<string>;
  /** What is said of it; undefined: it has changed since that was made. */
  word: CallParty | undefined;
  /** A call in it went on at this time, last. */
  aliveAt: number;
  /** This person hung up. */
  hasLeft: boolean;
}

/**
 * Calls of several: each computer speaks to each, in a call of two with keys of its own. Everyone says whom they know to be in it,
 * and is believed by those who talk with them in it; of two who do not talk yet, the one with the lower id calls the other. Nobody is
 * needed by the others: whoever came in stays, whoever else leaves. Pure.
 */
export class Parties {
  readonly #self: NodeId;
  readonly #table: CallTable;
  readonly #parties = new Map<CallId, Party>();

  constructor(self: NodeId, table: CallTable) {
    this.#self = self;
    this.#table = table;
  }

  /** The call of several that this call is in, or from now on is the first of. */
  open(call: Call, now: number): CallId {
    const id = call.party ?? call.id;
    const { peer } = call;
    if (call.party === undefined && peer) {
      call.party = id;
      const party = this.#known(id, now);
      for (const node of [this.#self, peer.node]) take(party, { node, seat: call.id }, now);
      this.#table.put({ type: 'changed' });
    }
    return id;
  }

  /** Brings the other side of a call into the call of several that `into` is in. */
  merge(into: Call, call: Call, now: number): void {
    if (into.phase !== 'active' || call.phase !== 'active' || into === call || call.party) return;
    if (this.#table.partyOf(into).some(({ person }) => person === call.person)) return;
    call.party = this.open(into, now);
    if (call.peer) take(this.#known(call.party, now), { node: call.peer.node, seat: call.id }, now);
    this.#table.holdParty(into, false, now);
    for (const one of this.#table.partyOf(into)) one.isMuted = into.isMuted;
    this.#table.put({ type: 'changed' });
  }

  /** Whether that computer may come into it by itself: somebody in it has said that they are in. */
  isAwaited(id: CallId | undefined, node: NodeId, now: number): boolean {
    const party = id === undefined ? undefined : this.#parties.get(id);
    if (!party || party.hasLeft || now - party.aliveAt > AWAITED_MS) return false;
    return present(party).some((seat) => seat.node === node);
  }

  /** This person hangs up on all of them. */
  leave(id: CallId): void {
    const party = this.#parties.get(id);
    if (party) party.hasLeft = true;
  }

  /** What this computer says of it; undefined: there is none. */
  word(id: CallId | undefined): CallParty | undefined {
    const party = id === undefined ? undefined : this.#parties.get(id);
    if (!party || id === undefined) return undefined;
    party.word ??= { id, seats: present(party).slice(0, MAX_SEATS) };
    return party.word;
  }

  /** How many are in it, this computer included. */
  size(id: CallId | undefined): number {
    const party = id === undefined ? undefined : this.#parties.get(id);
    return party ? new Set(present(party).map(({ node }) => node)).size : 0;
  }

  /** Takes what the others say, notices who left, calls whom this computer is to call, and says what has changed. */
  look(now: number): void {
    for (const call of this.#table.all) this.#hear(call, now);
    for (const [id, party] of this.#parties) {
      const calls = this.#table.all.filter((call) => call.party === id);
      for (const call of calls) if (call.phase === 'ended') this.#miss(party, call, calls);
      this.#giveUp(party, calls, now);
      this.#meet(id, party, calls);
      this.#say(id, calls, now);
      this.#dissolve(id, party, calls, now);
      if (calls.length === 0 && now - party.aliveAt > KEPT_MS) this.#parties.delete(id);
    }
  }

  #hear(call: Call, now: number): void {
    const { peer, phase } = call;
    const said = peer?.theirs?.party;
    if (phase !== 'active' || !peer) return;
    // Whom one talks with may bring others into the call.
    if (said && call.party === undefined && this.#hasOthers(said.seats, peer.node)) {
      call.party = said.id;
      this.#table.put({ type: 'changed' });
    }
    if (call.party === undefined) return;
    const party = this.#known(call.party, now);
    party.aliveAt = now;
    if (call.side === 'caller' && !call.isMeeting) take(party, { node: peer.node, seat: call.id }, now);
    if (said?.id === call.party) for (const seat of said.seats) take(party, seat, now);
  }

  #known(id: CallId, now: number): Party {
    const known = this.#parties.get(id);
    // Whoever left and is called in again knows nothing of before.
    if (known && !known.hasLeft) return known;
    const party: Party = {
      seats: new Map(),
      gone: new Set(),
      asked: new Set(),
      word: undefined,
      aliveAt: now,
      hasLeft: false,
    };
    this.#parties.set(id, party);
    return party;
  }

  #miss(party: Party, call: Call, calls: readonly Call[]): void {
    for (const { node } of call.legs.values()) {
      const isThere = calls.some(({ phase, legs }) => phase !== 'ended' && legs.has(node));
      if (isThere || call.isSettled) continue;
      for (const [key, seat] of party.seats) if (seat.node === node) party.gone.add(key);
      party.word = undefined;
    }
    call.isSettled = true;
  }

  /** Whoever is said to be in it, and does not come, left before. */
  #giveUp(party: Party, calls: readonly Call[], now: number): void {
    for (const [key, { node, since }] of party.seats) {
      if (party.gone.has(key) || node === this.#self || now - since < GIVEN_UP_MS) continue;
      if (calls.some((call) => isGoing(call) && call.legs.has(node))) continue;
      party.gone.add(key);
      party.word = undefined;
    }
  }

  #meet(id: CallId, party: Party, calls: readonly Call[]): void {
    if (party.hasLeft || !calls.some(({ phase }) => phase === 'active')) return;
    for (const [key, { node }] of party.seats) {
      if (party.gone.has(key) || party.asked.has(key) || this.#self >= node) continue;
      const isThere = calls.some(({ phase, legs }) => phase !== 'ended' && legs.has(node));
      if (isThere) continue;
      party.asked.add(key);
      this.#table.put({ type: 'meet', party: id, node });
    }
  }

  /** Two who are left have a call of two again. */
  #dissolve(id: CallId, party: Party, calls: readonly Call[], now: number): void {
    const [call, ...others] = calls.filter(isGoing);
    const { peer } = call ?? {};
    if (call?.phase !== 'active' || !peer || others.length > 0) return;
    // The other one may have somebody with them who is not reached from here.
    const seats = [...present(party), ...(peer.theirs?.party?.seats ?? [])];
    if (this.#hasOthers(seats, peer.node)) return;
    call.party = undefined;
    this.#parties.delete(id);
    if (peer.own.party) peer.say(without(peer.own, 'party'), now);
    this.#table.put({ type: 'changed' });
  }

  /** Whether anybody is named besides this computer and that one. */
  #hasOthers(seats: readonly CallSeat[], peer: NodeId): boolean {
    return seats.some(({ node }) => node !== this.#self && node !== peer);
  }

  #say(id: CallId, calls: readonly Call[], now: number): void {
    const word = this.word(id);
    for (const { phase, peer } of calls) {
      if (phase !== 'active' || !peer || peer.hasEnded || peer.own.party === word) continue;
      peer.say({ ...peer.own, party: word }, now);
    }
  }
}

function isGoing({ phase }: Call): boolean {
  return phase !== 'ended';
}

function present({ seats, gone }: Party): readonly CallSeat[] {
  return [...seats].flatMap(([key, { node, seat }]) => (gone.has(key) ? [] : [{ node, seat }]));
}

function take(party: Party, { node, seat }: CallSeat, since: number): void {
  const key = `${node} ${seat}`;
  if (party.seats.has(key) || party.seats.size >= MAX_REMEMBERED) return;
  party.seats.set(key, { node, seat, since });
  party.word = undefined;
}
