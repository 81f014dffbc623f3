import type { CallEndReason, CallId, CallKey, NodeId } from '../model/index.ts';
import { ended, sentReason, without, type Call, type CallOutcome } from './call.ts';
import type { CallOutput } from './call-steps.ts';
import type { Leg } from './leg.ts';

/** Reasons that need not be shown to a person who was in the call: they know them. */
const NOT_SHOWN: readonly CallOutcome[] = ['hung-up', 'transferred', 'picked-up'];
/** Reasons for which a call that rang here does not count as missed. */
const NOT_MISSED: readonly CallOutcome[] = ['elsewhere', 'full', 'picked-up'];

export type Begun = Pick<Call, 'id' | 'side' | 'person' | 'meant'> &
  Partial<Pick<Call, 'party' | 'isMeeting' | 'origin'>>;

/** The calls of one computer, and what can happen to each of them. Pure: times are milliseconds of one monotonic clock. */
export class CallTable {
  readonly #calls = new Map<CallId, Call>();
  #outputs: CallOutput[] = [];

  /** A copy of the list: calls can be added and removed while a caller iterates over it. */
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

  /** Returns the outputs that were put since the last `take`, and empties the list. */
  take(): readonly CallOutput[] {
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  begin(begun: Begun, now: number): Call {
    const { id, side, person, meant, party, isMeeting = false, origin } = begun;
    const call: Call = {
      ...{ id, side, person, meant, legs: new Map(), peer: undefined, since: now, heardAt: now },
      ...{ phase: side === 'caller' ? 'dialling' : 'ringing', isMuted: false, reason: undefined },
      ...{ party, isMeeting, answersItself: false, isAutomatic: false, isSettled: false },
      ...{ isShown: false, origin, consultation: undefined, failed: undefined },
    };
    this.#calls.set(id, call);
    this.put({ type: 'changed' });
    return call;
  }

  /** Answers it without asking the person; it does not ring. */
  answerItself(call: Call): void {
    call.answersItself = true;
    this.put({ type: 'auto-answer', id: call.id });
  }

  /** It is answered after a tone, since the person chose that for the caller. Until then it does not ring. */
  announce(call: Call): void {
    call.answersItself = true;
    call.isAutomatic = true;
    this.put({ type: 'announce', id: call.id });
  }

  /** The active calls that belong together: this one, and the others of the same call of several. */
  partyOf(call: Call): readonly Call[] {
    const isWith = (other: Call): boolean =>
      other === call || (call.party !== undefined && other.party === call.party);
    return this.all.filter((other) => other.phase === 'active' && isWith(other));
  }

  /** Makes a call active, and holds all others. A call that joins a call of several takes over its hold and mute. */
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
    // The reason why the last transfer failed is out of date then.
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

  /** `toOthers`: the reason that is sent to computers which did not end it themselves. `by`: who picked it up. */
  end(
    call: Call,
    reason: CallOutcome,
    now: number,
    toOthers: CallEndReason = sentReason(reason),
    by?: NodeId,
  ): void {
    const { phase } = call;
    if (phase === 'ended') return;
    for (const leg of call.legs.values()) leg.say(ended(toOthers, by), now);
    call.phase = 'ended';
    call.since = now;
    call.reason = reason;
    // A call that no person dialled is not shown, nor one that would have replaced a call which still rings (a pick-up).
    if (!call.isMeeting && this.get(call.origin)?.phase !== 'dialling')
      call.isShown = isReasonShown(phase, reason);
    if (phase === 'active') this.put({ type: 'disconnected', id: call.id });
    if (phase === 'ringing' && !NOT_MISSED.includes(reason))
      this.put({ type: 'missed', person: call.person });
    this.put({ type: 'changed' });
  }
}

/** Whether the person is shown why it ended. A person who was called finds the call among the missed ones. */
function isReasonShown(phase: Call['phase'], reason: CallOutcome): boolean {
  if (phase === 'ringing') return reason === 'picked-up';
  return phase === 'active' ? !NOT_SHOWN.includes(reason) : reason !== 'picked-up';
}
