import type { TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { OwnIdentity } from '../identity/index.ts';
import {
  nextTurn,
  nodePorts,
  type KnownNode,
  type MessageId,
  type NodeId,
  type Ports,
  type Random,
  type Signed,
} from '../model/index.ts';
import { MessageStore } from '../store/index.ts';
import type { MessageEvents } from './events.ts';
import { Messages, type ListenerPort, type PeerLink } from './index.ts';
import { newPerson, type Person, type Spoken } from './test-people.ts';
import { HandMedia, HandOffice, HandVoice } from './test-ports.ts';

const UNDO_MS = 10_000;

/** It writes by timers of its own: only what the time is is in the test's hand. */
async function openOnDisk(time: HandTime) {
  const folder = tempFolder('store');
  const ports = { ...nodePorts, clock: time };
  return { folder, store: await MessageStore.open(folder, { ports, log: () => undefined }) };
}

/** What a simulation has of its own. `media`: left out, what it does is in the test's hand. */
interface SimulatedPorts extends Pick<Ports, 'disk' | 'random'> {
  readonly media?: HandMedia;
}

/** A member's store and office, for a part of the room that is tested by itself. Closed when the test has ended. */
export async function openStore(t: TestContext, extension: string) {
  const person = await newPerson(t, extension);
  const time = new HandTime();
  const { store } = await openOnDisk(time);
  t.after(() => store.close());
  const { node } = person.record;
  return { ...person, node, store, time, office: new HandOffice(node) };
}

/** The room of one member, with a real store and real keys; the office, the media worker, time and the person are by hand. */
export class Desk implements Person {
  readonly identity: OwnIdentity;
  readonly record: KnownNode;
  readonly store: MessageStore;
  /** Of the store. */
  readonly folder: string;
  readonly office: HandOffice;
  readonly media: HandMedia;
  readonly time: HandTime;
  readonly listener: { -readonly [Fact in keyof ListenerPort]: ListenerPort[Fact] } = {
    ...{ presence: 'available', canPlay: true, isLocked: false, isIdle: false },
    ...{ gainOf: () => 1, isMuted: () => false, hearsOverrideAway: false },
  };
  readonly voice = new HandVoice();
  readonly log: string[] = [];
  /** Which nodes have told their history. */
  readonly history = new Set<NodeId>();
  readonly messages: Messages;

  private constructor(
    { identity, record }: Person,
    store: MessageStore,
    time: HandTime,
    folder: string,
    { random, media }: { readonly random: Random; readonly media: HandMedia } = {
      random: nodePorts.random,
      media: new HandMedia(),
    },
  ) {
    this.folder = folder;
    this.media = media;
    this.identity = identity;
    this.record = record;
    this.store = store;
    this.time = time;
    this.office = new HandOffice(identity.nodeId);
    const { office, listener, voice } = this;
    this.messages = new Messages({
      ...{ identity, store, media, office, listener, voice, nextTurn, clock: time, schedule: time.schedule },
      ...{ random, undoMs: UNDO_MS, history: this.history, log: (line: string) => void this.log.push(line) },
    });
  }

  /** Closed when the test has ended. */
  static async open(t: TestContext, extension: string, time = new HandTime()): Promise<Desk> {
    const person = await newPerson(t, extension);
    const { folder, store } = await openOnDisk(time);
    const desk = new Desk({ ...person, record: { ...person.record, store: store.id } }, store, time, folder);
    t.after(async () => {
      desk.messages.close();
      await store.close();
    });
    return desk;
  }

  /** One in a simulation: disk, timers and chance of the store are the simulation's, too. Whoever opens it closes it. */
  static async simulated(
    person: Person,
    time: HandTime,
    { disk, random, media = new HandMedia() }: SimulatedPorts,
  ): Promise<Desk> {
    const ports = { disk, random, clock: time, schedule: time.schedule };
    const store = await MessageStore.open('/store', { ports, log: () => undefined });
    return new Desk({ ...person, record: { ...person.record, store: store.id } }, store, time, '/store', {
      random,
      media,
    });
  }

  get node(): NodeId {
    return this.record.node;
  }

  /** Everything of one kind that the room tells from now on. */
  watch<Name extends keyof MessageEvents>(name: Name): MessageEvents[Name][] {
    const seen: MessageEvents[Name][] = [];
    this.messages.events.on(name, (value) => void seen.push(value));
    return seen;
  }

  /** A header comes by a datagram of the node that it names as its talker. */
  hear(header: Signed): void {
    this.messages.header(header, (JSON.parse(header.payload) as { talker: NodeId }).talker);
  }

  /** The first fragment of a message comes by datagram, and its header is not here yet. */
  hearEarly({ header }: Spoken): void {
    this.media.report({ type: 'early', ssrc: header.facts.ssrc, n: 0 });
  }

  /** The header and the end of a message come over this link; its fragments, by UDP. */
  take({ header, manifest, fragments }: Spoken, link: PeerLink): void {
    this.messages.frame({ type: 'announce', header: header.signed }, link);
    this.media.arrive(fragments, header.facts.ssrc);
    this.messages.frame({ type: 'manifest', manifest: manifest.signed }, link);
  }

  /** All fragments that are kept of it, joined: to compare bit by bit. */
  async bytesOf(id: MessageId): Promise<Buffer> {
    return Buffer.concat((await this.store.read(id, 0, 4096)).map(({ bytes }) => bytes));
  }
}

/** Whether all of that message is kept there. */
export const isWhole =
  ({ store }: Pick<Desk, 'store'>, id: string) =>
  (): boolean =>
    store.get(id as MessageId)?.state === 'complete';
