import { MAX_SEATS, type CallId, type CallParty, type CallSeat, type NodeId } from '../model/index.ts';
import { without, type Call } from './call.ts';
import type { CallTable } from './call-table.ts';

/** An expected computer may still join this long after the last call of the party was active. Milliseconds. */
const AWAITED_MS = 6000;
/** A computer that was announced and has no call with this one for this long is taken for gone. Milliseconds. */
const GIVEN_UP_MS = 10_000;
/** A party without calls is remembered for this long, so that late signals do not revive it. Milliseconds. */
const KEPT_MS = 60_000;
/** At most this many seats of one party are remembered, of present and former participants. */
const MAX_REMEMBERED = 64;

/** A call of several, as this computer knows it. A seat is one participation of a computer. */
interface Party {
  /** Which computer joined, and by which call: a computer that joins a second time gets another seat. */
  readonly seats: Map<string, CallSeat & { readonly since: number }>;
  /** Seats whose computers left, or never came. */
  readonly gone: Set<string>;
  /** Seats that this computer has called. */
  readonly asked: Set<string>;
  /** What signals say of it, cached; undefined: to be made anew. */
  wire: CallParty | undefined;
  /** When a call in it was last active. */
  aliveAt: number;
  /** This person hung up. */
  hasLeft: boolean;
}

/**
 * Calls of several (parties): a full mesh of calls of two, each with its own keys. Each computer's signals list the participants that
 * it knows, and the computers that it talks with believe it. Of two participants without a call, the one with the lower id calls the
 * other. No participant is the host: the others stay whoever leaves. Pure.
 */
export class Parties {
  readonly #self: NodeId;
  readonly #table: CallTable;
  readonly #parties = new Map<CallId, Party>();

  constructor(self: NodeId, table: CallTable) {
    this.#self = self;
    this.#table = table;
  }

  /** Returns the party that this call belongs to. If there is none, the call becomes the first of a new one. */
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

  /** Merges a call of two into the party of `into`. */
  merge(into: Call, call: Call, now: number): void {
    if (into.phase !== 'active' || call.phase !== 'active' || into === call || call.party) return;
    if (this.#table.partyOf(into).some(({ person }) => person === call.person)) return;
    call.party = this.open(into, now);
    if (call.peer) take(this.#known(call.party, now), { node: call.peer.node, seat: call.id }, now);
    this.#table.holdParty(into, false, now);
    for (const one of this.#table.partyOf(into)) one.isMuted = into.isMuted;
    this.#table.put({ type: 'changed' });
  }

  /** Whether that computer may join by itself: a participant has named it. */
  isAwaited(id: CallId | undefined, node: NodeId, now: number): boolean {
    const party = id === undefined ? undefined : this.#parties.get(id);
    if (!party || party.hasLeft || now - party.aliveAt > AWAITED_MS) return false;
    return present(party).some((seat) => seat.node === node);
  }

  /** This person leaves it. */
  leave(id: CallId): void {
    const party = this.#parties.get(id);
    if (party) party.hasLeft = true;
  }

  /** What this computer's signals say of it; undefined: there is no such party. */
  wire(id: CallId | undefined): CallParty | undefined {
    const party = id === undefined ? undefined : this.#parties.get(id);
    if (!party || id === undefined) return undefined;
    party.wire ??= { id, seats: present(party).slice(0, MAX_SEATS) };
    return party.wire;
  }

  /** The number of computers in it, this one included; 0: there is no such party. */
  size(id: CallId | undefined): number {
    const party = id === undefined ? undefined : this.#parties.get(id);
    return party ? new Set(present(party).map(({ node }) => node)).size : 0;
  }

  /** Reads the other sides' lists, notices who left, calls those whom this computer is to call, and signals changes. */
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
    // The other side may turn a call of two into a party.
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
    // A person who left and is called in again starts with an empty list.
    if (known && !known.hasLeft) return known;
    const party: Party = {
      seats: new Map(),
      gone: new Set(),
      asked: new Set(),
      wire: undefined,
      aliveAt: now,
      hasLeft: false,
    };
    this.#parties.set(id, party);
    return party;
  }

  #miss(party: Party, call: Call, calls: readonly Call[]): void {
    for (const { node } of call.legs.values()) {
      if (call.isSettled || isThere(node, calls)) continue;
      for (const [key, seat] of party.seats) if (seat.node === node) party.gone.add(key);
      party.wire = undefined;
    }
    call.isSettled = true;
  }

  /** Takes seats for gone that others named and whose computers never came: they left before. */
  #giveUp(party: Party, calls: readonly Call[], now: number): void {
    for (const [key, { node, since }] of party.seats) {
      if (party.gone.has(key) || node === this.#self || now - since < GIVEN_UP_MS) continue;
      if (isThere(node, calls)) continue;
      party.gone.add(key);
      party.wire = undefined;
    }
  }

  #meet(id: CallId, party: Party, calls: readonly Call[]): void {
    if (party.hasLeft || !calls.some(({ phase }) => phase === 'active')) return;
    for (const [key, { node }] of party.seats) {
      if (party.gone.has(key) || party.asked.has(key) || this.#self >= node) continue;
      if (isThere(node, calls)) continue;
      party.asked.add(key);
      this.#table.put({ type: 'meet', party: id, node });
    }
  }

  /** Turns the party back into a call of two when two are left. */
  #dissolve(id: CallId, party: Party, calls: readonly Call[], now: number): void {
    const [call, ...others] = calls.filter(isGoing);
    const { peer } = call ?? {};
    if (call?.phase !== 'active' || !peer || others.length > 0) return;
    // The other side may have a participant whom this computer cannot reach.
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
    const wire = this.wire(id);
    for (const { phase, peer } of calls) {
      if (phase !== 'active' || !peer || peer.hasEnded || peer.own.party === wire) continue;
      peer.say({ ...peer.own, party: wire }, now);
    }
  }
}

function isGoing({ phase }: Call): boolean {
  return phase !== 'ended';
}

/** Whether one of these calls, with that computer, goes on. */
function isThere(node: NodeId, calls: readonly Call[]): boolean {
  return calls.some((call) => isGoing(call) && call.legs.has(node));
}

function present({ seats, gone }: Party): readonly CallSeat[] {
  return [...seats].flatMap(([key, { node, seat }]) => (gone.has(key) ? [] : [{ node, seat }]));
}

function take(party: Party, { node, seat }: CallSeat, since: number): void {
  const key = `${node} ${seat}`;
  if (party.seats.has(key) || party.seats.size >= MAX_REMEMBERED) return;
  party.seats.set(key, { node, seat, since });
  party.wire = undefined;
}
