import { Desk } from '../../main/messages/test-desk.ts';
import { newFragments, type Person } from '../../main/messages/test-people.ts';
import { HandLink } from '../../main/messages/test-ports.ts';
import { join } from '../../main/messages/test-joined-desks.ts';
import type { PeerLink } from '../../main/messages/index.ts';
import type { Fragment, MessageId, NodeId } from '../../main/model/index.ts';
import { HandTime } from '../support/hand-time.ts';
import { rest } from '../support/rest.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SimulatedDisk } from '../support/simulated-disk.ts';
import type { Machine, Simulation } from './simulation.ts';

const FRAGMENTS = 30;

/** A message as somebody said it. */
export interface SpokenMessage {
  readonly id: MessageId;
  readonly from: number;
  readonly to: number;
  readonly fragments: readonly Fragment[];
}

/** The computer that is followed as the switch (-1: none), and whether a link to it is up. */
interface Following {
  readonly to: number;
  readonly isUp: boolean;
  readonly cut: () => void;
}

/**
 * People of a simulated office who talk: the real rooms for messages and what is kept, of each honest computer, beside its election.
 * Who is the switch, who is reached and what is lost comes from the simulation. A liar that is followed withholds whatever it gets.
 */
export class TalkingOffice {
  readonly office: Simulation;
  readonly desks = new Map<number, Desk>();
  readonly time = new HandTime();
  /** How often each message was complete at each of those who keep it: by message and computer. */
  readonly completions = new Map<string, number>();
  readonly notified = new Map<string, number>();
  /** For how long at most two honest switches stood that reach each other, ms. */
  longestApartMs = 0;
  #apartMs = 0;
  /** How many links were made to a liar, who withholds. */
  withheld = 0;
  readonly #people: readonly Person[];
  readonly #loss: number;
  readonly #random: () => number;
  readonly #following = new Map<number, Following>();

  /** @param people one for each computer, in the same order; a liar's too */
  static async open(
    office: Simulation,
    people: readonly Person[],
    loss: number,
    seed: number,
  ): Promise<TalkingOffice> {
    const talking = new TalkingOffice(office, people, loss, seed);
    for (const { index } of office.machines) if (!office.lies.has(index)) await talking.#seat(index, seed);
    return talking;
  }

  private constructor(office: Simulation, people: readonly Person[], loss: number, seed: number) {
    this.office = office;
    this.#people = people;
    this.#loss = loss;
    this.#random = seededRandom(seed + 1_000_000);
  }

  /** Lets `ms` pass for elections and messages alike, in steps. */
  async pass(ms: number, stepMs = 100): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      this.office.run(this.office.now + stepMs);
      for (const index of this.desks.keys()) this.#follow(index);
      this.#apartMs = this.#areApart() ? this.#apartMs + stepMs : 0;
      this.longestApartMs = Math.max(this.longestApartMs, this.#apartMs);
      this.time.pass(stepMs);
      await rest();
    }
  }

  /** Somebody talks to somebody for as long as `FRAGMENTS` last. */
  async say(from: number, to: number): Promise<SpokenMessage> {
    const [talker, recipient] = [this.desks.get(from)!, this.desks.get(to)!];
    const { id } = talker.messages.outgoing.press({
      recipients: [recipient.record],
      ...{ from: talker.record.extension, to: recipient.record.extension },
    });
    const fragments = newFragments(FRAGMENTS);
    for (let n = 0; n < FRAGMENTS; n += 10) {
      talker.media.speak(id, fragments.slice(n, n + 10));
      await this.pass(100);
    }
    talker.messages.outgoing.release();
    talker.media.report({ type: 'talk-ended', id, count: FRAGMENTS, failed: null });
    return { id, from, to, fragments };
  }

  /** How often it was complete at its recipient. */
  completed({ id, to }: SpokenMessage): number {
    return this.completions.get(`${id} ${to}`) ?? 0;
  }

  async close(): Promise<void> {
    for (const { messages } of this.desks.values()) messages.close();
    await Promise.all([...this.desks.values()].map(({ store }) => store.close()));
  }

  async #seat(index: number, seed: number): Promise<void> {
    const random = seededRandom(seed * 64 + index);
    const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random() * 256));
    const ports = { disk: new SimulatedDisk(), random: { bytes, fraction: random } };
    const desk = await Desk.simulated(this.#people[index]!, this.time, ports);
    this.desks.set(index, desk);
    const count = (of: Map<string, number>, id: MessageId): void =>
      void of.set(`${id} ${index}`, (of.get(`${id} ${index}`) ?? 0) + 1);
    desk.store.on('complete', (id) => count(this.completions, id));
    desk.messages.events.on('notification', ({ id }) => count(this.notified, id));
    desk.office.know(...this.#people);
    desk.office.sendHeader = (to, header) => {
      const other = this.#reached(index, this.#indexOf(to));
      if (other && this.#random() >= this.#loss) other.hear(header);
    };
    desk.media.carry = (fragments, ssrc, targets) => {
      for (const { port } of targets) {
        const other = this.#reached(
          index,
          this.#people.findIndex(({ record }) => record.endpoints.media === port),
        );
        other?.media.arrive(
          fragments.filter(() => this.#random() >= this.#loss),
          ssrc,
        );
      }
    };
    desk.office.reach = async (node) => desk.office.linkTo(node) ?? this.#visit(index, this.#indexOf(node));
  }

  #areApart(): boolean {
    const switches = this.office.switches().filter(({ index }) => this.desks.has(index));
    return new Set(switches.map(({ side }) => side)).size < switches.length;
  }

  /** A link for a question alone. */
  #visit(from: number, to: number): PeerLink | undefined {
    const other = this.#reached(from, to);
    return other && join(this.desks.get(from)!, other).ends[0];
  }

  /** Whoever is at a computer that is on, is honest and is on this one's side. */
  #reached(from: number, to: number): Desk | undefined {
    const [here, there] = [this.#machine(from), this.#machine(to)];
    return here.election && there.election && here.side === there.side ? this.desks.get(to) : undefined;
  }

  /** The link of a computer is the one that its election asks for, as long as both ends are there. */
  #follow(index: number): void {
    const desk = this.desks.get(index)!;
    const { switch: leads, standby } = this.#machine(index).election?.state() ?? {};
    const to = leads === undefined ? -1 : this.office.machines.findIndex(({ id }) => id === leads);
    const isUp =
      to >= 0 && to !== index && (this.office.lies.has(to) || this.#reached(index, to) !== undefined);
    const known = this.#following.get(index);
    const standbyNode = this.#nodeOf(standby);
    if (known?.to === to && known.isUp === isUp) {
      if (standbyNode === desk.office.standbyNode) return;
      desk.office.standbyNode = standbyNode;
      desk.messages.switchChanged();
      return;
    }
    known?.cut();
    Object.assign(desk.office, { switchNode: this.#nodeOf(leads), standbyNode });
    this.#following.set(index, { to, isUp, cut: isUp ? this.#link(desk, to) : () => undefined });
    desk.messages.switchChanged();
    if (desk.office.upstream) desk.messages.linkUp(desk.office.upstream);
  }

  /** Returns what ends it. */
  #link(desk: Desk, to: number): () => void {
    const other = this.desks.get(to);
    const { ends, cut } = other
      ? join(desk, other)
      : { ends: [new HandLink(this.#people[to]!.record.node), undefined] as const, cut: () => undefined };
    const [up, down] = ends;
    if (!other) this.withheld += 1;
    desk.office.upstream = up;
    if (other && down) other.office.downstream.push(down);
    return () => {
      cut();
      desk.office.upstream = undefined;
      desk.messages.linkDown(up);
      if (!other || !down) return;
      other.office.downstream = other.office.downstream.filter((link) => link !== down);
      other.messages.linkDown(down);
    };
  }

  #nodeOf(id: NodeId | undefined): NodeId | undefined {
    return this.#people[this.office.machines.findIndex((machine) => machine.id === id)]?.record.node;
  }

  #indexOf(node: NodeId): number {
    return this.#people.findIndex(({ record }) => record.node === node);
  }

  #machine(index: number): Machine {
    const machine = this.office.machines[index];
    if (!machine) throw new Error(`no node ${index}`);
    return machine;
  }
}
