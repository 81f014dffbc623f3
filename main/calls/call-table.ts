import type { CallEndReason, CallId, CallKey } from '../model/index.ts';
import { ended, saidAs, type Call, type ShownReason } from './call.ts';
import type { CallOutput } from './call-steps.ts';
import type { Leg } from './leg.ts';

/** Ends that whoever was in the call knows of. */
const NOT_SHOWN: readonly ShownReason[] = ['hung-up', 'transferred'];
/** Ends of a call that rang here which leave nothing to call back for. */
const NOT_MISSED: readonly ShownReason[] = ['elsewhere', 'full'];

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
      ...{ isShown: false, origin: undefined, consultation: undefined, failed: undefined },
    };
    this.#calls.set(id, call);
    this.put({ type: 'changed' });
    return call;
  }

  /** Whoever listens to one call holds the others. */
  connect(call: Call, leg: Leg, theirs: CallKey, now: number): void {
    this.holdOthers(call, now);
    call.phase = 'active';
    call.peer = leg;
    call.since = now;
    call.heardAt = now;
    this.put({ type: 'connected', id: call.id, node: leg.node, theirs }, { type: 'changed' });
  }

  hold(call: Call, isOn: boolean, now: number): void {
    const leg = call.peer;
    if (call.phase !== 'active' || !leg || leg.hasEnded || (leg.own.held ?? false) === isOn) return;
    const { held: _before, ...own } = leg.own;
    leg.say(isOn ? { ...own, held: true } : own, now);
    this.put({ type: 'changed' });
    if (!isOn) this.holdOthers(call, now);
  }

  holdOthers(call: Call, now: number): void {
    for (const other of this.all) if (other !== call) this.hold(other, true, now);
  }

  /** `toOthers`: what computers are told that did not end it themselves. */
  end(call: Call, reason: ShownReason, now: number, toOthers: CallEndReason = saidAs(reason)): void {
    const { phase } = call;
    if (phase === 'ended') return;
    for (const leg of call.legs.values()) leg.say(ended(toOthers), now);
    call.phase = 'ended';
    call.since = now;
    call.reason = reason;
    // Whoever hung up knows it; whoever was called finds it among the missed calls.
    call.isShown = phase === 'active' ? !NOT_SHOWN.includes(reason) : phase === 'dialling';
    if (phase === 'active') this.put({ type: 'disconnected', id: call.id });
    if (phase === 'ringing' && !NOT_MISSED.includes(reason))
      this.put({ type: 'missed', person: call.person });
    this.put({ type: 'changed' });
  }
}
