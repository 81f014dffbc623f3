import { createHash } from 'node:crypto';
import { Election, type Audience, type Beat, type ElectionInput } from '../../main/election/index.ts';
import type { NodeId } from '../../main/model/index.ts';

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
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
}

/** An office of election machines in one process: time, chance, and the network between them are made here. */
export class Simulation {
  now = 0;
  /** Datagrams that were sent. */
  sent = 0;
  left: number[] = [];
  readonly lost: { node: NodeId; by: number; at: number }[] = [];
  readonly claims = new Map<number, NodeId>();
  /** Called after a node's role has changed. */
  onRole: () => void = () => undefined;
  readonly machines: readonly Machine[];
  readonly random: () => number;
  protected readonly options: SimulationOptions;
  readonly #indices = new Map<NodeId, number>();
  readonly #queue = new Queue();

  constructor(options: SimulationOptions) {
    this.options = options;
    this.random = seeded(options.seed);
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
    });
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
      else if (output.type === 'hint') this.hint(machine, this.indexOf(output.node));
      else if (output.type === 'lost') this.lost.push({ node: output.node, by: index, at: this.now });
      else if (output.type === 'left') {
        machine.election = undefined;
        this.left.push(index);
        changed = true;
      } else if (output.type === 'role') {
        changed = true;
        if (output.role === 'switch') this.#noteClaim(output.term, machine.id);
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

  /** The one switch that all living nodes of a side follow, it included; undefined while they do not agree. */
  agreed(side = 0): number | undefined {
    let leader: NodeId | undefined;
    for (const { election, side: itsSide } of this.machines) {
      if (!election || itsSide !== side) continue;
      const follows = election.state().switch;
      if (follows === undefined || (leader !== undefined && follows !== leader)) return undefined;
      leader = follows;
    }
    if (leader === undefined) return undefined;
    const index = this.indexOf(leader);
    const machine = this.machine(index);
    return machine.side === side && machine.election?.state().role === 'switch' ? index : undefined;
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
          : to.map((node) => this.indexOf(node)).filter((index) => from.knows.has(index));
    for (const index of targets) {
      this.carry(from, index, (target) => {
        target.knows.add(from.index);
        this.input(index, { type: 'heard', beat });
      });
    }
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

  protected machine(index: number): Machine {
    const machine = this.machines[index];
    if (!machine) throw new Error(`no node ${index}`);
    return machine;
  }

  protected indexOf(node: NodeId): number {
    const index = this.#indices.get(node);
    if (index === undefined) throw new Error(`no node ${node}`);
    return index;
  }
}

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** A binary heap of events by their time. */
class Queue {
  readonly #heap: Event[] = [];

  peek(): Event | undefined {
    return this.#heap[0];
  }

  push(at: number, run: () => void): void {
    const heap = this.#heap;
    let hole = heap.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = heap[parent];
      if (!above || above.at <= at) break;
      heap[hole] = above;
      hole = parent;
    }
    heap[hole] = { at, run };
  }

  pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      let below = heap[child];
      const right = heap[child + 1];
      if (right && below && right.at < below.at) {
        child += 1;
        below = right;
      }
      if (!below || below.at >= last.at) break;
      heap[hole] = below;
      hole = child;
    }
    heap[hole] = last;
  }
}
