import { cpus, totalmem } from 'node:os';
import { lookup } from 'node:dns/promises';
import { DEFAULT_BEAT_PORT, Discovery, type GivenAddress, type SavedAddresses } from '../discovery/index.ts';
import { Election, type ElectionOutput, type RoleState } from '../election/index.ts';
import {
  officeKeys,
  officeTag,
  signReceipt,
  verifyHeader,
  verifyManifest,
  verifyReceipt,
  rehearse,
  type Identity,
  type Office,
} from '../identity/index.ts';
import type { MediaWorker, Target, WorkerEvent } from '../media/index.ts';
import {
  assertNever,
  CorridorError,
  fromBase64url,
  headerSchema,
  manifestSchema,
  readStatement,
  receiptSchema,
  type Endpoints,
  type Fragment,
  type Header,
  type MessageId,
  type NodeId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import { Beats } from './beats.ts';
import { Gathering } from './gathering.ts';
import { Incoming, type Progress } from './incoming.ts';
import { Links } from './links.ts';
import { Outgoing, type Talk } from './outgoing.ts';
import { Player, type Playback } from './player.ts';
import { Relay } from './relay.ts';
import type { Roster } from './roster.ts';
import { Serving } from './serving.ts';

export interface MembershipHandlers {
  readonly canSound: () => boolean;
  /** Roles, people, presence: whatever `status` and `people` show has changed. */
  readonly changed: () => void;
  readonly messageChanged: (id: MessageId) => void;
  readonly notify: (message: StoredMessage) => void;
  /** It was heard or deleted. */
  readonly settled: (id: MessageId) => void;
  readonly talk: (talk: Talk | undefined) => void;
  readonly capturing: (id: MessageId) => void;
  readonly sounding: (id: MessageId, live: boolean) => void;
  readonly playback: (playback: Playback | undefined) => void;
  readonly trouble: (code: string, sentence: string | undefined) => void;
}

export interface MembershipParts {
  readonly identity: Identity;
  readonly office: Office;
  readonly store: MessageStore;
  readonly media: MediaWorker;
  readonly roster: Roster;
  readonly address: string;
  readonly mediaPort: number;
  readonly interfaces: readonly string[];
  /** Where to look besides multicast. */
  readonly addresses: SavedAddresses;
  readonly version: string;
  readonly log: (line: string) => void;
  readonly handlers: MembershipHandlers;
}

/** Preparing waits until the news of who is there has settled. */
const READY_AFTER_MS = 200;

/** A node's life in an office: every room at work together. */
export class Membership {
  readonly outgoing: Outgoing;
  readonly incoming: Incoming;
  readonly player: Player;
  readonly #parts: MembershipParts;
  readonly #links: Links;
  readonly #relay: Relay;
  readonly #serving: Serving;
  readonly #gathering: Gathering;
  readonly #progress = new Map<MessageId, Map<NodeId, Progress>>();
  /** Who else can be asked for a message: links over which it was announced. */
  readonly #holders = new Map<MessageId, Set<ControlLink>>();
  readonly #stops: (() => void)[] = [];
  #beats!: Beats;
  #discovery: Discovery | undefined;
  #role: RoleState = { role: 'alone', switch: undefined, standby: undefined, term: 0 };
  #left: (() => void) | undefined;
  #readyTimer: NodeJS.Timeout | undefined;
  #isWarmedUp = false;

  private constructor(parts: MembershipParts) {
    const { identity, store, media, office, log, handlers, roster } = parts;
    const { controlProofKey } = officeKeys(office.key);
    const { certificatePem, privateKeyPem } = identity;
    this.#parts = parts;
    this.#links = new Links(
      { certificatePem, privateKeyPem, controlProofKey },
      {
        onUp: (link, upstream) => this.#linkUp(link, upstream),
        onMessage: (link, message) => this.#message(link, message),
        onFragments: (link, id, fragments) => this.#fragments(link, id, fragments),
        onDown: (link, upstream) => this.#linkDown(link, upstream),
      },
      log,
    );
    this.#relay = new Relay(identity.nodeId, store, this.#links);
    this.#serving = new Serving(store, (node) => node === this.#role.switch || node === this.#role.standby);
    this.#gathering = new Gathering(store, (message) => this.#sourceOf(message));
    this.outgoing = new Outgoing(identity, store, media, {
      switchTarget: () => this.#switchTarget(),
      announce: (signed, facts) => this.#announceOwn(signed, facts),
      end: (signed) => this.#endOwn(signed),
      changed: handlers.talk,
      capturing: handlers.capturing,
      failed: (_talk, sentence) => handlers.trouble('microphone', sentence),
    });
    this.incoming = new Incoming(identity, store, media, {
      presence: () => roster.presence,
      canSound: handlers.canSound,
      talkerTarget: (header) => this.#mediaOf(header.talker),
      receipt: (signed, facts) => this.#receipt(signed, facts, undefined),
      progress: (id, state) => this.#ownProgress(id, state),
      notify: handlers.notify,
      log,
    });
    this.player = new Player(identity, store, media, {
      changed: handlers.playback,
      heard: (id) => this.heard(id),
    });
  }

  static async join(parts: MembershipParts): Promise<Membership> {
    const membership = new Membership(parts);
    await membership.#start();
    return membership;
  }

  get role(): RoleState {
    return this.#role;
  }

  /** What recipients' nodes said of a message that is being spoken. */
  progressOf(id: MessageId): ReadonlyMap<NodeId, Progress> {
    return this.#progress.get(id) ?? new Map<NodeId, Progress>();
  }

  /** The own record changed: name, extension or presence. */
  describe(): void {
    const { roster } = this.#parts;
    roster.refresh();
    const { signed, record } = roster.own;
    this.#beats.input({ type: 'describe', revision: record.revision });
    this.#links.upstream?.send({ type: 'record', record: signed });
    this.#broadcast(record.node);
    this.#rosterChanged();
  }

  heard(id: MessageId): void {
    this.incoming.heard(id);
    this.#parts.handlers.settled(id);
  }

  /** Asks at an address that a person gave. A name that no computer has is logged: it may have one later. */
  async lookAt({ host, port }: GivenAddress): Promise<void> {
    try {
      const { address } = await lookup(host, { family: 4 });
      this.#beats.addCandidate({ address, port });
    } catch {
      this.#parts.log(`There is no computer named ${host} on this network now.`);
    }
  }

  /** Plays a message of the own store; what is still missing is asked for at once. */
  async play(message: StoredMessage, speed: number): Promise<void> {
    this.#gathering.fetch(message.id);
    await this.player.play(message, speed);
  }

  async leave(): Promise<void> {
    for (const stop of this.#stops) stop();
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
      setTimeout(resolve, 500);
    });
    this.#beats.input({ type: 'leave' });
    await left;
    clearTimeout(this.#readyTimer);
    this.#gathering.close();
    await this.#links.close();
    await this.#beats.close();
    await this.#discovery?.stop();
  }

  onWorker(event: WorkerEvent): void {
    void this.outgoing.onWorker(event);
    this.player.onWorker(event);
    const { store, handlers } = this.#parts;
    if (event.type === 'received') {
      const id = event.id as MessageId;
      if (store.get(id)) store.append(id, event.fragments);
    } else if (event.type === 'sounding') {
      this.incoming.sounding(event.id as MessageId);
      handlers.sounding(event.id as MessageId, event.live);
    } else if (event.type === 'playback-ended') {
      const id = event.id as MessageId;
      const wasLive = this.incoming.isLive(id);
      this.incoming.heardLive(id, event.reason === 'end');
      if (wasLive && event.reason === 'end') handlers.settled(id);
      if (wasLive) handlers.changed();
    }
  }

  async workerLost(): Promise<void> {
    this.player.abandon();
    this.incoming.workerLost();
    await this.outgoing.workerLost();
  }

  // ---- beginning

  async #start(): Promise<void> {
    const { identity, office, address, mediaPort, roster, store } = this.#parts;
    const keys = officeKeys(office.key);
    const control = await preferDefaultPort((port) => this.#links.listen(address, port));
    this.#beats = await preferDefaultPort((port) =>
      Beats.open(address, port, keys, {
        onElection: (outputs) => this.#election(outputs),
        onHeader: (header) => this.#header(header, undefined),
      }),
    );
    const endpoints: Endpoints = { address, control, beat: this.#beats.port, media: mediaPort };
    roster.setEndpoints(endpoints);
    for (const known of roster.directory.roster()) {
      if (known.node !== identity.nodeId) this.#beats.addPeer(known.node, known.endpoints);
    }
    this.#stops.push(store.on('complete', (id) => this.#complete(id)));
    this.#stops.push(store.on('damaged', (id) => this.#gathering.fetch(id)));
    this.#stops.push(store.on('changed', (id) => this.#parts.handlers.messageChanged(id)));
    this.#beats.run(
      new Election({
        self: identity.nodeId,
        rank: rankOfThisComputer(),
        boot: Date.now(),
        revision: roster.own.record.revision,
        endpoints,
        now: performance.now(),
        random: Math.random,
      }),
    );
    const { addresses } = this.#parts;
    for (const { address: seenAt, beatPort } of addresses.seen) {
      this.#beats.addCandidate({ address: seenAt, port: beatPort });
    }
    for (const given of addresses.given) void this.lookAt(given);
    this.#discover({ controlPort: control, beatPort: this.#beats.port, officeTag: officeTag(office.key) });
  }

  #discover(here: { controlPort: number; beatPort: number; officeTag: string }): void {
    const { interfaces, handlers } = this.#parts;
    this.#discovery = new Discovery(
      { interfaces, ...here },
      {
        found: ({ addresses, beatPort, officeTag: theirs }) => {
          if (theirs !== here.officeTag) return;
          for (const address of addresses) this.#beats.addCandidate({ address, port: beatPort });
        },
        gone: () => undefined,
        state: (state) =>
          handlers.trouble('discovery', state.kind === 'trouble' ? state.error.message : undefined),
      },
    );
    this.#discovery.start();
  }

  /** What the first message would else wait for: key agreement with those who are there, and a first unwrap. */
  #getReady(): void {
    const { roster, identity, log } = this.#parts;
    clearTimeout(this.#readyTimer);
    this.#readyTimer = setTimeout(() => {
      const online = roster.directory
        .roster()
        .filter(({ node, online: isOnline }) => isOnline && node !== roster.self);
      const records = online.flatMap(({ node }) => roster.directory.get(node) ?? []);
      this.outgoing
        .prepare(records)
        .catch((error: Error) => log(`Keys could not be prepared: ${error.message}`));
      if (this.#isWarmedUp) return;
      this.#isWarmedUp = true;
      void rehearse(identity);
    }, READY_AFTER_MS);
    this.#readyTimer.unref();
  }

  // ---- who is the switch

  #election(outputs: readonly ElectionOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'alive') this.#remember(output.node);
      if (output.type === 'role') this.#setRole(output);
      else if (output.type === 'left') this.#left?.();
      else if (output.type === 'lost' && this.#role.role === 'switch') this.#setOnline(output.node, false);
    }
  }

  /** Where a colleague was heard is kept, for the day on which multicast does not get through. */
  #remember(node: NodeId): void {
    const at = this.#beats.addressOf(node);
    if (at) this.#parts.addresses.see({ node, address: at.address, beatPort: at.port, seenAt: Date.now() });
  }

  #setRole(role: RoleState): void {
    const before = this.#role;
    this.#role = role;
    if (role.role === 'member' && role.switch) this.#follow(role.switch);
    else this.#links.follow(undefined);
    this.#relay.setStandby(role.role === 'switch' ? role.standby : undefined);
    if (before.switch !== role.switch) this.outgoing.retarget();
    this.#parts.handlers.changed();
  }

  #follow(node: NodeId): void {
    const endpoints = this.#beats.endpointsOf(node) ?? this.#parts.roster.directory.get(node)?.endpoints;
    if (endpoints) this.#links.follow({ node, address: endpoints.address, port: endpoints.control });
  }

  // ---- links

  #linkUp(link: ControlLink, upstream: boolean): void {
    const { roster, version } = this.#parts;
    link.send({ type: 'hello', record: roster.own.signed, version });
    if (!upstream) return;
    this.#relay.merge(link);
    link.send({ type: 'inbox' });
  }

  #linkDown(link: ControlLink, upstream: boolean): void {
    this.#serving.stopAll(link);
    for (const holders of this.#holders.values()) holders.delete(link);
    this.#gathering.linkLost(link);
    if (upstream) this.#beats.input({ type: 'dropped', node: link.peer });
    else if (!this.#links.to(link.peer)) this.#setOnline(link.peer, false);
    this.#parts.handlers.changed();
  }

  #message(link: ControlLink, message: ControlMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#hello(link, message.record);
      case 'roster':
        return this.#roster(link, message.entries);
      case 'record':
        return this.#record(link, message.record);
      case 'announce':
        return this.#header(message.header, link);
      case 'manifest':
        return this.#manifest(message.manifest, link);
      case 'fetch':
        return this.#serving.serve(link, message);
      case 'fetch-stop':
        return this.#serving.stop(link, message.id);
      case 'fetch-end':
        return this.#gathering.ended(link, message.id);
      case 'receipt':
        return this.#foreignReceipt(message.receipt, link);
      case 'progress':
        return this.#foreignProgress(message, link);
      case 'inbox':
        return this.#relay.inbox(link);
      case 'extension-taken':
      case 'refuse':
      case 'bye':
        // The directory's rule says the same of an extension; the election hears of leaving by beats.
        return;
      default:
        assertNever(message);
    }
  }

  // ---- people

  #hello(link: ControlLink, record: Signed): void {
    const { roster } = this.#parts;
    if (roster.enter(record)?.node !== link.peer) return link.close();
    if (link === this.#links.upstream) return this.#setOnline(link.peer, true);
    link.send({ type: 'roster', entries: roster.entries(), full: true });
    this.#setOnline(link.peer, true);
    this.#broadcast(link.peer);
  }

  #roster(
    link: ControlLink,
    entries: readonly { readonly record: Signed; readonly online: boolean }[],
  ): void {
    if (link !== this.#links.upstream) return;
    const { roster } = this.#parts;
    for (const { record, online } of entries) {
      const entered = roster.enter(record);
      if (!entered) continue;
      roster.directory.setOnline(entered.node, online);
      this.#beats.addPeer(entered.node, entered.endpoints);
      this.#beats.input({ type: 'peer', node: entered.node, online });
    }
    this.#rosterChanged();
  }

  #record(link: ControlLink, signed: Signed): void {
    const entered = this.#parts.roster.enter(signed);
    if (!entered) return;
    if (entered.node === link.peer) this.#broadcast(entered.node);
    this.#rosterChanged();
  }

  #setOnline(node: NodeId, online: boolean): void {
    this.#parts.roster.directory.setOnline(node, online);
    if (this.#role.role === 'switch') this.#broadcast(node);
    this.#rosterChanged();
  }

  /** Tells every follower of one node. */
  #broadcast(node: NodeId): void {
    const entry = this.#parts.roster.entryOf(node);
    if (!entry) return;
    const entries = [entry];
    for (const link of this.#links.downstream) {
      if (link.peer !== node) link.send({ type: 'roster', entries, full: false });
    }
  }

  #rosterChanged(): void {
    const { roster, handlers } = this.#parts;
    const holder = roster.directory.takenBy(roster.self);
    const by = holder && roster.directory.get(holder);
    handlers.trouble(
      'extension-taken',
      by &&
        `Extension ${by.extension} belongs to ${by.name} already, and reaches only ${by.name}. Choose another number for yourself in the settings.`,
    );
    handlers.changed();
    this.#getReady();
  }

  // ---- messages

  #header(signed: Signed, link: ControlLink | undefined): void {
    const { store, roster, log } = this.#parts;
    const said = readStatement(signed, headerSchema);
    if (!said || said.talker === roster.self) return;
    if (link) this.#addHolder(said.id, link);
    const known = store.get(said.id);
    const keeps = this.#role.switch === roster.self || this.#role.standby === roster.self;
    if (known && (known.roles.keeps || !keeps)) return this.#gathering.watch(said.id);
    const key = roster.keyOf(said.talker);
    const header = key && verifyHeader(signed, fromBase64url(key));
    if (!header)
      return log(`A message of ${said.talker} was passed over: it is not signed by a known member.`);
    const isMine = header.recipients.includes(roster.self);
    if (store.wasDeleted(header.id) || (!isMine && !keeps)) return;
    const message = store.begin(signed, header, { ...(isMine ? { mine: 'recipient' as const } : {}), keeps });
    if (!known) {
      this.#begin(message, isMine);
      this.#relay.announce(signed, header, link);
    }
    this.#gathering.watch(header.id);
  }

  #begin(message: StoredMessage, isMine: boolean): void {
    const { facts: header } = message.header;
    if (isMine) void this.incoming.begin(message, message.manifest !== undefined);
    else {
      const talker = this.#mediaOf(header.talker) ?? null;
      this.#parts.media.post({ type: 'receive-sealed', id: header.id, ssrc: header.ssrc, talker });
    }
    this.#parts.handlers.messageChanged(header.id);
  }

  #manifest(signed: Signed, link: ControlLink): void {
    const { store, roster } = this.#parts;
    const said = readStatement(signed, manifestSchema);
    const message = said && store.get(said.id);
    const key = said && roster.keyOf(said.talker);
    const manifest = key && verifyManifest(signed, fromBase64url(key));
    if (!message || !manifest || message.roles.mine === 'talker') return;
    if (message.manifest) return this.#gathering.watch(manifest.id);
    if (message.roles.mine === 'recipient') this.incoming.ended(manifest.id, manifest.count);
    void store.setManifest(manifest.id, signed, manifest).then(() => this.#gathering.watch(manifest.id));
    this.#relay.end(signed, message.header.facts, link);
  }

  #fragments(link: ControlLink, id: MessageId, fragments: readonly Fragment[]): void {
    if (!this.#gathering.accept(link, id, fragments)) return;
    if (this.incoming.isLive(id)) this.#parts.media.post({ type: 'feed', id, fragments });
  }

  #complete(id: MessageId): void {
    const { store, media, identity } = this.#parts;
    this.#gathering.settled(id);
    this.#holders.delete(id);
    const message = store.get(id);
    if (!message || message.roles.mine === 'talker') return;
    if (!this.incoming.isLive(id) && this.player.playback?.id !== id) media.post({ type: 'forget', id });
    if (message.roles.mine === 'recipient') return this.incoming.received(id);
    const receipt: Receipt = { v: 1, id, node: identity.nodeId, state: 'stored', at: Date.now() };
    const signed = signReceipt(identity, receipt);
    if (store.setReceipt(signed, receipt)) this.#receipt(signed, receipt, undefined);
  }

  #announceOwn(signed: Signed, facts: Header): void {
    for (const node of new Set([...facts.recipients, ...(this.#role.switch ? [this.#role.switch] : [])])) {
      const address = this.#beats.addressOf(node);
      if (address && node !== this.#parts.roster.self) this.#beats.sendHeader(address, signed);
    }
    this.#links.upstream?.send({ type: 'announce', header: signed });
    this.#relay.announce(signed, facts, undefined);
  }

  #endOwn(manifest: Signed): void {
    const facts = readStatement(manifest, manifestSchema);
    const message = facts && this.#parts.store.get(facts.id);
    if (!message) return;
    this.#links.upstream?.send({ type: 'manifest', manifest });
    this.#relay.end(manifest, message.header.facts, undefined);
  }

  // ---- receipts and progress

  #receipt(signed: Signed, facts: Receipt, cameFrom: ControlLink | undefined): void {
    const header = this.#parts.store.get(facts.id)?.header.facts;
    if (header && header.talker !== this.#parts.roster.self) this.#relay.receipt(signed, header, cameFrom);
  }

  #foreignReceipt(signed: Signed, link: ControlLink): void {
    const { store, roster } = this.#parts;
    const said = readStatement(signed, receiptSchema);
    const key = said && roster.keyOf(said.node);
    const receipt = key && verifyReceipt(signed, fromBase64url(key));
    if (receipt && store.setReceipt(signed, receipt)) this.#receipt(signed, receipt, link);
  }

  #ownProgress(id: MessageId, state: Progress): void {
    const header = this.#parts.store.get(id)?.header.facts;
    if (header) this.#relay.progress({ id, node: this.#parts.roster.self, state }, header, undefined);
  }

  #foreignProgress(message: { id: MessageId; node: NodeId; state: Progress }, link: ControlLink): void {
    const { store, roster, handlers } = this.#parts;
    const header = store.get(message.id)?.header.facts;
    // A member speaks for itself; the switch passes on what members said.
    if (!header?.recipients.includes(message.node)) return;
    if (link.peer !== message.node && link !== this.#links.upstream) return;
    if (header.talker !== roster.self) return this.#relay.progress(message, header, link);
    const states = this.#progress.get(message.id) ?? new Map<NodeId, Progress>();
    this.#progress.set(message.id, states.set(message.node, message.state));
    handlers.messageChanged(message.id);
  }

  // ---- where things are

  #addHolder(id: MessageId, link: ControlLink): void {
    const message = this.#parts.store.get(id);
    if (message?.state === 'complete') return;
    const holders = this.#holders.get(id) ?? new Set<ControlLink>();
    this.#holders.set(id, holders.add(link));
  }

  #sourceOf(message: StoredMessage): ControlLink | undefined {
    const { talker } = message.header.facts;
    return this.#links.to(talker) ?? this.#links.upstream ?? [...(this.#holders.get(message.id) ?? [])][0];
  }

  #switchTarget(): Target | undefined {
    const node = this.#role.switch;
    return node && node !== this.#parts.roster.self ? this.#mediaOf(node) : undefined;
  }

  #mediaOf(node: NodeId): Target | undefined {
    const endpoints = this.#parts.roster.directory.get(node)?.endpoints;
    return endpoints && { address: endpoints.address, port: endpoints.media };
  }
}

/** The default port where it is free, else any. */
async function preferDefaultPort<T>(open: (port: number) => Promise<T>): Promise<T> {
  try {
    return await open(DEFAULT_BEAT_PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && !(error instanceof CorridorError)) throw error;
    return open(0);
  }
}

/** 0 to 999: more processors and memory make a better switch; equals are told apart by the election itself. */
function rankOfThisComputer(): number {
  const memoryGiB = totalmem() / 2 ** 30;
  return Math.min(999, cpus().length * 10 + Math.round(memoryGiB));
}
