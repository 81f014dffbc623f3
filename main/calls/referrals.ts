import type { CallId, CallRefer, CallReferred, NodeId } from '../model/index.ts';
import { sentReason, stateOf, without, type Call } from './call.ts';
import type { CallTable } from './call-table.ts';
import type { Leg } from './leg.ts';

/**
 * Call transfer, as by SIP's REFER (RFC 3515): one side asks the other to call a third person, and is told how far that call came.
 * Only the computer at the other end of a call may ask. The old call stays, held, until the new one is answered, so a failed
 * transfer leaves the two where they were. Pure.
 */
export class Referrals {
  readonly #table: CallTable;
  readonly #expected = new Map<CallId, { readonly person: NodeId; readonly until: number }>();

  constructor(table: CallTable) {
    this.#table = table;
  }

  /** Transfers the other side of a call. `consultation`: this person's call with the target. */
  transfer(id: CallId, refer: CallRefer, consultation: CallId | undefined, now: number): void {
    const call = this.#table.get(id);
    const peer = call?.peer;
    if (call?.phase !== 'active' || !peer || refer.person === call.person) return;
    if (this.#table.partyOf(call).length > 1) return;
    this.takeBack(call, now);
    this.#table.hold(call, true, now);
    const asked = this.#table.get(consultation);
    if (asked?.phase === 'active' && asked.peer && asked !== call) {
      peer.say({ ...peer.own, refer: { ...refer, node: asked.peer.node } }, now);
      asked.peer.say({ ...asked.peer.own, awaits: { call: refer.call, person: call.person } }, now);
      call.consultation = asked.id;
    } else peer.say({ ...peer.own, refer }, now);
    this.#table.put({ type: 'changed' });
  }

  /** Asks the caller of a ringing call to call the colleague instead who picks it up. It rings here until they have it. */
  handOver(id: CallId, refer: CallRefer, now: number): void {
    const call = this.#table.get(id);
    const { peer } = call ?? {};
    if (call?.phase !== 'ringing' || !peer || peer.own.refer?.call === refer.call) return;
    peer.say({ ...peer.own, refer }, now);
  }

  /** Has a call from that person under that id answer itself until then. */
  expect(id: CallId, person: NodeId, until: number): void {
    this.#expected.set(id, { person, until });
  }

  /** Cancels the transfer of the other side. */
  takeBack(call: Call, now: number): void {
    call.failed = undefined;
    const { peer } = call;
    if (!peer?.own.refer || peer.hasEnded) return;
    peer.say(without(peer.own, 'refer'), now);
    const asked = this.#table.get(call.consultation)?.peer;
    if (asked?.own.awaits) asked.say(without(asked.own, 'awaits'), now);
    call.consultation = undefined;
    this.#table.put({ type: 'changed' });
  }

  /** Handles a new state of the other side. */
  said(call: Call, leg: Leg, now: number): void {
    if (call.phase === 'ended' || leg.hasEnded) return;
    this.#follow(call, leg, now);
    this.#hear(call, leg, now);
    const awaited = this.#table.get(leg.theirs?.awaits?.call);
    if (awaited?.phase === 'ringing' && this.isAwaited(awaited.id, awaited.person, now))
      this.#table.answerItself(awaited);
  }

  /** Whether a new call answers itself: a pick-up expects it, or somebody whom this person talks with has announced it as a transfer. */
  isAwaited(id: CallId, person: NodeId, now: number): boolean {
    for (const [expected, { until }] of this.#expected) if (until <= now) this.#expected.delete(expected);
    if (this.#expected.get(id)?.person === person) return true;
    return this.#table.all.some(({ phase, peer }) => {
      const awaits = peer?.theirs?.awaits;
      return phase === 'active' && !peer?.own.held && awaits?.call === id && awaits.person === person;
    });
  }

  /** Updates a call for what became of the calls that it depends on. */
  look(call: Call, now: number): void {
    if (call.phase === 'dialling') this.#giveUp(call, now);
    for (const leg of call.legs.values()) this.#report(call, leg, now);
    const awaits = call.peer?.theirs?.awaits;
    const come = this.#table.get(awaits?.call);
    if (call.phase === 'active' && come?.phase === 'active' && come.person === awaits?.person)
      this.#table.end(call, 'transferred', now);
    const asked = call.phase === 'ended' ? this.#table.get(call.consultation) : undefined;
    if (asked && call.reason === 'transferred') this.#table.end(asked, 'transferred', now);
  }

  /** Begins the call that the other side asks for, once. */
  #follow(call: Call, leg: Leg, now: number): void {
    const refer = leg.theirs?.refer;
    const { referred } = leg.own;
    if (!refer) {
      if (referred) leg.say(without(leg.own, 'referred'), now);
      return;
    }
    if (referred?.call === refer.call || (call.phase !== 'active' && call.phase !== 'dialling')) return;
    if (leg.own.refer) {
      // Both sides transfer each other at once: the caller's transfer holds.
      if (call.side === 'caller') return;
      this.takeBack(call, now);
    }
    // A person who holds this call talks with somebody else, and must not be taken out of that call.
    const isBusy = leg.own.held && (referred?.state ?? 'failed') === 'failed';
    const isOfSeveral = this.#table.partyOf(call).length > 1;
    const isRefused = isBusy || isOfSeveral || this.#table.get(refer.call) !== undefined;
    const said: CallReferred = { call: refer.call, state: isRefused ? 'failed' : 'calling' };
    leg.say({ ...leg.own, referred: said }, now);
    if (!isRefused) this.#table.put({ type: 'follow', refer, origin: call.id, from: leg.node });
    this.#table.put({ type: 'changed' });
  }

  /** Handles a transfer that failed at the other side. */
  #hear(call: Call, leg: Leg, now: number): void {
    const { refer } = leg.own;
    const referred = leg.theirs?.referred;
    if (!refer || referred?.call !== refer.call || referred.state !== 'failed') return;
    this.takeBack(call, now);
    this.#goOn(call, now);
    if (call.phase === 'active')
      call.failed = { person: refer.person, state: 'failed', reason: referred.reason ?? 'other' };
  }

  /** Reports to the other side how far the call that it asked for has come. */
  #report(call: Call, leg: Leg, now: number): void {
    const { referred } = leg.own;
    const begun = this.#table.get(referred?.call);
    if (!referred || referred.state === 'failed' || begun?.origin !== call.id || leg.hasEnded) return;
    if (begun.phase === 'active') {
      if (call.phase === 'active') return this.#table.end(call, 'transferred', now);
      return this.#table.end(call, 'picked-up', now, 'picked-up', begun.person);
    }
    const state = begun.phase === 'ended' ? 'failed' : stateOf(begun);
    if (state === referred.state || state === 'active' || state === 'ended') return;
    const reason = begun.reason && sentReason(begun.reason);
    leg.say({ ...leg.own, referred: { call: begun.id, state, ...(reason && { reason }) } }, now);
    this.#table.put({ type: 'changed' });
    if (state === 'failed') this.#goOn(call, now);
  }

  /** Ends a call that the other side of its origin no longer asks for. A call whose origin has ended goes on by itself. */
  #giveUp(call: Call, now: number): void {
    const origin = this.#table.get(call.origin);
    if (!origin || origin.phase === 'ended') return;
    if ([...origin.legs.values()].some(({ own }) => own.referred?.call === call.id)) return;
    this.#table.end(call, 'cancelled', now);
    call.isShown = false;
    this.#goOn(origin, now);
  }

  /** Takes up the held call again, unless this person talks in another one. */
  #goOn(call: Call, now: number): void {
    const isTalking = this.#table.all.some(({ phase, peer }) => phase === 'active' && !peer?.own.held);
    if (!isTalking) this.#table.hold(call, false, now);
  }
}
