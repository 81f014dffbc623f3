import { createHash } from 'node:crypto';
import { Election, type Audience, type Beat, type ElectionInput } from '../../main/election/index.ts';
import type { NodeId } from '../../main/model/index.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { EventQueue } from './event-queue.ts';

export interface SimulationOptions {
  readonly nodes: number;
  readonly seed: number;
  /** Share of datagrams lost, 0 to 1; and how long the others take, in ms. */
  readonly loss?: number;
  readonly delayMs?: readonly [number, number];
  /** The rank of node `index`; 500 for all unless told. */
  readonly rank?: (index: number) => number;
  /** Which nodes' addresses a node knows at its start; all unless told. */
  readonly knows?: (index: number) => readonly number[];
  /** Whether `from` can make no control link to `to`; all can link to all unless told. */
  readonly isBlocked?: (from: number, to: number) => boolean;
  /** Who is heard by whom, as the members' list has it; all nodes of the simulation unless told. */
  readonly isMember?: (node: NodeId) => boolean;
}

/** What a liar makes of one of its beats for one node; undefined: that node gets none. */
export type Lie = (beat: Beat, to: number) => Beat | undefined;

/** How long links to the switch are tried before the election is told, and how often it is told again; ms. */
const LINKS_TRIED_MS = 1500;
const LINKS_AGAIN_MS = 3000;

/** A computer of the office. */
export interface Machine {
  readonly index: number;
  readonly id: NodeId;
  readonly knows: Set<number>;
  election: Election | undefined;
  boots: number;
  side: number;
  wake: number;
  /** Until then the computer sleeps: nothing is heard, no timer runs. */
  asleepUntil: number;
  /** The switch that links are made to, and how many times that one has changed. */
  linksTo: NodeId | undefined;
  linked: number;
  /** Beats that others got from a liar, so that each is news. */
  told: number;
}

/** An office of election machines in one process: time, chance, and the network between them are made here. */
export class Simulation {
  now = 0;
  /** Datagrams that were sent. */
  sent = 0;
  left: number[] = [];
  readonly lost: { node: NodeId; by: number; at: number }[] = [];
  readonly claims = new Map<number, NodeId>();
  /** What liars say, by their index. */
  readonly lies = new Map<number, Lie>();
  /** Highest terms that a node was told to keep: what it is given when it starts again. */
  readonly kept = new Map<number, Map<NodeId, number>>();
  /** Called after a node's role has changed. */
  onRole: () => void = () => undefined;
  readonly machines: readonly Machine[];
  readonly random: () => number;
  protected readonly options: SimulationOptions;
  readonly #indices = new Map<NodeId, number>();
  readonly #queue = new EventQueue();

  constructor(options: SimulationOptions) {
    this.options = options;
    this.random = seededRandom(options.seed);
    this.machines = Array.from({ length: options.nodes }, (_, index) => {
      const name = createHash('sha256').update(`${options.seed}/${index}`).digest();
      const id = name.subarray(0, 16).toString('base64url') as NodeId;
      this.#indices.set(id, index);
      const known = options.knows?.(index) ?? Array.from({ length: options.nodes }, (_, other) => other);
      return {
        index,
        id,
        knows: new Set(known.filter((other) => other !== index)),
        election: undefined,
        boots: 0,
        side: 0,
        wake: 0,
        asleepUntil: 0,
        linksTo: undefined,
        linked: 0,
        told: 0,
      };
    });
  }

  start(index: number): void {
    const machine = this.machine(index);
    machine.boots += 1;
    machine.election = new Election({
      self: machine.id,
      rank: this.options.rank?.(index) ?? 500,
      boot: 1_700_000_000_000 + this.now + machine.boots,
      revision: machine.boots,
      endpoints: { address: `10.0.0.${index + 1}`, control: 1, beat: 1 + index, media: 3 },
      now: this.now,
      random: this.random,
      terms: this.kept.get(index) ?? [],
      isMember: this.options.isMember ?? (() => true),
      roster: () => this.rosterOf(index),
    });
    machine.linksTo = undefined;
    this.input(index, { type: 'tick' });
  }

  /** The computer burns: nothing is said any more. */
  kill(index: number): void {
    this.machine(index).election = undefined;
    this.onRole();
  }

  /** Whoever is on another side is not reached. */
  split(side: (index: number) => number): void {
    for (const machine of this.machines) machine.side = side(machine.index);
  }

  heal(): void {
    this.split(() => 0);
  }

  sleep(index: number, forMs: number): void {
    const machine = this.machine(index);
    machine.asleepUntil = this.now + forMs;
    this.schedule(machine);
  }

  input(index: number, input: ElectionInput): void {
    const machine = this.machine(index);
    if (!machine.election) return;
    let changed = false;
    for (const output of machine.election.step(input, this.now)) {
      if (output.type === 'send') this.say(machine, output.to, output.beat);
      else if (output.type === 'hint') this.#hinted(machine, output.node);
      else if (output.type === 'lost') this.lost.push({ node: output.node, by: index, at: this.now });
      else if (output.type === 'left') {
        machine.election = undefined;
        this.left.push(index);
        changed = true;
      } else if (output.type === 'role') {
        changed = true;
        if (output.role === 'switch') this.#noteClaim(output.term, machine.id);
        this.#link(machine, output.role === 'member' ? output.switch : undefined);
      } else if (output.type === 'term') {
        const kept = this.kept.get(index) ?? new Map<NodeId, number>();
        this.kept.set(index, kept.set(output.node, output.term));
      }
    }
    if (machine.election) this.schedule(machine);
    if (changed) this.onRole();
  }

  /** Lets time pass until `untilMs`, or until `done` holds; tells whether it did. */
  run(untilMs: number, done: () => boolean = () => false): boolean {
    while (!done()) {
      const next = this.#queue.peek();
      if (!next || next.at > untilMs) {
        this.now = untilMs;
        return false;
      }
      this.#queue.pop();
      this.now = next.at;
      next.run();
    }
    return true;
  }

  alive(): Machine[] {
    return this.machines.filter((machine) => machine.election);
  }

  switches(): Machine[] {
    return this.machines.filter((machine) => machine.election?.state().role === 'switch');
  }

  /**
   * The one switch that all living honest nodes of a side follow, it included; undefined while they do not agree. A
   * liar counts as the switch where it says so to all of them.
   */
  agreed(side = 0): number | undefined {
    let leader: NodeId | undefined;
    for (const { election, side: itsSide, index } of this.machines) {
      if (!election || itsSide !== side || this.lies.has(index)) continue;
      const follows = election.state().switch;
      if (follows === undefined || (leader !== undefined && follows !== leader)) return undefined;
      leader = follows;
    }
    if (leader === undefined) return undefined;
    const index = this.#indices.get(leader);
    if (index === undefined) return undefined;
    const machine = this.machine(index);
    if (this.lies.has(index)) return index;
    return machine.side === side && machine.election?.state().role === 'switch' ? index : undefined;
  }

  /** The digest of a node's roster, for its beats; undefined: they say nothing of it. */
  protected rosterOf(_index: number): string | undefined {
    return undefined;
  }

  /** A node that does not exist is nowhere. */
  #hinted(machine: Machine, node: NodeId): void {
    const index = this.#indices.get(node);
    if (index !== undefined) this.hint(machine, index);
  }

  #noteClaim(term: number, node: NodeId): void {
    const other = this.claims.get(term);
    if (other !== undefined && other !== node) throw new Error(`two switches in term ${term}`);
    this.claims.set(term, node);
  }

  /** A beat goes out. */
  protected say(from: Machine, to: Audience, beat: Beat): void {
    const targets =
      to === 'everyone'
        ? [...from.knows]
        : 'address' in to
          ? [to.beat - 1]
          : to.flatMap((node) => this.#indices.get(node) ?? []).filter((index) => from.knows.has(index));
    for (const index of targets) {
      const told = this.toldTo(from, index, beat);
      if (!told) continue;
      this.carry(from, index, (target) => {
        target.knows.add(from.index);
        this.input(index, { type: 'heard', beat: told });
      });
    }
  }

  /** What a node gets of that beat: a liar's may be another one, or none. */
  protected toldTo(from: Machine, index: number, beat: Beat): Beat | undefined {
    const lie = this.lies.get(from.index);
    if (!lie) return beat;
    const told = lie(beat, index);
    return told && { ...told, seq: (from.told += 1) };
  }

  protected hint(machine: Machine, index: number): void {
    machine.knows.add(index);
  }

  /** A datagram goes its way, or is lost. */
  protected carry(from: Machine, index: number, arrive: (target: Machine) => void): void {
    const [least, most] = this.options.delayMs ?? [0.2, 3];
    this.sent += 1;
    if (this.random() < (this.options.loss ?? 0)) return;
    const target = this.machine(index);
    const { boots } = target;
    this.after(least + this.random() * (most - least), () => {
      if (target.side !== from.side || !target.election || target.boots !== boots) return;
      if (this.now >= target.asleepUntil) arrive(target);
    });
  }

  protected after(ms: number, run: () => void): void {
    this.#queue.push(this.now + ms, run);
  }

  /** Control links, as the office makes them: to the switch alone, again and again while they fail. */
  #link(machine: Machine, node: NodeId | undefined): void {
    const { isBlocked } = this.options;
    if (!isBlocked || machine.linksTo === node) return;
    machine.linksTo = node;
    machine.linked += 1;
    if (node === undefined) return;
    const to = this.#indices.get(node);
    const { linked } = machine;
    const tryFor = (ms: number, type: 'reached' | 'unreachable'): void =>
      this.after(ms, () => {
        if (machine.linked !== linked || !machine.election) return;
        if (type === 'unreachable') tryFor(LINKS_AGAIN_MS, type);
        this.input(machine.index, { type, node });
      });
    if (to === undefined || isBlocked(machine.index, to)) tryFor(LINKS_TRIED_MS, 'unreachable');
    else tryFor(5, 'reached');
  }

  /** When the machine has something to do by itself. */
  protected wakeAt(machine: Machine): number {
    return machine.election?.nextWakeAt() ?? Infinity;
  }

  protected wake(machine: Machine): void {
    this.input(machine.index, { type: 'tick' });
  }

  protected schedule(machine: Machine): void {
    machine.wake += 1;
    const { wake } = machine;
    const at = Math.max(this.now, this.wakeAt(machine), machine.asleepUntil);
    if (at === Infinity) return;
    this.#queue.push(at, () => {
      if (machine.wake === wake) this.wake(machine);
    });
  }

  protected indexOf(node: NodeId): number {
    const index = this.#indices.get(node);
    if (index === undefined) throw new Error(`no node ${node}`);
    return index;
  }

  protected machine(index: number): Machine {
    const machine = this.machines[index];
    if (!machine) throw new Error(`no node ${index}`);
    return machine;
  }
}
