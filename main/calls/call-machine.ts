import {
  assertNever,
  type CallEndReason,
  type CallId,
  type CallKey,
  type CallSignal,
  type NodeId,
} from '../model/index.ts';
import { ended, reasonOfAll, callView, type Call, type CallView, type CallOutcome } from './call.ts';
import type { CallInput, CallLimits, CallMachineOptions, CallOutput, CallTimes } from './call-steps.ts';
import { CallRecorder } from './call-recorder.ts';
import { CallTable } from './call-table.ts';
import { Leg, type SideState } from './leg.ts';
import { Parties } from './parties.ts';
import type { CallReception } from './reception.ts';
import { Referrals } from './referrals.ts';

/**
 * All calls of one computer. Both ends of a call reach the same state in the end, whatever datagrams the network loses or reorders,
 * and no call rings for ever. Pure: time is an argument, milliseconds of one monotonic clock.
 */
export class CallMachine {
  readonly #times: CallTimes;
  readonly #limits: CallLimits;
  readonly #table = new CallTable();
  readonly #referrals = new Referrals(this.#table);
  readonly #recorder = new CallRecorder(this.#table);
  readonly #parties: Parties;

  constructor({ self, times, limits }: CallMachineOptions) {
    this.#parties = new Parties(self, this.#table);
    this.#times = times;
    this.#limits = limits;
  }

  /** When `tick` is due; Infinity: nothing goes on. */
  nextWakeAt(): number {
    return Math.min(...this.#table.all.map((call) => this.#dueAt(call)), this.#recorder.dueAt());
  }

  /** The number of the recording that began last; 0: none has. */
  get lastRecording(): number {
    return this.#recorder.last;
  }

  /** The calls that the person is shown. The call that they are in comes first, then the held ones. */
  shown(): readonly CallView[] {
    const shown = this.#table.all.filter((call) => this.#isShown(call)).map(callView);
    const rank = (call: CallView): number => (call.state === 'active' ? (call.isHeld ? 1 : 0) : 2);
    return shown.sort((a, b) => rank(a) - rank(b));
  }

  /** The caller's computer and key in a call that rings here; undefined: it does not ring. */
  offerOf(id: CallId): { readonly node: NodeId; readonly key: CallKey } | undefined {
    const call = this.#table.get(id);
    const key = call?.peer?.theirs?.key;
    return call?.phase === 'ringing' && call.peer && key ? { node: call.peer.node, key } : undefined;
  }

  /** The computer at the other end of a call; undefined: no computer has answered it, or there is no such call. */
  peerOf(id: CallId): NodeId | undefined {
    return this.#table.get(id)?.peer?.node;
  }

  /** Whether this computer knows the call, also for a while after its end. */
  knows(id: CallId): boolean {
    return this.#table.get(id) !== undefined;
  }

  /** Whether to accept a new call. One that claims to belong to a call of several is accepted from a computer expected there alone. */
  takes({ party }: CallSignal, from: NodeId, now: number): boolean {
    return !party?.joins || this.#parties.isAwaited(party.id, from, now);
  }

  /** How many are in a call, this person included. */
  sizeOf(id: CallId): number {
    const call = this.#table.get(id);
    return Math.max(this.#parties.size(call?.party), 2);
  }

  /** The other computers that are active in this call. */
  peersOf(id: CallId): readonly NodeId[] {
    const call = this.#table.get(id);
    return call ? this.#table.partyOf(call).flatMap(({ peer }) => peer?.node ?? []) : [];
  }

  /** Whether the call has not ended. */
  isGoing(id: CallId): boolean {
    return (this.#table.get(id)?.phase ?? 'ended') !== 'ended';
  }

  step(input: CallInput, now: number): readonly CallOutput[] {
    this.#take(input, now);
    for (const call of this.#table.all) this.#expire(call, now);
    for (const call of this.#table.all) this.#referrals.look(call, now);
    this.#parties.look(now);
    this.#recorder.look(now);
    for (const call of this.#table.all) this.#send(call, now);
    return this.#table.take();
  }

  #take(input: CallInput, now: number): void {
    switch (input.type) {
      case 'dial':
        return this.#dial(input, now);
      case 'signal':
        return this.#signal(input, now);
      case 'announced':
        return this.#announced(input.id, input.reception, now);
      case 'answer':
        return this.#answer(input.id, input.key, now);
      case 'hang-up':
        return this.#hangUp(input.id, input.reason, now);
      case 'mute':
        return this.#change(input.id, (call) => {
          for (const one of this.#table.partyOf(call)) one.isMuted = input.isOn;
        });
      case 'hold':
        return this.#change(input.id, (call) => this.#hold(call, input.isOn, now));
      case 'hand-over':
        return this.#referrals.handOver(input.id, input.refer, now);
      case 'expect':
        return this.#referrals.expect(input.id, input.person, input.until);
      case 'record':
        return this.#recorder.start(input.id, now);
      case 'stop-recording':
        return this.#recorder.stop(now);
      case 'merge':
        return this.#merge(input.id, input.into, now);
      case 'transfer':
        return this.#referrals.transfer(input.id, input.refer, input.consultation, now);
      case 'heard': {
        const call = this.#table.get(input.id);
        if (call) call.heardAt = now;
        return;
      }
      case 'gone':
        for (const call of this.#table.all) this.#legEnded(call, call.legs.get(input.node), 'vanished', now);
        return;
      case 'tick':
        return;
      default:
        assertNever(input);
    }
  }

  // ---- the caller's side

  #dial(input: Extract<CallInput, { type: 'dial' }>, now: number): void {
    const { id, person, legs, origin, meant, into, meets } = input;
    if (this.knows(id) || (origin !== undefined && !this.isGoing(origin))) return;
    const first = this.#table.get(into);
    if (into !== undefined && first?.phase !== 'active') return;
    const party = first ? this.#parties.open(first, now) : meets;
    if (party === undefined) this.#makeWay(origin, now);
    const isMeeting = meets !== undefined;
    const theirs = this.#table.begin({ id, side: 'caller', person, meant, origin, party, isMeeting }, now);
    const announced = this.#parties.wire(party);
    const state: SideState = {
      ...{ state: 'calling', ...(meant && { meant }) },
      ...(announced && { party: { ...announced, ...(isMeeting && { joins: true }) } }),
    };
    for (const { node, key } of legs)
      theirs.legs.set(node, new Leg(id, 'caller', node, { ...state, key }, now));
    if (legs.length === 0) this.#table.end(theirs, 'unreachable', now);
  }

  /** A person who calls somebody gives up their other outgoing calls, and holds the call that they are in. */
  #makeWay(origin: CallId | undefined, now: number): void {
    for (const call of this.#table.all) {
      if (call.phase === 'dialling' && !call.isMeeting && call.id !== origin)
        this.#table.end(call, 'cancelled', now);
      if (call.phase === 'ended') call.isShown = false;
      this.#table.hold(call, true, now);
    }
  }

  /** The first computer that answers has the call; the person's other computers are told that it ended. */
  #answered(call: Call, leg: Leg, key: CallKey, now: number): void {
    if (call.phase !== 'dialling' || leg.hasEnded) return;
    leg.say({ state: 'connected' }, now);
    for (const other of call.legs.values()) if (other !== leg) other.say(ended('elsewhere'), now);
    this.#table.connect(call, leg, key, now);
  }

  #legEnded(call: Call, leg: Leg | undefined, reason: CallEndReason, now: number): void {
    if (!leg || leg.hasEnded) return;
    leg.say(ended(reason), now);
    if (call.peer === leg) return this.#table.end(call, reason, now);
    if (call.phase !== 'dialling') return;
    // A person who declines at one computer declines at all of theirs.
    if (reason === 'declined') return this.#table.end(call, reason, now, 'elsewhere');
    const ofAll = reasonOfAll(call.legs);
    if (ofAll) this.#table.end(call, ofAll, now);
  }

  // ---- the side that is called

  #invited(input: Extract<CallInput, { type: 'signal' }>, now: number): void {
    const { from, person, signal, reception, meant } = input;
    const { id: party, joins: isMeeting = false } = signal.party ?? {};
    const call = this.#table.begin({ id: signal.call, side: 'callee', person, meant, party, isMeeting }, now);
    const leg = new Leg(call.id, 'callee', from, { state: 'ringing' }, now);
    leg.take(signal, now);
    call.legs.set(from, leg);
    call.peer = leg;
    const isAwaited =
      this.#referrals.isAwaited(call.id, person, now) || this.#parties.isAwaited(party, from, now);
    const going = this.#table.all.filter((other) => other !== call && other.phase !== 'ended');
    const ofPerson = going.filter((other) => other.person === person && other.side === 'callee');
    if (going.length >= this.#limits.inAll || (!isAwaited && ofPerson.length >= this.#limits.perPerson))
      return this.#table.end(call, 'full', now);
    const own = going.find((other) => other.phase === 'dialling' && other.person === person);
    if (own) {
      // Both people called each other. Both computers know both calls, and keep the one with the lower id.
      if (call.id < own.id) this.#table.answerItself(call);
      return;
    }
    if (isAwaited) return this.#table.answerItself(call);
    this.#arrive(call, reception, now);
  }

  /** Whether it is the only call here, a call of two, and not diverted: the person chose the caller, and nobody else. */
  #mayAnswerItself(call: Call): boolean {
    const isAlone = this.#table.all.every((other) => other === call || other.phase === 'ended');
    return isAlone && call.party === undefined && call.meant === undefined;
  }

  #arrive(call: Call, reception: CallReception, now: number): void {
    if (reception === 'miss') return this.#table.end(call, 'undisturbed', now);
    if (reception === 'answer' && this.#mayAnswerItself(call)) return this.#table.announce(call);
    if (this.#table.all.some(({ phase }) => phase === 'active')) call.peer?.say({ state: 'waiting' }, now);
    else if (reception === 'notify') call.peer?.say({ state: 'notified' }, now);
  }

  /** During the tone the person may have locked the screen, or have called somebody: then the call is received as any other. */
  #announced(id: CallId, reception: CallReception, now: number): void {
    const call = this.#table.get(id);
    if (call?.phase !== 'ringing' || !call.isAutomatic) return;
    if (reception === 'answer' && this.#mayAnswerItself(call))
      return this.#table.put({ type: 'auto-answer', id });
    call.answersItself = false;
    call.isAutomatic = false;
    this.#table.put({ type: 'changed' });
    this.#arrive(call, reception === 'answer' ? 'ring' : reception, now);
  }

  #answer(id: CallId, key: CallKey, now: number): void {
    const call = this.#table.get(id);
    const theirs = call?.peer?.theirs?.key;
    if (call?.phase !== 'ringing' || !call.peer || !theirs) return;
    for (const other of this.#table.all) {
      if (other.phase !== 'dialling' || (other.isMeeting && other.person !== call.person)) continue;
      if (other.party !== undefined && other.party === call.party && other.person !== call.person) continue;
      // Where this person also calls the caller, answering replaces their own call.
      this.#table.end(other, other.person === call.person ? 'elsewhere' : 'cancelled', now);
      other.isShown = false;
    }
    call.peer.say({ state: 'answered', key, ...(call.isAutomatic && { automatic: true as const }) }, now);
    this.#table.connect(call, call.peer, theirs, now);
  }

  // ---- both sides

  #signal(input: Extract<CallInput, { type: 'signal' }>, now: number): void {
    const { from, signal } = input;
    const call = this.#table.get(signal.call);
    const leg = call?.legs.get(from);
    if (!call || !leg || call.side === signal.side) {
      if (!call && signal.state === 'calling') {
        if (this.takes(signal, from, now)) this.#invited(input, now);
      } else if (signal.asks) this.#sayUnknown(from, signal);
      return;
    }
    call.heardAt = now;
    const isNews = leg.take(signal, now);
    if (isNews) this.#table.put({ type: 'changed' });
    if (isNews) this.#news(call, leg, signal, now);
    // A signal that the step itself brings about is sent at once, and acknowledges as well.
    if (signal.asks && leg.nextAt > now) this.#table.put({ type: 'send', to: from, signal: leg.signal() });
  }

  #news(call: Call, leg: Leg, { state, reason, key }: CallSignal, now: number): void {
    if (state === 'ended') this.#legEnded(call, leg, reason ?? 'other', now);
    else if (state === 'answered' && key) this.#answered(call, leg, key, now);
    this.#referrals.said(call, leg, now);
  }

  /** Answers a signal about a call that is unknown here, so that the other side stops waiting for it. */
  #sayUnknown(to: NodeId, { call, side, rev }: CallSignal): void {
    const signal: CallSignal = {
      ...{ v: 1, call, side: side === 'caller' ? 'callee' : 'caller', rev: 1, seen: rev },
      ...ended('other'),
    };
    this.#table.put({ type: 'send', to, signal });
  }

  #hangUp(id: CallId, reason: CallOutcome | undefined, now: number): void {
    const call = this.#table.get(id);
    if (!call) return;
    if (call.phase === 'ended') {
      call.isShown = false;
      this.#table.put({ type: 'changed' });
      return;
    }
    // Only a person hangs up a whole call of several. With a reason (it failed) just this leg of it ends.
    if (reason === undefined && call.phase === 'active' && call.party !== undefined) {
      this.#parties.leave(call.party);
      for (const other of this.#table.all) {
        if (other === call || other.party !== call.party) continue;
        this.#table.end(other, 'hung-up', now);
        other.isShown = false;
      }
    }
    const byPhase = { dialling: 'cancelled', ringing: 'declined', active: 'hung-up' } as const;
    this.#table.end(call, reason ?? byPhase[call.phase], now);
    if (reason === undefined) call.isShown = false;
  }

  /** A person who takes a call up again takes back its transfer. */
  #hold(call: Call, isOn: boolean, now: number): void {
    if (!isOn) this.#referrals.takeBack(call, now);
    this.#table.holdParty(call, isOn, now);
  }

  #merge(id: CallId, into: CallId, now: number): void {
    const [call, first] = [this.#table.get(id), this.#table.get(into)];
    if (call && first) this.#parties.merge(first, call, now);
  }

  #change(id: CallId, change: (call: Call) => void): void {
    const call = this.#table.get(id);
    if (call?.phase !== 'active') return;
    change(call);
    this.#table.put({ type: 'changed' });
  }

  /** Ends what has lasted too long. */
  #expire(call: Call, now: number): void {
    if (call.phase === 'ended') {
      if (call.isShown && now - call.since >= this.#times.shownMs) {
        call.isShown = false;
        this.#table.put({ type: 'changed' });
      }
      if (now - call.since >= this.#times.keptMs) this.#table.forget(call.id);
    } else if (call.phase === 'active') {
      if (now - call.heardAt >= this.#times.silenceMs) this.#table.end(call, 'vanished', now);
    } else if (now - call.since >= this.#ringMs(call)) {
      this.#table.end(call, 'unanswered', now);
    } else {
      for (const leg of call.legs.values()) {
        if (now - leg.heardAt >= this.#patience(leg)) this.#legEnded(call, leg, 'vanished', now);
      }
    }
  }

  /** Sends what is due: changes, repetitions, and the regular signal of each leg. */
  #send(call: Call, now: number): void {
    for (const leg of call.legs.values()) {
      const signal = leg.due(now);
      if (signal) this.#table.put({ type: 'send', to: leg.node, signal });
    }
  }

  /** The called side waits a little longer, because the caller's side decides that nobody answered. */
  #ringMs({ side }: Call): number {
    return side === 'caller' ? this.#times.ringMs : this.#times.ringMs + this.#times.reachMs;
  }

  #patience(leg: Leg): number {
    if (leg.hasEnded) return Infinity;
    return leg.theirs ? this.#times.ringingSilenceMs : this.#times.reachMs;
  }

  #dueAt(call: Call): number {
    const { keptMs, shownMs, silenceMs } = this.#times;
    const legs = [...call.legs.values()];
    const sending = Math.min(...legs.map(({ nextAt }) => nextAt), Infinity);
    if (call.phase === 'ended')
      return Math.min(sending, call.since + (call.isShown ? Math.min(shownMs, keptMs) : keptMs));
    if (call.phase === 'active') return Math.min(sending, call.heardAt + silenceMs);
    const silent = legs.map((leg) => leg.heardAt + this.#patience(leg));
    return Math.min(sending, call.since + this.#ringMs(call), ...silent);
  }

  /** A call that answers itself is not shown ringing, nor is one from a person whom this person is calling: those two become one. */
  #isShown(call: Call): boolean {
    if (call.phase === 'ended') return call.isShown;
    if (call.phase === 'ringing' && call.answersItself) return false;
    // While a colleague picks up a call, the caller is still shown the first call, until the colleague has it.
    if (call.phase === 'dialling' && this.#table.get(call.origin)?.phase === 'dialling') return false;
    const isKeptBack = this.#table.all.some(
      ({ phase, person }) => phase === 'dialling' && person === call.person,
    );
    return call.phase !== 'ringing' || !isKeptBack;
  }
}
