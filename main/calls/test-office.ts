import assert from 'node:assert/strict';
import * as v from 'valibot';
import { callSignalSchema, type CallId, type CallKey, type CallSignal, type NodeId } from '../model/index.ts';
import { CallMachine } from './call-machine.ts';
import type { RecordingEnd } from './recording-end.ts';
import { CALL_TIMES, type CallInput, type CallOutput } from './call-steps.ts';
import type { CallReception } from './reception.ts';

/** An office of call machines in virtual time, over a network that may lose and reorder signals. */

/** How long the tone before an automatic answer takes here. */
export const TONE_MS = 600;
const LIMITS = { perPerson: 2, inAll: 10 };

/** What the network does to signals, by a seeded generator. */
export interface Network {
  readonly loss: number;
  readonly delayMs: number;
  readonly random: () => number;
}
const CALM: Network = { loss: 0, delayMs: 0, random: () => 0.5 };

export const keyOf = (node: NodeId, id: CallId): CallKey => ({
  ssrc: Buffer.from(`${node}${id}`).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7),
  enc: Buffer.alloc(65, 4).toString('base64url'),
  sealed: Buffer.alloc(44, 1).toString('base64url'),
});
export const nameOf = (text: string): string => Buffer.alloc(16, text).toString('base64url');
export const callId = (text: string) => nameOf(text) as CallId;

/** One computer of a person. */
export class Computer {
  readonly name: string;
  readonly node: NodeId;
  readonly person: NodeId;
  readonly machine: CallMachine;
  readonly connected: { readonly id: CallId; readonly node: NodeId; readonly ssrc: number }[] = [];
  readonly disconnected: CallId[] = [];
  /** The calls that it made because the other side of a call asked for them. */
  readonly followed: CallId[] = [];
  /** The calls of which something is kept now, and why recordings ended. */
  kept: readonly CallId[] = [];
  readonly recorded: RecordingEnd[] = [];
  missed = 0;
  /** How often a tone said that a call is about to be answered by itself. */
  toned = 0;
  reception: CallReception = 'ring';
  isOff = false;
  readonly #office: Office;

  constructor(office: Office, name: string, person: string) {
    this.#office = office;
    this.name = person;
    this.node = nameOf(name) as NodeId;
    this.person = nameOf(person) as NodeId;
    this.machine = new CallMachine({ self: this.node, times: CALL_TIMES, limits: LIMITS });
  }

  do(input: CallInput): void {
    if (this.isOff) return;
    for (const output of this.machine.step(input, this.#office.now)) this.#carryOut(output);
  }

  call(id: string, ...others: readonly Computer[]): CallId {
    const name = callId(id);
    const [first] = others;
    assert.ok(first);
    const legs = others.map(({ node }) => ({ node, key: keyOf(this.node, name) }));
    this.do({ type: 'dial', id: name, person: first.person, legs });
    return name;
  }

  answer(id: CallId): void {
    this.do({ type: 'answer', id, key: keyOf(this.node, id) });
  }

  states(): string[] {
    return this.machine.shown().map(({ state, reason }) => (reason === null ? state : `${state}: ${reason}`));
  }

  /** Calls somebody into an active call. */
  add(into: CallId, id: string, other: Computer): CallId {
    const legs = [{ node: other.node, key: keyOf(this.node, callId(id)) }];
    this.do({ type: 'dial', id: callId(id), person: other.person, legs, into });
    return callId(id);
  }

  /** The names of those whom it talks with in active calls that this side does not hold. */
  heard(): string[] {
    const open = this.machine.shown().filter(({ state, isHeld }) => state === 'active' && !isHeld);
    return open.map(({ person }) => this.#office.nameOf(person)).sort();
  }

  /** Transfers the other side of a call to somebody; `consultation`: the call with that person. */
  transfer(id: CallId, call: string, to: Computer, consultation?: CallId): CallId {
    const refer = { call: callId(call), person: to.person };
    this.do({ type: 'transfer', id, refer, consultation });
    return refer.call;
  }

  #follow({ refer, origin }: Extract<CallOutput, { type: 'follow' }>): void {
    const { call: id, person, node } = refer;
    this.followed.push(id);
    const computers = this.#office.computersOf(person).filter((one) => node === undefined || one === node);
    const legs = computers.map((one) => ({ node: one, key: keyOf(this.node, id) }));
    this.do({ type: 'dial', id, person, legs, origin });
  }

  #meet({ party, node }: Extract<CallOutput, { type: 'meet' }>): void {
    const id = this.#office.newId();
    const legs = [{ node, key: keyOf(this.node, id) }];
    this.do({ type: 'dial', id, person: this.#office.personOf(node), legs, meets: party });
  }

  #announce(id: CallId): void {
    this.toned += 1;
    this.#office.later(TONE_MS, () => this.do({ type: 'announced', id, reception: this.reception }));
  }

  #carryOut(output: CallOutput): void {
    if (output.type === 'send') this.#office.send(this, output.to, output.signal);
    else if (output.type === 'announce') this.#announce(output.id);
    else if (output.type === 'auto-answer') this.answer(output.id);
    else if (output.type === 'follow') this.#follow(output);
    else if (output.type === 'meet') this.#meet(output);
    else if (output.type === 'connected')
      this.connected.push({ id: output.id, node: output.node, ssrc: output.theirs.ssrc });
    else if (output.type === 'disconnected') this.disconnected.push(output.id);
    else if (output.type === 'missed') this.missed += 1;
    else if (output.type === 'record') this.kept = output.calls;
    else if (output.type === 'recorded') this.recorded.push(output.reason);
  }
}

export class Office {
  now = 1000;
  /** Looks whenever something has happened. */
  look: () => void = () => undefined;
  readonly #network: Network;
  readonly #computers: Computer[] = [];
  #made = 0;
  readonly #slow = new Map<string, number>();
  #wire: { readonly from: NodeId; readonly at: number; readonly run: () => void }[] = [];
  #own: { readonly at: number; readonly run: () => void }[] = [];

  constructor(network: Network = CALM) {
    this.#network = network;
  }

  add(name: string, person = name): Computer {
    const computer = new Computer(this, name, person);
    this.#computers.push(computer);
    return computer;
  }

  newId(): CallId {
    this.#made += 1;
    return callId(`m${this.#made} `);
  }

  personOf(node: NodeId): NodeId {
    return this.#computers.find((one) => one.node === node)?.person ?? node;
  }

  nameOf(person: NodeId): string {
    return this.#computers.find((one) => one.person === person)?.name ?? '';
  }

  /** Delays what one computer sends to another from now on. */
  delay(from: Computer, to: Computer, ms: number): void {
    this.#slow.set(`${from.node} ${to.node}`, ms);
  }

  /** Loses the signals of that computer that are still on their way. */
  drop(from: NodeId): void {
    this.#wire = this.#wire.filter((one) => one.from !== from);
  }

  computersOf(person: NodeId): readonly NodeId[] {
    return this.#computers.filter((one) => one.person === person).map(({ node }) => node);
  }

  send(from: Computer, to: NodeId, signal: CallSignal): void {
    // Signals go through the schema, as over a real network.
    const read = v.parse(callSignalSchema, JSON.parse(JSON.stringify(signal)));
    const { loss, delayMs, random } = this.#network;
    if (random() < loss) return;
    const target = this.#computers.find(({ node }) => node === to);
    this.#wire.push({
      from: from.node,
      at: this.now + 1 + random() * delayMs + (this.#slow.get(`${from.node} ${to}`) ?? 0),
      run: () =>
        target?.do({
          ...{ type: 'signal', from: from.node, person: from.person, signal: read },
          reception: target.reception,
        }),
    });
  }

  /** At this computer, whatever the network does. */
  later(ms: number, run: () => void): void {
    this.#own.push({ at: this.now + ms, run });
  }

  pass(ms: number): void {
    for (const until = this.now + ms; this.now < until;) {
      const wakes = this.#computers.map(({ machine, isOff }) => (isOff ? Infinity : machine.nextWakeAt()));
      const next = Math.min(until, ...wakes, ...[...this.#wire, ...this.#own].map(({ at }) => at));
      this.now = Math.max(next, this.now + (next <= this.now ? 1 : 0));
      const due = [...this.#wire, ...this.#own]
        .filter(({ at }) => at <= this.now)
        .sort((a, b) => a.at - b.at);
      this.#wire = this.#wire.filter(({ at }) => at > this.now);
      this.#own = this.#own.filter(({ at }) => at > this.now);
      for (const { run } of due) run();
      for (const computer of this.#computers)
        if (computer.machine.nextWakeAt() <= this.now) computer.do({ type: 'tick' });
      this.look();
    }
  }
}

export function two(network?: Network) {
  const office = new Office(network);
  return { office, ann: office.add('ann'), bo: office.add('bo') };
}

/** Asserts that both are in the same call with each other, and that each received the other's key. */
export function assertTalking(a: Computer, b: Computer, id: CallId): void {
  assert.deepEqual(a.connected.at(-1), { id, node: b.node, ssrc: keyOf(b.node, id).ssrc });
  assert.deepEqual(b.connected.at(-1), { id, node: a.node, ssrc: keyOf(a.node, id).ssrc });
}
