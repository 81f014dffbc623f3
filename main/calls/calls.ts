import { unwrapCallKey, wrapCallKey, type Identity } from '../identity/index.ts';
import type { MessageKey, RingName } from '../media/index.ts';
import {
  BUDGETS,
  callIdSchema,
  CorridorError,
  Emitter,
  faults,
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  newMessageId,
  PeerBudget,
  type BudgetName,
  type CallEndReason,
  type CallId,
  type CallKey,
  type CallSignal,
  type Clock,
  type KnownNode,
  type NodeId,
  type Random,
  type Schedule,
} from '../model/index.ts';
import * as v from 'valibot';
import { CALL_TIMES, CallMachine, type CallInput, type CallOutput, type ShownCall } from './call-machine.ts';
import { CallVoices } from './call-voices.ts';
import type { CallEar, CallListener, CallMedia, CallOffice } from './ports.ts';
import { receiveCall } from './reception.ts';
import { ringOf } from './ring.ts';

/** More computers of one person are not called at once. */
const MAX_COMPUTERS = 8;

export interface CallsParts {
  readonly identity: Identity;
  readonly office: CallOffice;
  readonly media: CallMedia;
  readonly listener: CallListener;
  readonly ear: CallEar;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly log: (line: string) => void;
}

export interface CallEvents {
  changed: undefined;
  /** That person called, and was not answered. */
  missed: NodeId;
  /** A colleague's computer says more than this one takes. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
}

/** What this side speaks under in one call with one computer. */
interface OwnKey {
  readonly ssrc: number;
  readonly key: MessageKey;
}

/** This computer's calls: the machine decides; this class makes keys, sends, and tells the media worker. */
export class Calls {
  readonly events = new Emitter<CallEvents>((error) => faults.tell('calls', error));
  readonly #parts: CallsParts;
  readonly #machine: CallMachine;
  readonly #voices: CallVoices;
  readonly #signals = new PeerBudget(BUDGETS.callSignals);
  readonly #begun = new PeerBudget(BUDGETS.newCalls);
  readonly #keys = new Map<CallId, Map<NodeId, OwnKey>>();
  /** Recordings that are spoken instead of the microphone. */
  readonly #recordings = new Map<CallId, Int16Array>();
  #ring: RingName | null = null;
  #cancelWake: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: CallsParts) {
    const { perPeer, inAll } = BUDGETS.calls;
    this.#parts = parts;
    this.#machine = new CallMachine({
      times: CALL_TIMES,
      limits: { perPerson: perPeer.atOnce, inAll: inAll.atOnce },
    });
    this.#voices = new CallVoices(parts);
    parts.media.on('call-heard', ({ id }) => this.#step({ type: 'heard', id: id as CallId }));
    parts.media.on('call-failed', ({ id }) => this.#fail(id as CallId));
    parts.media.on('crashed', () => this.#crashed());
  }

  /** What the person is shown, the call that they are in first. Times: milliseconds of the monotonic clock. */
  get shown(): readonly ShownCall[] {
    return this.#machine.shown();
  }

  /** The person calls somebody, or speaks with them. */
  get isCalling(): boolean {
    return this.shown.some(
      ({ state, direction }) => state === 'active' || (direction === 'out' && state !== 'ended'),
    );
  }

  /**
   * Calls a person at all their computers that are there.
   * @param pcm 48 kHz mono: spoken instead of the microphone
   * @throws CorridorError `call-unreachable`: none is there; `call-too-old`: theirs know no calls
   */
  async dial(person: NodeId, pcm?: Int16Array): Promise<CallId> {
    const nodes = this.#reachable(person).slice(0, MAX_COMPUTERS);
    const id = v.parse(callIdSchema, newMessageId(this.#parts.random));
    const made = await Promise.all(nodes.map((node) => this.#keyFor(id, node)));
    const legs = made.map(({ node, wrapped }) => ({ node, key: wrapped }));
    this.#keys.set(id, new Map(made.map(({ node, own }) => [node, own])));
    if (pcm) this.#recordings.set(id, pcm);
    this.#step({ type: 'dial', id, person, legs });
    return id;
  }

  /** @throws CorridorError `no-call` where that call does not ring any more */
  async answer(id: CallId, pcm?: Int16Array): Promise<void> {
    const offer = this.#machine.offerOf(id);
    const caller = offer && this.#recordOf(offer.node);
    if (!caller) throw noCall();
    const { node, own, wrapped } = await this.#keyFor(id, caller);
    if (!this.#machine.offerOf(id)) throw noCall();
    this.#keys.set(id, new Map([[node, own]]));
    if (pcm) this.#recordings.set(id, pcm);
    this.#step({ type: 'answer', id, key: wrapped });
  }

  /** Ends it, does not take it now, or has seen why there is none. */
  hangUp(id: CallId): void {
    this.#step({ type: 'hang-up', id });
  }

  mute(id: CallId, isOn: boolean): void {
    this.#step({ type: 'mute', id, isOn });
  }

  hold(id: CallId, isOn: boolean): void {
    this.#step({ type: 'hold', id, isOn });
  }

  /** A colleague's computer says something of a call. */
  signal(signal: CallSignal, from: NodeId): void {
    const { office, listener, clock } = this.#parts;
    const person = office.personOf(from);
    if (person === undefined || person === office.personOf(office.self)) return;
    if (!this.#signals.take(from, clock.monotonic()))
      return this.events.emit('over', { node: from, budget: 'callSignals' });
    const isNew = signal.state === 'calling' && !this.#machine.knows(signal.call);
    if (isNew && !this.#begun.take(from, clock.monotonic()))
      return this.events.emit('over', { node: from, budget: 'newCalls' });
    const { presence, isLocked } = listener;
    const reception = receiveCall({ presence, isLocked, isMuted: listener.isMuted(from) });
    this.#step({ type: 'signal', from, person, signal, reception });
  }

  /** Who is a member, what the person allows, or the way to a colleague may have changed. */
  look(): void {
    for (const node of new Set([...this.#keys.values()].flatMap((keys) => [...keys.keys()])))
      if (!this.#parts.office.isMember(node)) this.#step({ type: 'gone', node });
    this.#step({ type: 'tick' });
  }

  /** Hangs up: nobody is to wait for this computer. */
  close(): void {
    for (const { id } of this.shown) this.#step({ type: 'hang-up', id });
    this.#isClosed = true;
    this.#cancelWake?.();
  }

  /** Somebody is to be heard louder or softer: the person wants it, or something sounds beside. */
  follow(): void {
    this.#voices.follow(this.shown);
  }

  #step(input: CallInput): void {
    if (this.#isClosed) return;
    const outputs = this.#machine.step(input, this.#parts.clock.monotonic());
    for (const output of outputs) this.#carryOut(output);
    for (const id of this.#keys.keys()) {
      if (this.#machine.isGoing(id)) continue;
      this.#keys.delete(id);
      this.#recordings.delete(id);
    }
    this.#voices.follow(this.shown);
    this.#setRing();
    this.#wake();
    if (outputs.some(({ type }) => type === 'changed')) this.events.emit('changed', undefined);
  }

  #carryOut(output: CallOutput): void {
    if (output.type === 'send') this.#parts.office.sendCall(output.to, output.signal);
    else if (output.type === 'missed') this.events.emit('missed', output.person);
    else if (output.type === 'connected') void this.#connect(output);
    else if (output.type === 'disconnected') this.#disconnect(output.id);
    else if (output.type === 'auto-answer')
      this.answer(output.id, this.#onlyRecording()).catch((error: Error) => this.#parts.log(error.message));
  }

  async #connect({ id, node, theirs }: Extract<CallOutput, { type: 'connected' }>): Promise<void> {
    const { identity, log, ear } = this.#parts;
    const own = this.#keys.get(id)?.get(node);
    ear.hold(id);
    try {
      const binding = { call: id, speaker: node, listener: identity.nodeId };
      const key = await unwrapCallKey(identity, theirs, binding);
      if (!own || !this.shown.some((call) => call.id === id && call.state === 'active')) return;
      const pcm = this.#recordings.get(id);
      this.#voices.begin({ id, node, own, theirs: { ssrc: theirs.ssrc, key }, pcm }, this.shown);
    } catch (error) {
      log(`call with ${node}: ${(error as Error).message}`);
      this.#fail(id);
    }
  }

  #disconnect(id: CallId): void {
    this.#voices.end(id);
    this.#parts.ear.release(id);
  }

  #fail(id: CallId, reason: CallEndReason = 'failed'): void {
    this.#step({ type: 'hang-up', id, reason });
  }

  /** The worker's keys and counts are gone with it: under the same key nothing may be sealed again. */
  #crashed(): void {
    this.#ring = null;
    for (const { id, state } of this.shown) if (state === 'active') this.#fail(id);
    this.#setRing();
  }

  /** What this side speaks under there, for itself and sealed for that computer. */
  async #keyFor(
    call: CallId,
    { node, hpkeKey }: KnownNode,
  ): Promise<{ readonly node: NodeId; readonly own: OwnKey; readonly wrapped: CallKey }> {
    const { identity, random } = this.#parts;
    const key = {
      masterKey: random.bytes(MASTER_KEY_BYTES),
      masterSalt: random.bytes(MASTER_SALT_BYTES),
    };
    const ssrc = random.bytes(4).readUInt32BE(0);
    const wrapped = await wrapCallKey(Buffer.concat([key.masterKey, key.masterSalt]), {
      ...{ call, speaker: identity.nodeId, listener: node },
      listenerHpkeKey: fromBase64url(hpkeKey),
    });
    return { node, own: { ssrc, key }, wrapped: { ssrc, ...wrapped } };
  }

  #reachable(person: NodeId): readonly KnownNode[] {
    const { office } = this.#parts;
    const known = office.knownNodesOf(person);
    const there = known.filter(({ node }) => office.online.includes(node));
    const name = known[0]?.name ?? '';
    if (there.length === 0) {
      const sentence = `${name} is not there now. Leave a message: it is heard later.`;
      throw new CorridorError('call-unreachable', sentence, { details: { name } });
    }
    const able = there.filter(({ calls }) => calls);
    if (able.length > 0) return able;
    const sentence = `${name}’s Corridor is too old for calls. Talk to ${name} instead, until it is updated.`;
    throw new CorridorError('call-too-old', sentence, { details: { name } });
  }

  #recordOf(node: NodeId): KnownNode | undefined {
    const { office } = this.#parts;
    const person = office.personOf(node);
    return person === undefined ? undefined : office.knownNodesOf(person).find((one) => one.node === node);
  }

  /** Where both called each other, what was to be spoken in the one is spoken in the other. */
  #onlyRecording(): Int16Array | undefined {
    const [only, ...others] = this.#recordings.values();
    return others.length === 0 ? only : undefined;
  }

  #setRing(): void {
    const { media, listener } = this.#parts;
    const ring = ringOf(this.shown, listener.isLocked);
    if (ring === this.#ring) return;
    this.#ring = ring;
    media.post({ type: 'ring', ring });
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

function noCall(): CorridorError {
  return new CorridorError('no-call', 'Nobody calls any more.');
}
