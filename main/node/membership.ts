import { cpus, totalmem } from 'node:os';
import type { LocalizedText } from '../../i18n/index.ts';
import { DEFAULT_BEAT_PORT, type GivenAddress, type SavedAddresses } from '../discovery/index.ts';
import { Election, type ElectionOutput, type RoleState } from '../election/index.ts';
import { officeKeys, officeTag, type Identity, type Office } from '../identity/index.ts';
import type { MediaWorker, Target, WorkerEvent } from '../media/index.ts';
import {
  assertNever,
  CorridorError,
  type Endpoints,
  type Header,
  type MessageId,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import { Beats } from './beats.ts';
import { Finding } from './finding.ts';
import { Incoming, type Progress } from './incoming.ts';
import { Links } from './links.ts';
import { Measuring, type Way } from './measuring.ts';
import { MessageExchange } from './message-exchange.ts';
import { Outgoing, type Talk } from './outgoing.ts';
import { OwnExtension } from './own-extension.ts';
import { Player, type Playback, type PlayOptions } from './player.ts';
import { Readiness } from './readiness.ts';
import { ReceiptExchange } from './receipt-exchange.ts';
import { Relay } from './relay.ts';
import { RosterExchange } from './roster-exchange.ts';
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
  readonly trouble: (code: string, said: LocalizedText | undefined) => void;
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

/** A node's life in an office: every room at work together. */
export class Membership {
  /** The number that reaches this person. */
  readonly extension: OwnExtension;
  readonly outgoing: Outgoing;
  readonly incoming: Incoming;
  readonly player: Player;
  readonly #parts: MembershipParts;
  readonly #links: Links;
  readonly #relay: Relay;
  readonly #serving: Serving;
  readonly #people: RosterExchange;
  readonly #receipts: ReceiptExchange;
  readonly #messages: MessageExchange;
  readonly #readiness: Readiness;
  readonly #stops: (() => void)[] = [];
  readonly #measuring = new Measuring({
    health: () => this.#beats.health(),
    ask: (node) => this.#beats.ask(node),
    beatsToMe: (node) => this.#role.role === 'switch' || this.#role.switch === node,
    now: () => performance.now(),
  });
  #beats!: Beats;
  #finding: Finding | undefined;
  #role: RoleState = { role: 'alone', switch: undefined, standby: undefined, term: 0 };
  #left: (() => void) | undefined;

  private constructor(parts: MembershipParts) {
    const { identity, store, media, office, log, handlers, roster } = parts;
    const { controlProofKey } = officeKeys(office.key);
    const { certificatePem, privateKeyPem } = identity;
    const { messageChanged } = handlers;
    this.#parts = parts;
    this.#links = new Links(
      { certificatePem, privateKeyPem, controlProofKey },
      {
        onUp: (link, upstream) => this.#linkUp(link, upstream),
        onMessage: (link, message) => this.#message(link, message),
        onFragments: (link, id, fragments) => this.#messages.fragments(link, id, fragments),
        onDown: (link, upstream) => this.#linkDown(link, upstream),
      },
      log,
    );
    const links = this.#links;
    this.#relay = new Relay(identity.nodeId, store, links);
    const relay = this.#relay;
    this.#serving = new Serving(store, (node) => node === this.#role.switch || node === this.#role.standby);
    this.#people = new RosterExchange({
      roster,
      links,
      beats: () => this.#beats,
      isSwitch: () => this.#role.role === 'switch',
      changed: () => this.#rosterChanged(),
    });
    this.#receipts = new ReceiptExchange({ store, roster, links, relay, messageChanged });
    const receipts = this.#receipts;
    this.#messages = new MessageExchange({
      ...{ identity, store, media, roster, links, relay, receipts, messageChanged, log },
      beats: () => this.#beats,
      incoming: () => this.incoming,
      player: () => this.player,
      switchNode: () => this.#role.switch,
      keeps: () => this.#role.switch === roster.self || this.#role.standby === roster.self,
      mediaOf: (node) => this.#mediaOf(node),
    });
    const messages = this.#messages;
    this.extension = new OwnExtension({
      roster,
      describe: () => this.describe(),
      taken: (said) => handlers.trouble('extension-taken', said),
    });
    this.outgoing = new Outgoing(identity, store, media, {
      switchTarget: () => this.#switchTarget(),
      announce: (signed, facts) => messages.announceOwn(signed, facts),
      end: (signed) => messages.endOwn(signed),
      changed: handlers.talk,
      capturing: handlers.capturing,
      failed: (_talk, why) => handlers.trouble('microphone', why),
    });
    this.#readiness = new Readiness({ identity, roster, outgoing: this.outgoing, log });
    this.incoming = new Incoming(identity, store, media, {
      presence: () => roster.presence,
      canSound: handlers.canSound,
      talkerTarget: (header) => this.#mediaOf(header.talker),
      receipt: (signed, facts) => receipts.receipt(signed, facts, undefined),
      progress: (id, state) => receipts.progress(id, state),
      notify: handlers.notify,
      log,
    });
    this.player = new Player(identity, store, media, {
      changed: handlers.playback,
      heard: (id) => this.heard(id),
      wanted: (id) => messages.gathering.fetch(id),
      isLive: (id) => this.incoming.isLive(id),
      log,
    });
  }

  /** Errors, where the address cannot be used: nothing stays open then. */
  static async join(parts: MembershipParts): Promise<Membership> {
    const membership = new Membership(parts);
    await membership.#start();
    return membership;
  }

  get role(): RoleState {
    return this.#role;
  }

  /** Whether the control connection to the switch is up; true for the switch itself. */
  get isLinked(): boolean {
    return this.#role.role === 'switch' || this.#links.upstream !== undefined;
  }

  /** How far and how safe the way to these nodes is, as far as is known; they are asked, for the next time. */
  measure(nodes: readonly NodeId[]): ReadonlyMap<NodeId, Way> {
    return this.#measuring.measure(nodes);
  }

  /** What recipients' nodes said of a message that is being spoken. */
  progressOf(id: MessageId): ReadonlyMap<NodeId, Progress> {
    return this.#receipts.progressOf(id);
  }

  /** The own record changed: name, extension or presence. */
  describe(): void {
    const { roster } = this.#parts;
    roster.refresh();
    const { signed, record } = roster.own;
    this.#beats.input({ type: 'describe', revision: record.revision });
    this.#links.upstream?.send({ type: 'record', record: signed });
    this.#people.broadcast(record.node);
    this.#rosterChanged();
  }

  heard(id: MessageId): void {
    this.incoming.heard(id);
    this.#parts.handlers.settled(id);
  }

  /** Asks at an address that a person gave. */
  async lookAt(given: GivenAddress): Promise<void> {
    await this.#finding?.lookAt(given);
  }

  /** Plays a message of the own store; what is still missing is asked for at once. */
  play(message: StoredMessage, options?: PlayOptions): Promise<void> {
    return this.player.play(message, options);
  }

  /** It was deleted: whatever is heard of it ends. */
  silence(id: MessageId): void {
    if (this.player.playback?.id === id) void this.player.skip();
    this.incoming.silence(id);
    this.#parts.handlers.changed();
  }

  /** Announces a message of the own store that is whole already. */
  hand(header: Signed, facts: Header, manifest: Signed): void {
    this.#messages.hand(header, facts, manifest);
  }

  async leave(): Promise<void> {
    for (const stop of this.#stops) stop();
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
      setTimeout(resolve, 500);
    });
    this.#beats.input({ type: 'leave' });
    await left;
    this.#readiness.close();
    this.extension.close();
    this.#messages.gathering.close();
    await this.#links.close();
    await this.#beats.close();
    await this.#finding?.stop();
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
    const { identity, office, address, mediaPort, roster, store, log } = this.#parts;
    const keys = officeKeys(office.key);
    const control = await preferDefaultPort((port) => this.#links.listen(address, port));
    this.#beats = await preferDefaultPort((port) =>
      Beats.open(address, port, keys, {
        onElection: (outputs) => this.#election(outputs),
        onHeader: (header) => this.#messages.header(header, undefined),
        log,
      }),
    ).catch(async (error: unknown) => {
      await this.#links.close();
      throw error;
    });
    const endpoints: Endpoints = { address, control, beat: this.#beats.port, media: mediaPort };
    roster.setEndpoints(endpoints);
    for (const known of roster.directory.roster()) {
      if (known.node !== identity.nodeId) this.#beats.addPeer(known.node, known.endpoints);
    }
    this.#stops.push(store.on('complete', (id) => this.#messages.complete(id)));
    this.#stops.push(store.on('damaged', (id) => this.#messages.gathering.fetch(id)));
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
    const { interfaces, addresses, handlers } = this.#parts;
    this.#finding = new Finding({
      ...{ interfaces, addresses, log, beats: this.#beats },
      ...{ controlPort: control, beatPort: this.#beats.port, officeTag: officeTag(office.key) },
      trouble: (said) => handlers.trouble('discovery', said),
    });
    this.#finding.start();
  }

  // ---- who is the switch

  #election(outputs: readonly ElectionOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'alive') this.#finding?.remember(output.node);
      if (output.type === 'role') this.#setRole(output);
      else if (output.type === 'left') this.#left?.();
      else if (output.type === 'lost' && this.#role.role === 'switch')
        this.#people.setOnline(output.node, false);
    }
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
    this.#messages.linkLost(link);
    if (upstream) this.#beats.input({ type: 'dropped', node: link.peer });
    else if (!this.#links.to(link.peer)) this.#people.setOnline(link.peer, false);
    this.#parts.handlers.changed();
  }

  #message(link: ControlLink, message: ControlMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#people.hello(link, message.record);
      case 'roster':
        return this.#people.told(link, message.entries);
      case 'record':
        return this.#people.record(link, message.record);
      case 'announce':
        return this.#messages.header(message.header, link);
      case 'manifest':
        return this.#messages.manifest(message.manifest, link);
      case 'fetch':
        return this.#serving.serve(link, message);
      case 'fetch-stop':
        return this.#serving.stop(link, message.id);
      case 'fetch-end':
        return this.#messages.gathering.ended(link, message.id);
      case 'receipt':
        return this.#receipts.foreignReceipt(message.receipt, link);
      case 'progress':
        return this.#receipts.foreignProgress(message, link);
      case 'inbox':
        return this.#relay.inbox(link);
      case 'refuse':
      case 'bye':
        // A later version sends a refusal; the election hears of leaving by beats.
        return;
      default:
        assertNever(message);
    }
  }

  #rosterChanged(): void {
    this.extension.changed();
    this.#parts.handlers.changed();
    this.#readiness.changed();
  }

  // ---- where things are

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
