import type { MediaAddress, MediaEvents, WorkerCommand, WorkerEvent } from '../media/index.ts';
import {
  Emitter,
  type Fragment,
  type KnownNode,
  type MessageId,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { MessageFrame, MessageFrameType } from '../signalling/index.ts';
import type { MediaPort, OfficePort, PeerLink, VoicePort } from './ports.ts';
import type { Person } from './test-people.ts';

/** The media worker's port: keeps what it was ordered, and reports what a test lets it report. */
export class HandMedia implements MediaPort {
  readonly posted: WorkerCommand[] = [];
  readonly #events = new Emitter<MediaEvents>((error) => {
    throw error;
  });
  /** Carries own fragments to other desks. */
  carry: ((fragments: readonly Fragment[], ssrc: number, to: readonly MediaAddress[]) => void) | undefined;

  /** Whether the microphone can be opened. */
  hasMicrophone = true;

  post(command: WorkerCommand): void {
    this.posted.push(command);
    if (command.type !== 'talk' || command.pcm || !this.hasMicrophone) return;
    const { id } = command;
    queueMicrotask(() => this.report({ type: 'capturing', id }));
  }

  on<Name extends keyof MediaEvents>(name: Name, listener: (event: MediaEvents[Name]) => void): () => void {
    return this.#events.on(name, listener);
  }

  report(event: Exclude<WorkerEvent, { readonly type: 'started' | 'stays' | 'pong' }>): void {
    this.#events.emit(event.type, event);
  }

  crash(): void {
    this.#events.emit('crashed', undefined);
  }

  /** The next worker takes orders. */
  restart(): void {
    this.#events.emit('restarted', undefined);
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

  /** Packets came: told to main, as early ones where the worker was not ordered to receive their message. */
  arrive(fragments: readonly Fragment[], ssrc: number): void {
    const known = [...this.of('receive'), ...this.of('receive-sealed')].find((one) => one.ssrc === ssrc);
    const [first] = fragments;
    if (known) this.report({ type: 'received', id: known.id, fragments });
    else if (first) this.report({ type: 'early', ssrc, n: first.n });
  }
}

/** The voices of a computer. At first it has none. */
export class HandVoice implements VoicePort {
  /** What was to be spoken. */
  readonly asked: Parameters<VoicePort['readOut']>[0][] = [];
  /** How the engine answers. */
  answer: VoicePort['readOut'] = () => Promise.resolve(undefined);

  readOut(...[words, signal]: Parameters<VoicePort['readOut']>): Promise<Int16Array | undefined> {
    this.asked.push(words);
    return this.answer(words, signal);
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
  /** Who is known, and is not there now. */
  readonly off = new Set<NodeId>();
  /** Who has no room to keep messages. */
  readonly full = new Set<NodeId>();
  /** Who may override do not disturb. */
  readonly overriders = new Set<NodeId>();
  /** Whose computer it is, where that is not its person's first. */
  readonly persons = new Map<NodeId, NodeId>();
  /** How far nodes' clocks are ahead of this one's, as measured, ms. */
  readonly clocksAhead = new Map<NodeId, number>();
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

  group: MediaAddress | undefined;

  joinsGroup(node: NodeId): boolean {
    return this.known.get(node)?.multicast === true;
  }

  isWireless(node: NodeId): boolean {
    return this.known.get(node)?.wireless === true;
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

  clockAheadMs(node: NodeId): number | undefined {
    return this.clocksAhead.get(node);
  }

  standInFor(): { readonly person: NodeId; readonly since: number } | undefined {
    return this.standIn;
  }

  storeIdOf(node: NodeId): string | undefined {
    return this.known.get(node)?.store;
  }

  hasRoom(node: NodeId): boolean {
    return !this.full.has(node);
  }

  readsSheets(node: NodeId): boolean {
    return this.known.get(node)?.readsSheets === true;
  }

  accountOf(node: NodeId): string {
    return this.accounts.get(node) ?? node;
  }

  get online(): readonly NodeId[] {
    return [...this.known.keys()].filter((node) => node !== this.self && !this.off.has(node));
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
