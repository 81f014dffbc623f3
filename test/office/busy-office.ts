import type { Calls } from '../../main/calls/index.ts';
import { Desk } from '../../main/messages/test-desk.ts';
import { join } from '../../main/messages/test-joined-desks.ts';
import type { Person } from '../../main/messages/test-people.ts';
import type { PeerLink } from '../../main/messages/index.ts';
import type { MessageId, NodeId } from '../../main/model/index.ts';
import { HandTime } from '../support/hand-time.ts';
import { rest } from '../support/rest.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SimulatedDisk } from '../support/simulated-disk.ts';
import { callsOf } from './busy-calls.ts';
import { SimulatedWorker } from './simulated-worker.ts';

/** A computer of the office, and whoever sits in front of it. */
export interface Place {
  readonly index: number;
  readonly desk: Desk;
  readonly worker: SimulatedWorker;
  readonly calls: Calls;
  /** Its network is down: nothing goes out, nothing comes in. */
  isCut: boolean;
  cutLink: () => void;
}

/**
 * People of an office who talk to each other: the real rooms for messages and calls of each computer, over a simulated network, disk and
 * media worker. The first computer is the switch; the last two are one person's. Those of `MAY_OVERRIDE` have that right.
 */
export class BusyOffice {
  readonly time = new HandTime();
  readonly places: Place[] = [];
  /** Everything that somebody began to say. */
  readonly said = new Map<MessageId, Place>();
  /** What is done after something sounded, and before main learns of it. */
  afterSound: () => void = () => undefined;
  /** Share of datagrams that are lost. */
  loss: number;
  readonly #random: () => number;

  private constructor(seed: number, loss: number) {
    this.loss = loss;
    this.#random = seededRandom(seed + 1_000_000);
  }

  static async open(people: readonly Person[], seed: number, loss: number): Promise<BusyOffice> {
    const office = new BusyOffice(seed, loss);
    for (const [index, person] of people.entries()) await office.#seat(person, index, seed);
    office.#introduce();
    await rest();
    return office;
  }

  get switchPlace(): Place {
    return this.places[0]!;
  }

  /** Of the same person: their places, or theirs alone. */
  placesOf(place: Place): readonly Place[] {
    const { office } = place.desk;
    const person = office.personOf(place.desk.node);
    return this.places.filter(({ desk }) => office.personOf(desk.node) === person);
  }

  at(node: NodeId): Place {
    const place = this.places.find(({ desk }) => desk.node === node);
    if (!place) throw new Error(`nobody is ${node}`);
    return place;
  }

  /** Lets `ms` pass for everybody. */
  async pass(ms: number): Promise<void> {
    this.time.pass(ms);
    await rest();
    for (const { worker } of this.places) worker.run(ms);
    this.afterSound();
    for (const { worker } of this.places) worker.tell();
    await rest();
  }

  cut(place: Place): void {
    if (place.isCut || place === this.switchPlace) return;
    place.isCut = true;
    place.cutLink();
    this.#tellWhoIsOnline();
  }

  mend(place: Place): void {
    if (!place.isCut) return;
    place.isCut = false;
    this.#follow(place);
    this.#tellWhoIsOnline();
  }

  async close(): Promise<void> {
    for (const { desk, calls } of this.places) {
      calls.close();
      desk.messages.close();
    }
    await Promise.all(this.places.map(({ desk }) => desk.store.close()));
  }

  async #seat(person: Person, index: number, seed: number): Promise<void> {
    const random = seededRandom(seed * 64 + index);
    const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random() * 256));
    const ports = { disk: new SimulatedDisk(), random: { bytes, fraction: random } };
    const worker = new SimulatedWorker(() => this.time.monotonic());
    const desk = await Desk.simulated(person, this.time, { ...ports, media: worker });
    const calls = callsOf(
      { desk, worker },
      { random: ports.random, reached: (to) => this.#datagram(place, to) },
    );
    const place: Place = { index, desk, worker, calls, isCut: false, cutLink: () => undefined };
    this.places.push(place);
    desk.messages.events.on('talk', (talk) => {
      if (talk && !talk.isRecording) this.said.set(talk.id, place);
    });
    desk.voice.answer = () => this.#readOut();
    const { office } = desk;
    Object.defineProperty(office, 'online', { get: () => this.#onlineFor(place) });
    office.sendHeader = (to, header) => this.#datagram(place, to)?.desk.hear(header);
    office.sendHashes = (to, hashes) => this.#datagram(place, to)?.desk.messages.hashes(hashes, desk.node);
    office.reach = async (node) => office.linkTo(node) ?? this.#visit(place, node);
    worker.carry = (fragments, ssrc, targets) => {
      for (const { port } of targets) {
        const to = this.places.find((one) => one.desk.record.endpoints.media === port);
        if (to && this.#reaches(place, to))
          to.worker.arrive(
            fragments.filter(() => this.#random() >= this.loss),
            ssrc,
          );
      }
    };
  }

  /** A voice that says words which somebody typed, or fails. */
  async #readOut(): Promise<Int16Array | undefined> {
    const chance = this.#random();
    if (chance < 0.1) throw new Error('the engine has failed');
    if (chance < 0.2) return undefined;
    return new Int16Array(48 * Math.round(300 + 2000 * this.#random()));
  }

  #introduce(): void {
    const desks = this.places.map(({ desk }) => desk);
    const [one, other] = desks.slice(-2);
    for (const { office } of desks) {
      office.know(...desks);
      if (one && other) office.persons.set(other.node, one.node);
      office.switchNode = this.switchPlace.desk.node;
      for (const { node } of desks.filter((_, index) => MAY_OVERRIDE.includes(index)))
        office.overriders.add(node);
    }
    for (const place of this.places) if (place !== this.switchPlace) this.#follow(place);
    for (const { messages } of desks) messages.switchChanged();
    this.#tellWhoIsOnline();
  }

  #onlineFor(place: Place): NodeId[] {
    return this.places.filter((to) => this.#reaches(place, to)).map(({ desk }) => desk.node);
  }

  #tellWhoIsOnline(): void {
    for (const { desk } of this.places)
      desk.messages.expect(desk.office.online.flatMap((node) => desk.office.known.get(node) ?? []));
  }

  /** The control link to the switch. */
  #follow(place: Place): void {
    const { desk } = place;
    const { desk: hub } = this.switchPlace;
    const {
      ends: [up, down],
      cut,
    } = join(desk, hub);
    desk.office.upstream = up;
    hub.office.downstream = [...hub.office.downstream, down];
    place.cutLink = () => {
      cut();
      desk.office.upstream = undefined;
      hub.office.downstream = hub.office.downstream.filter((link) => link !== down);
      desk.messages.linkDown(up);
      hub.messages.linkDown(down);
    };
    desk.messages.linkUp(up);
  }

  /** A link for a question alone. */
  #visit(from: Place, node: NodeId): PeerLink | undefined {
    const to = this.at(node);
    return this.#reaches(from, to) ? join(from.desk, to.desk).ends[0] : undefined;
  }

  /** Whom a datagram reaches, unless it is lost. */
  #datagram(from: Place, node: NodeId): Place | undefined {
    const to = this.at(node);
    return this.#reaches(from, to) && this.#random() >= this.loss ? to : undefined;
  }

  #reaches(from: Place, to: Place): boolean {
    return from !== to && !from.isCut && !to.isCut;
  }
}

/** Who may override do not disturb. */
const MAY_OVERRIDE: readonly number[] = [1, 2];
