import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { loadOrCreateIdentity, type OwnIdentity } from '../identity/index.ts';
import type { MediaAddress, MediaEvents, WorkerCommand, WorkerEvent } from '../media/index.ts';
import {
  Emitter,
  nextTurn,
  nodePorts,
  toBase64url,
  type Fragment,
  type FragmentHashes,
  type Header,
  type KnownNode,
  type Manifest,
  type MessageId,
  type NodeId,
  type Page,
  type Ports,
  type Random,
  type Signed,
} from '../model/index.ts';
import type { MessageFrame, MessageFrameType } from '../signalling/index.ts';
import { MessageStore, type Statement } from '../store/index.ts';
import { Composer } from './compose.ts';
import type { MessageEvents } from './events.ts';
import { OwnHashes } from './own-hashes.ts';
import { Messages, type ListenerPort, type MediaPort, type OfficePort, type PeerLink } from './index.ts';

const UNDO_MS = 10_000;
const FRAGMENT_BYTES = 80;

/** A member: real keys, and a record as the office knows it. */
export interface Person {
  readonly identity: OwnIdentity;
  readonly record: KnownNode;
}

/** A message as its talker made it. */
export interface Spoken {
  readonly id: MessageId;
  readonly header: Statement<Header>;
  /** Where it is for several. */
  readonly hashes: readonly Statement<FragmentHashes>[];
  readonly manifest: Statement<Manifest>;
  readonly fragments: readonly Fragment[];
}

async function newFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-rooms-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function newPerson(t: TestContext, extension: string): Promise<Person> {
  const identity = await loadOrCreateIdentity(await newFolder(t));
  return { identity, record: recordOf(identity, extension) };
}

/** By the keys that the person has now. */
export function recordOf(identity: OwnIdentity, extension: string): KnownNode {
  return {
    ...{ v: 1, node: identity.nodeId, revision: 1, presence: 'available' },
    ...{ person: identity.nodeId, name: `Person ${extension}`, extension },
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
    endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: Number(extension) },
    store: randomBytes(8).toString('base64url'),
    readsSheets: true,
  };
}

/** Speech: what is in a sealed fragment concerns the media worker alone. */
export function newFragments(count: number, from = 0): Fragment[] {
  return Array.from({ length: count }, (_, n) => ({ n: from + n, bytes: randomBytes(FRAGMENT_BYTES) }));
}

/** What `talker` says to `recipients`, whole. */
export async function speak(
  { identity, record }: Person,
  recipients: readonly Person[],
  {
    time = new HandTime(),
    count = 20,
    forwardedFrom = undefined as string | undefined,
    again = undefined as MessageId | undefined,
    page = undefined as Page | undefined,
    isOverride = false,
  } = {},
): Promise<Spoken> {
  const composer = new Composer({ identity, clock: time, random: nodePorts.random });
  const draft = composer.draft();
  const header = await composer.header(draft, {
    recipients: recipients.map((person) => person.record),
    ...{ from: record.extension, to: recipients[0]?.record.extension ?? '999' },
    ...(forwardedFrom === undefined ? {} : { forwardedFrom }),
    ...(again === undefined ? {} : { again }),
    ...(page && { page }),
    ...(isOverride && { isOverride }),
  });
  const fragments = newFragments(count);
  const own = new OwnHashes(recipients.map((person) => person.record));
  for (const { bytes } of fragments) own.add(bytes);
  own.end();
  const hashes = own.take().map((some) => composer.hashes(draft.id, some));
  return { id: draft.id, header, hashes, manifest: composer.manifest(draft.id, own.whole), fragments };
}

/** The media worker's port: keeps what it was ordered, and reports what a test lets it report. */
export class HandMedia implements MediaPort {
  readonly posted: WorkerCommand[] = [];
  readonly #events = new Emitter<MediaEvents>((error) => {
    throw error;
  });
  /** Carries own fragments to other desks. */
  carry: ((fragments: readonly Fragment[], ssrc: number, to: readonly MediaAddress[]) => void) | undefined;

  post(command: WorkerCommand): void {
    this.posted.push(command);
  }

  on<Name extends keyof MediaEvents>(name: Name, listener: (event: MediaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  report(event: Exclude<WorkerEvent, { readonly type: 'started' | 'stays' }>): void {
    this.#events.emit(event.type, event);
  }

  crash(): void {
    this.#events.emit('crashed', undefined);
  }

  /** The orders of one type, the oldest first. */
  of<T extends WorkerCommand['type']>(type: T): Extract<WorkerCommand, { type: T }>[] {
    return this.posted.filter((one): one is Extract<WorkerCommand, { type: T }> => one.type === type);
  }

  /** Numbers of the fragments that were fed to the playout. */
  fed(id: MessageId): number[] {
    return this.of('play-fragments')
      .filter((order) => order.id === id)
      .flatMap(({ fragments }) => fragments.map(({ n }) => n));
  }

  /** The microphone gives these: they are told to main, and sent to the talk's targets. */
  speak(id: MessageId, fragments: readonly Fragment[]): void {
    const talk = this.of('talk').find((one) => one.id === id);
    this.report({ type: 'talk-fragments', id, fragments });
    if (talk) this.carry?.(fragments, talk.ssrc, talk.targets);
  }

  /** A packet came: told to main where it is of a message that the worker was ordered to receive. */
  arrive(fragments: readonly Fragment[], ssrc: number): void {
    const known = [...this.of('receive'), ...this.of('receive-sealed')].find((one) => one.ssrc === ssrc);
    if (known) this.report({ type: 'received', id: known.id, fragments });
  }
}

/** A link whose other end is in the test's hand: keeps what was sent. */
export class HandLink implements PeerLink {
  readonly peer: NodeId;
  readonly sent: MessageFrame[] = [];
  readonly batches: { readonly id: MessageId; readonly fragments: readonly Fragment[] }[] = [];

  constructor(peer: NodeId) {
    this.peer = peer;
  }

  send(frame: MessageFrame): void {
    this.sent.push(frame);
  }

  sendFragments(id: MessageId, fragments: readonly Fragment[]): void {
    this.batches.push({ id, fragments });
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  of<T extends MessageFrameType>(type: T): Extract<MessageFrame, { type: T }>[] {
    return this.sent.filter((one): one is Extract<MessageFrame, { type: T }> => one.type === type);
  }

  /** Numbers of the fragments that were sent, as they were sent. */
  numbers(id: MessageId): number[] {
    return this.batches
      .filter((one) => one.id === id)
      .flatMap(({ fragments }) => fragments.map(({ n }) => n));
  }
}

/** The office's port: whom a test lets it know, reach and follow. At first it knows and reaches nobody. */
export class HandOffice implements OfficePort {
  self: NodeId;
  readonly known = new Map<NodeId, KnownNode>();
  /** Whose computer it is, where that is not its own account. */
  readonly accounts = new Map<NodeId, string>();
  /** Whom it can reach besides. */
  readonly visits = new Map<NodeId, PeerLink>();
  readonly headers: { readonly to: NodeId; readonly header: Signed }[] = [];
  readonly hashes: { readonly to: NodeId; readonly hashes: Signed }[] = [];
  /** Of those who were removed. */
  readonly formerKeys = new Map<NodeId, string>();
  /** Who may override do not disturb. */
  readonly overriders = new Set<NodeId>();
  /** Whose computer it is, where that is not its person's first. */
  readonly persons = new Map<NodeId, NodeId>();
  /** Who has this node's messages, since its person is diverted. */
  standIn: { readonly person: NodeId; readonly since: number } | undefined;
  switchNode: NodeId | undefined;
  standbyNode: NodeId | undefined;
  upstream: PeerLink | undefined;
  downstream: PeerLink[] = [];

  constructor(self: NodeId) {
    this.self = self;
  }

  know(...people: readonly Person[]): void {
    for (const { record } of people) this.known.set(record.node, record);
  }

  linkTo(node: NodeId): PeerLink | undefined {
    return [...(this.upstream ? [this.upstream] : []), ...this.downstream].find(({ peer }) => peer === node);
  }

  mediaAddressOf(node: NodeId): MediaAddress | undefined {
    const endpoints = this.known.get(node)?.endpoints;
    return endpoints && { address: endpoints.address, port: endpoints.media };
  }

  signingKeyOf(node: NodeId): string | undefined {
    return this.known.get(node)?.signingKey;
  }

  /** The ledger says that these are out. */
  remove(...people: readonly Person[]): void {
    for (const { record } of people) {
      this.known.delete(record.node);
      this.formerKeys.set(record.node, record.signingKey);
    }
  }

  formerKeyOf(node: NodeId): string | undefined {
    return this.formerKeys.get(node);
  }

  isMember(node: NodeId): boolean {
    return !this.formerKeys.has(node);
  }

  isRemoved(node: NodeId): boolean {
    return this.formerKeys.has(node);
  }

  get removed(): readonly NodeId[] {
    return [...this.formerKeys.keys()];
  }

  personOf(node: NodeId): NodeId | undefined {
    return this.isMember(node) ? (this.persons.get(node) ?? node) : undefined;
  }

  mayOverride(node: NodeId): boolean {
    return this.overriders.has(node);
  }

  formerNodesOf(person: NodeId): readonly NodeId[] {
    return this.removed.filter((node) => (this.persons.get(node) ?? node) === person);
  }

  knownNodesOf(person: NodeId): readonly KnownNode[] {
    return [...this.known.values()].filter(({ node }) => this.personOf(node) === person);
  }

  standInFor(): { readonly person: NodeId; readonly since: number } | undefined {
    return this.standIn;
  }

  storeIdOf(node: NodeId): string | undefined {
    return this.known.get(node)?.store;
  }

  readsSheets(node: NodeId): boolean {
    return this.known.get(node)?.readsSheets === true;
  }

  accountOf(node: NodeId): string {
    return this.accounts.get(node) ?? node;
  }

  get online(): readonly NodeId[] {
    return [...this.known.keys()].filter((node) => node !== this.self);
  }

  async reach(node: NodeId): Promise<PeerLink | undefined> {
    return this.linkTo(node) ?? this.visits.get(node);
  }

  sendHeader(to: NodeId, header: Signed): void {
    this.headers.push({ to, header });
  }

  sendHashes(to: NodeId, hashes: Signed): void {
    this.hashes.push({ to, hashes });
  }
}

/** A member's store and office, for a part of the room that is tested by itself. Closed when the test has ended. */
export async function openStore(t: TestContext, extension: string) {
  const person = await newPerson(t, extension);
  const time = new HandTime();
  const folder = await mkdtemp(join(tmpdir(), 'corridor-rooms-'));
  const store = await MessageStore.open(folder, {
    // The store writes by timers of its own: only what the time is is in the test's hand.
    ports: { ...nodePorts, clock: time },
    log: () => undefined,
  });
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
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
  readonly media = new HandMedia();
  readonly time: HandTime;
  readonly listener: { -readonly [Fact in keyof ListenerPort]: ListenerPort[Fact] } = {
    ...{ presence: 'available', canPlay: true, isLocked: false, isIdle: false },
    ...{ gainOf: () => 1, isMuted: () => false, hearsOverrideAway: false },
  };
  readonly log: string[] = [];
  readonly messages: Messages;

  private constructor(
    { identity, record }: Person,
    store: MessageStore,
    time: HandTime,
    folder: string,
    random: Random = nodePorts.random,
  ) {
    this.folder = folder;
    this.identity = identity;
    this.record = record;
    this.store = store;
    this.time = time;
    this.office = new HandOffice(identity.nodeId);
    const { media, office, listener } = this;
    this.messages = new Messages({
      ...{ identity, store, media, office, listener, nextTurn, clock: time, schedule: time.schedule },
      ...{ random, undoMs: UNDO_MS, log: (line: string) => void this.log.push(line) },
    });
  }

  /** Closed when the test has ended. */
  static async open(t: TestContext, extension: string, time = new HandTime()): Promise<Desk> {
    const person = await newPerson(t, extension);
    const folder = await mkdtemp(join(tmpdir(), 'corridor-rooms-'));
    const store = await MessageStore.open(folder, {
      // The store writes by timers of its own: only what the time is is in the test's hand.
      ports: { ...nodePorts, clock: time },
      log: () => undefined,
    });
    const desk = new Desk({ ...person, record: { ...person.record, store: store.id } }, store, time, folder);
    t.after(async () => {
      desk.messages.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    });
    return desk;
  }

  /** One in a simulation: disk, timers and chance of the store are the simulation's, too. Whoever opens it closes it. */
  static async simulated(
    person: Person,
    time: HandTime,
    { disk, random }: Pick<Ports, 'disk' | 'random'>,
  ): Promise<Desk> {
    const ports = { disk, random, clock: time, schedule: time.schedule };
    const store = await MessageStore.open('/store', { ports, log: () => undefined });
    return new Desk(
      { ...person, record: { ...person.record, store: store.id } },
      store,
      time,
      '/store',
      random,
    );
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
