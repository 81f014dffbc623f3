import type { CallEndReason, CallId, CallKey, NodeId } from '../model/index.ts';
import { ended, saidAs, without, type Call, type ShownReason } from './call.ts';
import type { CallOutput } from './call-steps.ts';
import type { Leg } from './leg.ts';

/** Ends that whoever was in the call knows of. */
const NOT_SHOWN: readonly ShownReason[] = ['hung-up', 'transferred', 'picked-up'];
/** Ends of a call that rang here which leave nothing to call back for. */
const NOT_MISSED: readonly ShownReason[] = ['elsewhere', 'full', 'picked-up'];

export type Begun = Pick<Call, 'id' | 'side' | 'person' | 'meant'>;

/** The calls of one computer, and what can happen to each of them. Pure: times are milliseconds by one clock of the caller's. */
export class CallTable {
  readonly #calls = new Map<CallId, Call>();
  #outputs: CallOutput[] = [];

  /** As they are now: what is begun or forgotten meanwhile changes nothing. */
  get all(): readonly Call[] {
    return [...this.#calls.values()];
  }

  get(id: CallId | undefined): Call | undefined {
    return id === undefined ? undefined : this.#calls.get(id);
  }

  forget(id: CallId): void {
    this.#calls.delete(id);
  }

  put(...outputs: readonly CallOutput[]): void {
    this.#outputs.push(...outputs);
  }

  /** What is to be done since this was asked last. */
  take(): readonly CallOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  begin({ id, side, person, meant }: Begun, now: number): Call {
    const call: Call = {
      ...{ id, side, person, meant, legs: new Map(), peer: undefined, since: now, heardAt: now },
      ...{ phase: side === 'caller' ? 'dialling' : 'ringing', isMuted: false, reason: undefined },
      ...{ party: undefined, isMeeting: false, answersItself: false, isSettled: false },
      ...{ isShown: false, origin: undefined, consultation: undefined, failed: undefined },
    };
    this.#calls.set(id, call);
    this.put({ type: 'changed' });
    return call;
  }

  /** Nobody is asked whether to answer it, and it does not ring. */
  answerItself(call: Call): void {
    call.answersItself = true;
    this.put({ type: 'auto-answer', id: call.id });
  }

  /** What is talked in together with this call: itself, and the others of a call of several. */
  partyOf(call: Call): readonly Call[] {
    const isWith = (other: Call): boolean =>
      other === call || (call.party !== undefined && other.party === call.party);
    return this.all.filter((other) => other.phase === 'active' && isWith(other));
  }

  /** Whoever listens to one call holds the others. Who comes into a call of several finds it as it is. */
  connect(call: Call, leg: Leg, theirs: CallKey, now: number): void {
    const party = this.partyOf(call);
    const isHeld = party.length > 0 && party.every(({ peer }) => peer?.own.held);
    if (isHeld) leg.say({ ...leg.own, held: true }, now);
    else this.holdOthers(call, now);
    call.isMuted = party.some(({ isMuted }) => isMuted);
    call.phase = 'active';
    call.peer = leg;
    call.since = now;
    call.heardAt = now;
    this.put({ type: 'connected', id: call.id, node: leg.node, theirs }, { type: 'changed' });
  }

  hold(call: Call, isOn: boolean, now: number): void {
    const leg = call.peer;
    if (call.phase !== 'active' || !leg || leg.hasEnded || (leg.own.held ?? false) === isOn) return;
    leg.say(isOn ? { ...leg.own, held: true } : without(leg.own, 'held'), now);
    // Why it was not put through is old news then.
    call.failed = undefined;
    this.put({ type: 'changed' });
    if (!isOn) this.holdOthers(call, now);
  }

  holdParty(call: Call, isOn: boolean, now: number): void {
    for (const one of this.partyOf(call)) this.hold(one, isOn, now);
  }

  holdOthers(call: Call, now: number): void {
    const party = this.partyOf(call);
    for (const other of this.all) if (other !== call && !party.includes(other)) this.hold(other, true, now);
  }

  /** `toOthers`: what computers are told that did not end it themselves. `by`: who picked it up. */
  end(
    call: Call,
    reason: ShownReason,
    now: number,
    toOthers: CallEndReason = saidAs(reason),
    by?: NodeId,
  ): void {
    const { phase } = call;
    if (phase === 'ended') return;
    for (const leg of call.legs.values()) leg.say(ended(toOthers, by), now);
    call.phase = 'ended';
    call.since = now;
    call.reason = reason;
    // Whoever hung up knows it; whoever was called finds it among the missed calls.
    if (!call.isMeeting && this.get(call.origin)?.phase !== 'dialling') call.isShown = isTold(phase, reason);
    if (phase === 'active') this.put({ type: 'disconnected', id: call.id });
    if (phase === 'ringing' && !NOT_MISSED.includes(reason))
      this.put({ type: 'missed', person: call.person });
    this.put({ type: 'changed' });
  }
}

/** Whether its person is to be told why it ended. */
function isTold(phase: Call['phase'], reason: ShownReason): boolean {
  if (phase === 'ringing') return reason === 'picked-up';
  return phase === 'active' ? !NOT_SHOWN.includes(reason) : reason !== 'picked-up';
}
