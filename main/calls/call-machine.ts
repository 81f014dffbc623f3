import {
  assertNever,
  type CallEndReason,
  type CallId,
  type CallKey,
  type CallSignal,
  type NodeId,
} from '../model/index.ts';
import { Leg, type Word } from './leg.ts';
import type { CallReception } from './reception.ts';

/** How long each thing may last, milliseconds. */
export interface CallTimes {
  /** A call rings for this long; then it was not answered. */
  readonly ringMs: number;
  /** A computer that is called and says nothing for this long is out of reach. */
  readonly reachMs: number;
  /** Whoever rings here and says nothing for this long is gone. */
  readonly ringingSilenceMs: number;
  /** A call in which nothing comes for this long ends: no packet, no signal. */
  readonly silenceMs: number;
  /** An end that the other side does not acknowledge is repeated for this long; what comes late is answered for this long. */
  readonly keptMs: number;
  /** Why a call did not come about, or broke off, is shown for this long. */
  readonly shownMs: number;
}

export const CALL_TIMES: CallTimes = {
  ...{ ringMs: 45_000, reachMs: 6000, ringingSilenceMs: 10_000 },
  ...{ silenceMs: 30_000, keptMs: 60_000, shownMs: 60_000 },
};

/** As many calls of one person, and of all, can be there at once. */
export interface CallLimits {
  readonly perPerson: number;
  readonly inAll: number;
}

export interface CallMachineOptions {
  readonly times: CallTimes;
  readonly limits: CallLimits;
}

/** What happens to this computer's calls. */
export type CallInput =
  /** The person calls somebody: at these computers, under a key of its own for each. */
  | {
      readonly type: 'dial';
      readonly id: CallId;
      readonly person: NodeId;
      readonly legs: readonly { readonly node: NodeId; readonly key: CallKey }[];
    }
  /** A member's computer says something of a call. `reception`: what becomes of a call that comes now. */
  | {
      readonly type: 'signal';
      readonly from: NodeId;
      readonly person: NodeId;
      readonly signal: CallSignal;
      readonly reception: CallReception;
    }
  /** The person answers: this side speaks under that key. */
  | { readonly type: 'answer'; readonly id: CallId; readonly key: CallKey }
  /** The person hangs up, does not want the call now, or has seen why there is none. */
  | { readonly type: 'hang-up'; readonly id: CallId; readonly reason?: CallEndReason }
  | { readonly type: 'mute'; readonly id: CallId; readonly isOn: boolean }
  | { readonly type: 'hold'; readonly id: CallId; readonly isOn: boolean }
  /** Packets of the call come in. */
  | { readonly type: 'heard'; readonly id: CallId }
  /** That member is out of the office: their computers are reached no more. */
  | { readonly type: 'gone'; readonly node: NodeId }
  | { readonly type: 'tick' };

/** What is to be done about it. */
export type CallOutput =
  | { readonly type: 'send'; readonly to: NodeId; readonly signal: CallSignal }
  /** Both called each other: the person has answered by that. */
  | { readonly type: 'auto-answer'; readonly id: CallId }
  /** Voices go both ways from now on. `theirs`: what the other side speaks under. */
  | { readonly type: 'connected'; readonly id: CallId; readonly node: NodeId; readonly theirs: CallKey }
  /** Nothing goes any way any more. */
  | { readonly type: 'disconnected'; readonly id: CallId }
  /** Somebody called, and was not answered at this computer nor at another one of this person. */
  | { readonly type: 'missed'; readonly person: NodeId }
  | { readonly type: 'changed' };

/** A call as its person sees it. */
export interface ShownCall {
  readonly id: CallId;
  readonly person: NodeId;
  readonly direction: 'out' | 'in';
  /**
   * calling: nothing is heard of the other side yet; ringing; waiting: its person is in another call; notified: nothing rings there,
   * but the person is told; active; ended: it shows why.
   */
  readonly state: 'calling' | 'ringing' | 'waiting' | 'notified' | 'active' | 'ended';
  readonly reason: CallEndReason | 'unreachable' | null;
  /** Since when it is in this call, or rings. Milliseconds by the machine's clock. */
  readonly since: number;
  readonly isMuted: boolean;
  /** By this side, by the other one. */
  readonly isHeld: boolean;
  readonly isHeldByThem: boolean;
}

type Phase = 'dialling' | 'ringing' | 'active' | 'ended';

interface Call {
  readonly id: CallId;
  readonly side: CallSignal['side'];
  readonly person: NodeId;
  readonly legs: Map<NodeId, Leg>;
  phase: Phase;
  /** The computer at the other end. */
  peer: Leg | undefined;
  since: number;
  heardAt: number;
  isMuted: boolean;
  reason: CallEndReason | 'unreachable' | undefined;
  /** It is shown why it ended. */
  isShown: boolean;
}

/** Of the reasons for which several computers did not take a call, the first of these says most. */
const SAYS_MOST: readonly CallEndReason[] = ['declined', 'undisturbed', 'full', 'unanswered'];

/**
 * All calls of one computer. Both ends of each come to the same in the end, whatever the network loses or turns round, and nothing
 * rings for ever. Pure: time is an argument, milliseconds by one clock of the caller's.
 */
export class CallMachine {
  readonly #times: CallTimes;
  readonly #limits: CallLimits;
  readonly #calls = new Map<CallId, Call>();
  #outputs: CallOutput[] = [];

  constructor({ times, limits }: CallMachineOptions) {
    this.#times = times;
    this.#limits = limits;
  }

  /** When `tick` is due; Infinity: nothing goes on. */
  nextWakeAt(): number {
    return Math.min(...[...this.#calls.values()].map((call) => this.#dueAt(call)), Infinity);
  }

  /** What the person is shown, the one that they are in first. */
  shown(): readonly ShownCall[] {
    const shown = [...this.#calls.values()].filter((call) => this.#isShown(call)).map(shownCall);
    const rank = (call: ShownCall): number => (call.state === 'active' ? (call.isHeld ? 1 : 0) : 2);
    return shown.sort((a, b) => rank(a) - rank(b));
  }

  /** What the caller offered in a call that rings here; undefined: none does. */
  offerOf(id: CallId): { readonly node: NodeId; readonly key: CallKey } | undefined {
    const call = this.#calls.get(id);
    const key = call?.peer?.theirs?.key;
    return call?.phase === 'ringing' && call.peer && key ? { node: call.peer.node, key } : undefined;
  }

  /** Whether this computer knows the call, also for a while after its end. */
  knows(id: CallId): boolean {
    return this.#calls.has(id);
  }

  /** Whether it rings or is talked in. */
  isGoing(id: CallId): boolean {
    return (this.#calls.get(id)?.phase ?? 'ended') !== 'ended';
  }

  step(input: CallInput, now: number): readonly CallOutput[] {
    this.#take(input, now);
    for (const call of [...this.#calls.values()]) this.#pass(call, now);
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #take(input: CallInput, now: number): void {
    switch (input.type) {
      case 'dial':
        return this.#dial(input, now);
      case 'signal':
        return this.#signal(input, now);
      case 'answer':
        return this.#answer(input.id, input.key, now);
      case 'hang-up':
        return this.#hangUp(input.id, input.reason, now);
      case 'mute':
        return this.#change(input.id, (call) => (call.isMuted = input.isOn));
      case 'hold':
        return this.#change(input.id, (call) => this.#hold(call, input.isOn, now));
      case 'heard': {
        const call = this.#calls.get(input.id);
        if (call) call.heardAt = now;
        return;
      }
      case 'gone':
        for (const call of this.#calls.values())
          this.#legEnded(call, call.legs.get(input.node), 'vanished', now);
        return;
      case 'tick':
        return;
      default:
        assertNever(input);
    }
  }

  // ---- the caller's side

  #dial({ id, person, legs }: Extract<CallInput, { type: 'dial' }>, now: number): void {
    for (const call of this.#calls.values()) {
      if (call.phase === 'dialling') this.#end(call, 'cancelled', now);
      if (call.phase === 'ended') call.isShown = false;
      this.#hold(call, true, now);
    }
    const theirs = this.#begin(id, 'caller', person, now);
    for (const { node, key } of legs)
      theirs.legs.set(node, new Leg(id, 'caller', node, { state: 'calling', key }, now));
  }

  /** The first computer of theirs that answers has the call, and all others end it. */
  #answered(call: Call, leg: Leg, key: CallKey, now: number): void {
    if (call.phase !== 'dialling' || leg.hasEnded) return;
    leg.say({ state: 'connected' }, now);
    for (const other of call.legs.values()) if (other !== leg) other.say(ended('elsewhere'), now);
    this.#connect(call, leg, key, now);
  }

  #legEnded(call: Call, leg: Leg | undefined, reason: CallEndReason, now: number): void {
    if (!leg || leg.hasEnded) return;
    leg.say(ended(reason), now);
    if (call.peer === leg) return this.#end(call, reason, now);
    if (call.phase !== 'dialling') return;
    // Whoever does not want to speak now does not want to at another computer.
    if (reason === 'declined') return this.#end(call, reason, now, 'elsewhere');
    const reasons = [...call.legs.values()].flatMap(({ hasEnded, theirs, own }) =>
      hasEnded ? (theirs?.reason ?? own.reason ?? []) : [],
    );
    if (reasons.length < call.legs.size) return;
    this.#end(call, SAYS_MOST.find((one) => reasons.includes(one)) ?? 'unreachable', now);
  }

  // ---- the side that is called

  #invited({ from, person, signal, reception }: Extract<CallInput, { type: 'signal' }>, now: number): void {
    const call = this.#begin(signal.call, 'callee', person, now);
    const leg = new Leg(call.id, 'callee', from, { state: 'ringing' }, now);
    leg.take(signal, now);
    call.legs.set(from, leg);
    call.peer = leg;
    const going = [...this.#calls.values()].filter((other) => other !== call && other.phase !== 'ended');
    const ofPerson = going.filter((other) => other.person === person && other.side === 'callee');
    if (going.length >= this.#limits.inAll || ofPerson.length >= this.#limits.perPerson)
      return this.#end(call, 'full', now);
    const own = going.find((other) => other.phase === 'dialling' && other.person === person);
    if (own) {
      // Both called each other. Both computers have both calls, and take the one with the lower name.
      if (call.id < own.id) this.#outputs.push({ type: 'auto-answer', id: call.id });
      return;
    }
    if (reception === 'miss') return this.#end(call, 'undisturbed', now);
    if (going.some(({ phase }) => phase === 'active')) leg.say({ state: 'waiting' }, now);
    else if (reception === 'notify') leg.say({ state: 'notified' }, now);
  }

  #answer(id: CallId, key: CallKey, now: number): void {
    const call = this.#calls.get(id);
    const theirs = call?.peer?.theirs?.key;
    if (call?.phase !== 'ringing' || !call.peer || !theirs) return;
    for (const other of this.#calls.values()) {
      if (other.phase !== 'dialling') continue;
      // Whoever calls while this person calls them is answered by this.
      this.#end(other, other.person === call.person ? 'elsewhere' : 'cancelled', now);
      other.isShown = false;
    }
    call.peer.say({ state: 'answered', key }, now);
    this.#connect(call, call.peer, theirs, now);
  }

  // ---- both sides

  #begin(id: CallId, side: CallSignal['side'], person: NodeId, now: number): Call {
    const call: Call = {
      ...{ id, side, person, legs: new Map(), peer: undefined, since: now, heardAt: now },
      ...{ phase: side === 'caller' ? 'dialling' : 'ringing', isMuted: false, reason: undefined },
      isShown: false,
    };
    this.#calls.set(id, call);
    this.#outputs.push({ type: 'changed' });
    return call;
  }

  #signal(input: Extract<CallInput, { type: 'signal' }>, now: number): void {
    const { from, signal } = input;
    const call = this.#calls.get(signal.call);
    const leg = call?.legs.get(from);
    if (!call || !leg || call.side === signal.side) {
      if (!call && signal.state === 'calling') this.#invited(input, now);
      else if (signal.asks) this.#sayUnknown(from, signal);
      return;
    }
    call.heardAt = now;
    const isNews = leg.take(signal, now);
    if (isNews) this.#outputs.push({ type: 'changed' });
    if (isNews) this.#news(call, leg, signal, now);
    // What this brings about may be due at once, and acknowledges as well.
    if (signal.asks && leg.nextAt > now) this.#outputs.push({ type: 'send', to: from, signal: leg.signal() });
  }

  #news(call: Call, leg: Leg, { state, reason, key }: CallSignal, now: number): void {
    if (state === 'ended') this.#legEnded(call, leg, reason ?? 'other', now);
    else if (state === 'answered' && key) this.#answered(call, leg, key, now);
  }

  /** Of a call that is none here, or none any more: the other side is not to wait for it. */
  #sayUnknown(to: NodeId, { call, side, rev }: CallSignal): void {
    const signal: CallSignal = {
      ...{ v: 1, call, side: side === 'caller' ? 'callee' : 'caller', rev: 1, seen: rev },
      ...ended('other'),
    };
    this.#outputs.push({ type: 'send', to, signal });
  }

  /** Whoever listens to one call holds the others. */
  #connect(call: Call, leg: Leg, theirs: CallKey, now: number): void {
    for (const other of this.#calls.values()) this.#hold(other, true, now);
    call.phase = 'active';
    call.peer = leg;
    call.since = now;
    call.heardAt = now;
    this.#outputs.push({ type: 'connected', id: call.id, node: leg.node, theirs }, { type: 'changed' });
  }

  #hangUp(id: CallId, reason: CallEndReason | undefined, now: number): void {
    const call = this.#calls.get(id);
    if (!call) return;
    if (call.phase === 'ended') {
      call.isShown = false;
      this.#outputs.push({ type: 'changed' });
      return;
    }
    const byPhase = { dialling: 'cancelled', ringing: 'declined', active: 'hung-up' } as const;
    this.#end(call, reason ?? byPhase[call.phase], now);
    if (reason === undefined) call.isShown = false;
  }

  #hold(call: Call, isOn: boolean, now: number): void {
    const leg = call.peer;
    if (call.phase !== 'active' || !leg || leg.hasEnded || (leg.own.held ?? false) === isOn) return;
    const { held: _before, ...own } = leg.own;
    leg.say(isOn ? { ...own, held: true } : own, now);
    this.#outputs.push({ type: 'changed' });
    if (isOn) return;
    for (const other of this.#calls.values()) if (other !== call) this.#hold(other, true, now);
  }

  #change(id: CallId, change: (call: Call) => void): void {
    const call = this.#calls.get(id);
    if (call?.phase !== 'active') return;
    change(call);
    this.#outputs.push({ type: 'changed' });
  }

  /** `toOthers`: what computers are told that did not end it themselves. */
  #end(call: Call, reason: Call['reason'] & string, now: number, toOthers?: CallEndReason): void {
    const { phase } = call;
    if (phase === 'ended') return;
    const told = toOthers ?? (reason === 'unreachable' ? 'vanished' : reason);
    for (const leg of call.legs.values()) leg.say(ended(told), now);
    call.phase = 'ended';
    call.since = now;
    call.reason = reason;
    // Whoever hung up knows it; whoever was called finds it among the missed calls.
    call.isShown = phase === 'active' ? reason !== 'hung-up' : phase === 'dialling';
    if (phase === 'active') this.#outputs.push({ type: 'disconnected', id: call.id });
    const isMissed = phase === 'ringing' && reason !== 'elsewhere' && reason !== 'full';
    if (isMissed) this.#outputs.push({ type: 'missed', person: call.person });
    this.#outputs.push({ type: 'changed' });
  }

  /** What time brings: repetitions, beats, ends. */
  #pass(call: Call, now: number): void {
    if (call.phase === 'ended') {
      if (call.isShown && now - call.since >= this.#times.shownMs) {
        call.isShown = false;
        this.#outputs.push({ type: 'changed' });
      }
      if (now - call.since >= this.#times.keptMs) this.#calls.delete(call.id);
    } else if (call.phase === 'active') {
      if (now - call.heardAt >= this.#times.silenceMs) this.#end(call, 'vanished', now);
    } else if (now - call.since >= this.#ringMs(call)) {
      this.#end(call, 'unanswered', now);
    } else {
      for (const leg of call.legs.values()) {
        if (now - leg.heardAt >= this.#patience(leg)) this.#legEnded(call, leg, 'vanished', now);
      }
    }
    for (const leg of call.legs.values()) {
      const signal = leg.due(now);
      if (signal) this.#outputs.push({ type: 'send', to: leg.node, signal });
    }
  }

  /** Whoever is called waits a little longer than the caller, whose word it is that nobody answered. */
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

  /** While this person calls somebody who calls them, that call is kept back: one of the two becomes both. */
  #isShown(call: Call): boolean {
    if (call.phase === 'ended') return call.isShown;
    const isKeptBack = [...this.#calls.values()].some(
      ({ phase, person }) => phase === 'dialling' && person === call.person,
    );
    return call.phase !== 'ringing' || !isKeptBack;
  }
}

function ended(reason: CallEndReason): Word {
  return { state: 'ended', reason };
}

function shownCall(call: Call): ShownCall {
  const { id, person, side, since, isMuted, reason = null, peer } = call;
  return {
    ...{ id, person, since, isMuted, reason, state: stateOf(call) },
    direction: side === 'caller' ? 'out' : 'in',
    isHeld: peer?.own.held ?? false,
    isHeldByThem: peer?.theirs?.held ?? false,
  };
}

function stateOf({ phase, side, peer, legs }: Call): ShownCall['state'] {
  if (phase === 'active' || phase === 'ended') return phase;
  const said = side === 'callee' ? [peer?.own.state] : [...legs.values()].map(({ theirs }) => theirs?.state);
  return (['ringing', 'waiting', 'notified'] as const).find((state) => said.includes(state)) ?? 'calling';
}
