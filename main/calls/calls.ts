import {
  BUDGETS,
  Emitter,
  faults,
  newCallId,
  type CallId,
  type CallSignal,
  type KnownNode,
  type NodeId,
} from '../model/index.ts';
import { Announcements } from './announcements.ts';
import type { CallView, CallOutcome } from './call.ts';
import { CallDoor } from './call-door.ts';
import { CallSounds } from './call-sounds.ts';
import type { CallEvents, DialOptions } from './call-events.ts';
import { CallKeys, type KeyFor } from './call-keys.ts';
import { CallMachine } from './call-machine.ts';
import { CALL_TIMES, type CallInput, type CallOutput } from './call-steps.ts';
import { CallReach } from './call-reach.ts';
import { AskedCalls, type PreparedCall } from './asked-calls.ts';
import { noCall, noSuchCall } from './call-refusals.ts';
import { CallRules } from './call-rules.ts';
import { CallVoices } from './call-voices.ts';
import type { CallsParts } from './ports.ts';
import { Recordings } from './recordings.ts';
import { PickUps, type PickUpWord } from './pick-ups.ts';

/** This computer's calls. The machine decides; this class makes keys, sends signals, and instructs the media worker. */
export class Calls {
  readonly events = new Emitter<CallEvents>((error) => faults.tell('calls', error));
  readonly rules: CallRules;
  readonly #parts: CallsParts;
  readonly #machine: CallMachine;
  readonly #voices: CallVoices;
  readonly #keys: CallKeys;
  readonly #sounds: CallSounds;
  readonly #reach: CallReach;
  readonly #door: CallDoor;
  readonly #asked: AskedCalls;
  readonly #pickUps: PickUps;
  readonly #announcements: Announcements;
  readonly #recordings = new Recordings();
  #cancelWake: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: CallsParts) {
    const { perPeer, inAll } = BUDGETS.calls;
    this.#parts = parts;
    this.#keys = new CallKeys(parts.identity, parts.random);
    this.#sounds = new CallSounds(parts.media);
    this.#reach = new CallReach(parts.office);
    this.#asked = new AskedCalls({
      ...{ keys: this.#keys, reach: this.#reach, log: parts.log },
      mayBegin: (from) => this.#door.mayBegin(from),
    });
    this.#machine = new CallMachine({
      self: parts.identity.nodeId,
      times: CALL_TIMES,
      limits: { perPerson: perPeer.atOnce, inAll: inAll.atOnce },
    });
    this.rules = new CallRules(this.#machine, this.#reach);
    const shared = {
      ...{ ...parts, machine: this.#machine, reach: this.#reach },
      step: (input: CallInput) => this.#step(input),
    };
    this.#door = new CallDoor({ ...shared, over: (too) => this.events.emit('over', too) });
    this.#pickUps = new PickUps({
      ...{ ...shared, newId: () => this.#newId() },
      over: (node) => this.events.emit('over', { node, budget: 'pickUps' }),
    });
    this.#announcements = new Announcements(shared);
    this.#voices = new CallVoices({ ...parts, keys: this.#keys });
    parts.media.on('call-heard', ({ id }) => this.#step({ type: 'heard', id: id as CallId }));
    parts.media.on('call-failed', ({ id }) => this.hangUp(id as CallId, 'failed'));
    parts.media.on('crashed', () => this.#crashed());
  }

  /** The calls that the person is shown. The one that they are in comes first. Times: milliseconds of the monotonic clock. */
  get shown(): readonly CallView[] {
    return this.#machine.shown();
  }

  /** Whether the person is calling somebody, or is in a call. */
  get isCalling(): boolean {
    return this.shown.some(({ state, isIncoming }) => !isIncoming && state !== 'ended');
  }

  /**
   * Calls a person at all their computers that are online.
   * @param pcm 48 kHz mono: sent instead of the microphone
   * @param meant the person who was dialled, where their divert leads to `person`
   * @throws CorridorError `call-unreachable`: no computer is online; `call-too-old`: those that are know no calls
   */
  async dial(person: NodeId, how?: DialOptions): Promise<CallId> {
    return this.#dial(person, this.#reach.of(person), how);
  }

  /** Answers a ringing call. @param pcm as for `dial` @throws CorridorError `no-call` where it does not ring any more */
  async answer(id: CallId, pcm?: Int16Array): Promise<void> {
    const offer = this.#machine.offerOf(id);
    const caller = offer && this.#reach.recordOf(offer.node);
    if (!caller) throw noCall();
    const made = await this.#keys.make(id, [caller]);
    const [first] = made;
    // While the key was being made the caller may have given up, or the person may have answered with another key.
    if (!first || !this.#machine.offerOf(id)) throw noCall();
    this.#begin({ type: 'answer', id, key: first.key }, made, pcm);
  }

  /**
   * Transfers the other side to that person. If this person has an active call with them (a consultation), the two are connected at
   * once; otherwise it rings there. The other side is held until they answer, and is back in this call if they do not. Returns the id
   * of the new call.
   * @throws CorridorError as `CallRules` says
   */
  transfer(id: CallId, to: NodeId): CallId {
    const refer = { call: this.#newId(), person: to };
    this.#step({ type: 'transfer', id, refer, consultation: this.rules.consultation(id, to) });
    return refer.call;
  }

  /** Calls a person into an active call. @throws CorridorError as `CallRules` says, and `no-such-call` where the call has ended */
  async add(into: CallId, person: NodeId, how?: DialOptions): Promise<CallId> {
    return this.#dial(person, this.rules.toAdd(into, person), how, into);
  }

  /** Merges a call into the one that the person is in. @throws CorridorError as `CallRules` says */
  merge(id: CallId, into: CallId): void {
    // A call of two is merged into the larger one, never the other way.
    const [one, whole] = this.#machine.sizeOf(id) > this.#machine.sizeOf(into) ? [into, id] : [id, into];
    this.rules.assertMerge(one, whole);
    this.#step({ type: 'merge', id: one, into: whole });
  }

  /** Picks up a call that rings at somebody in a group with this person. @throws CorridorError as `PickUps` says */
  pickUp(): Promise<CallId> {
    return this.#pickUps.take();
  }

  /** Handles a datagram about a pick-up from a colleague's computer. */
  pickUpSaid(message: PickUpWord, from: NodeId): void {
    this.#pickUps.hear(message, from);
  }

  /** Ends an active call, cancels or declines a ringing one, or dismisses an ended one. With a `reason` the program does. */
  hangUp(id: CallId, reason?: CallOutcome): void {
    this.#step({ type: 'hang-up', id, reason });
  }

  mute(id: CallId, isOn: boolean): void {
    this.#step({ type: 'mute', id, isOn });
  }

  hold(id: CallId, isOn: boolean): void {
    this.#step({ type: 'hold', id, isOn });
  }

  /** Records a call, once all who are in it are told. Returns the recording’s number. @throws CorridorError as `CallRules` says */
  record(id: CallId): number {
    this.rules.assertRecord(id);
    this.#step({ type: 'record', id });
    return this.#machine.lastRecording;
  }

  stopRecording(): void {
    this.#step({ type: 'stop-recording' });
  }

  /** Handles a call signal from a colleague's computer. */
  signal(signal: CallSignal, from: NodeId): void {
    const input = this.#door.take(signal, from);
    if (input) this.#step(input);
  }

  /** To be called when members, presence or addresses may have changed. Ends the calls with computers that are no member's any more. */
  look(): void {
    for (const node of this.#keys.listeners)
      if (!this.#parts.office.isMember(node)) this.#step({ type: 'gone', node });
    this.#step({ type: 'tick' });
  }

  /** Hangs up all calls, so that nobody waits for this computer. */
  close(): void {
    for (const { id } of this.shown) this.#step({ type: 'hang-up', id });
    this.#isClosed = true;
    this.#announcements.close();
    this.#cancelWake?.();
  }

  isSilenced(id: CallId): boolean {
    return this.#voices.isSilenced(id);
  }

  /**
   * To be called when a gain, a mute or an address may have changed: a person's volume, an override that sounds beside the call, a
   * colleague's computer that proved where it is. `muted`: the person mutes that colleague now.
   */
  refreshVoices(muted?: NodeId): void {
    this.#voices.update(this.shown, muted);
  }

  async #dial(
    person: NodeId,
    nodes: readonly KnownNode[],
    { pcm, meant }: DialOptions = {},
    into?: CallId,
  ): Promise<CallId> {
    const id = this.#newId();
    const legs = await this.#keys.make(id, nodes);
    this.#begin({ type: 'dial', id, person, legs, meant, into }, legs, pcm);
    // The call that it was to join may have ended while keys were made.
    if (!this.#machine.knows(id)) throw noSuchCall();
    return id;
  }

  /** Keeps the keys and the recording of a call before the machine can connect it. */
  #begin(
    input: Extract<CallInput, { type: 'dial' | 'answer' }>,
    made: readonly KeyFor[],
    pcm: Int16Array | undefined,
  ): void {
    this.#keys.keep(input.id, made);
    this.#recordings.keep(input.id, pcm);
    this.#step(input);
  }

  /** Begins a call that another computer asked for, with the recording of the call in which it asked. */
  #beginAsked(prepared: PreparedCall, by: CallId): void {
    this.#begin(prepared, prepared.legs, this.#recordings.of(by) ?? this.#recordings.only);
  }

  #step(input: CallInput): void {
    if (this.#isClosed) return;
    const outputs = this.#machine.step(input, this.#parts.clock.monotonic());
    // Before anybody is told that a tone says so.
    this.#sounds.update(this.shown, this.#parts.listener.isLocked);
    for (const output of outputs) this.#carryOut(output);
    for (const id of this.#keys.calls) {
      if (this.#machine.isGoing(id)) continue;
      this.#keys.forget(id);
      this.#recordings.forget(id);
    }
    this.#voices.update(this.shown);
    this.#wake();
    if (outputs.some(({ type }) => type === 'changed')) this.events.emit('changed', undefined);
  }

  #carryOut(output: CallOutput): void {
    if (output.type === 'send') this.#parts.office.sendCall(output.to, output.signal);
    else if (output.type === 'missed') this.events.emit('missed', output.person);
    else if (output.type === 'connected') this.#connect(output);
    else if (output.type === 'disconnected') {
      this.#voices.end(output.id);
      this.#parts.ear.release(output.id);
    } else if (output.type === 'follow')
      void this.#asked.follow(output).then((asked) => this.#beginAsked(asked, output.origin));
    else if (output.type === 'meet')
      void this.#asked
        .meet({ ...output, id: this.#newId() })
        .then((asked) => asked && this.#beginAsked(asked, output.party));
    else if (output.type === 'record') this.#parts.media.post({ ...output, type: 'call-record' });
    else if (output.type === 'recorded') {
      this.#parts.media.post({ type: 'call-record-end', recording: output.recording });
      this.events.emit('recorded', output);
    } else if (output.type === 'announce') this.#announcements.begin(output.id);
    else if (output.type === 'auto-answer')
      this.answer(output.id, this.#recordings.only).catch((error: Error) => this.#parts.log(error.message));
  }

  #connect(connected: Extract<CallOutput, { type: 'connected' }>): void {
    const { log, ear } = this.#parts;
    const { id, node } = connected;
    ear.hold(id, node);
    const beginning = { calls: () => this.shown, pcm: this.#recordings.of(id) };
    this.#voices.begin(connected, beginning).catch((error: Error) => {
      log(`call with ${node}: ${error.message}`);
      this.hangUp(id, 'failed');
    });
  }

  /** The worker's packet counters are lost with it, so no packet may be sealed under the same keys again. */
  #crashed(): void {
    this.#sounds.forget();
    for (const { id, state } of this.shown) if (state === 'active') this.hangUp(id, 'failed');
    this.#sounds.update(this.shown, this.#parts.listener.isLocked);
  }

  #newId(): CallId {
    return newCallId(this.#parts.random);
  }

  #wake(): void {
    const { clock, schedule } = this.#parts;
    this.#cancelWake?.();
    const at = this.#machine.nextWakeAt();
    if (at === Infinity || this.#isClosed) return;
    const wait = Math.max(1, Math.ceil(at - clock.monotonic()));
    this.#cancelWake = schedule(() => this.#step({ type: 'tick' }), wait);
  }
}
