import type { GivenAddress, SavedAddresses } from '../discovery/index.ts';
import { Election, type ElectionOutput, type RoleState } from '../election/index.ts';
import { officeTagOf } from '../identity/index.ts';
import {
  MAX_STATEMENTS_IN_FRAME,
  PROTOCOLS,
  type Emitter,
  type Endpoints,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { ControlLink, ControlMessage, ControlMessageOf } from '../signalling/index.ts';
import { route, type ControlRoutes } from './control-router.ts';
import { preferDefaultPort } from './default-port.ts';
import type { OfficeEvents } from './events.ts';
import { FavouredAddresses } from './favoured-addresses.ts';
import { Finding } from './finding.ts';
import { LedgerRepair } from './ledger-repair.ts';
import { LedgerSync } from './ledger-sync.ts';
import { Links, type SwitchAddress } from './links.ts';
import { Meetings } from './meetings.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import { openMemberDatagrams, type OfficeSocketsParts } from './office-sockets.ts';
import { Admissions } from './admissions.ts';
import { Reception } from './reception.ts';
import type { OwnRecord } from './own-record.ts';
import { PathMeasurement, type Path } from './path-measurement.ts';
import { ProtocolGaps } from './protocol-gaps.ts';
import { RosterSync } from './roster-sync.ts';
import { Visits } from './visits.ts';

/** A node that leaves waits this long for the election to hand over. */
const LEAVE_WITHIN_MS = 500;

export interface OfficeConnectionParts extends OfficeSocketsParts {
  readonly record: OwnRecord;
  readonly mediaPort: number;
  readonly interfaces: readonly string[];
  /** Where to look besides multicast. */
  readonly addresses: SavedAddresses;
  /** How well this computer suits as the switch, 0 to 999. */
  readonly rank: number;
  readonly version: string;
  readonly events: Emitter<OfficeEvents>;
}

/** A node's time in an office at one address: sockets, links, the election, and the list of nodes that others send. */
export class OfficeConnection {
  readonly #parts: OfficeConnectionParts;
  readonly #links: Links;
  readonly #visits: Visits;
  readonly #datagrams: MemberDatagrams;
  readonly #meetings: Meetings;
  readonly #rosterSync: RosterSync;
  readonly #ledgerSync: LedgerSync;
  readonly #repair = new LedgerRepair();
  readonly #admissions: Admissions;
  readonly #reception: Reception;
  readonly #paths: PathMeasurement;
  readonly #gaps: ProtocolGaps;
  readonly #routes: ControlRoutes;
  #finding: Finding | undefined;
  #role: RoleState = { role: 'alone', switch: undefined, standby: undefined, term: 0 };
  #left: (() => void) | undefined;
  readonly #stops: (() => void)[] = [];

  /** @throws where the address cannot be used; nothing stays open then */
  static async open(parts: OfficeConnectionParts): Promise<OfficeConnection> {
    const { datagrams, boot } = await openMemberDatagrams(parts);
    const connection = new OfficeConnection(parts, datagrams, boot);
    try {
      await connection.#start(boot);
    } catch (error) {
      await connection.#close();
      throw error;
    }
    return connection;
  }

  private constructor(parts: OfficeConnectionParts, datagrams: MemberDatagrams, boot: number) {
    const { identity, office, network, roster, events, clock, schedule, log } = parts;
    const { certificatePem, privateKeyPem } = identity;
    const credentials = { certificatePem, privateKeyPem, office: office.ledger.id };
    this.#parts = parts;
    this.#datagrams = datagrams;
    const favoured = new FavouredAddresses({
      health: () => datagrams.health(),
      addressOf: (node) => datagrams.addressOf(node)?.address,
      now: () => clock.monotonic(),
    });
    const isFavoured = (from: string): boolean => favoured.has(from);
    this.#links = new Links({ credentials, network, schedule, isFavoured, log });
    this.#visits = new Visits({
      ...{ credentials, network, schedule, log },
      up: (link) => this.#ledgerSync.up(link),
      message: (link, message) => this.#frame(link, message),
      fragments: (link, id, fragments) => this.#fragments({ link, id, fragments }),
      over: (link, budget) => events.emit('over', { node: link.peer, budget }),
      down: (link) => {
        this.#ledgerSync.down(link);
        events.emit('unlinked', link);
      },
    });
    this.#meetings = new Meetings({
      ...{ credentials, network, clock, schedule, log },
      up: (link) => this.#ledgerSync.up(link),
      message: (link, message) => this.#frame(link, message),
      down: (link) => this.#ledgerSync.down(link),
    });
    this.#rosterSync = new RosterSync({
      ...{ roster, datagrams, links: this.#links },
      isSwitch: () => this.#role.role === 'switch',
      changed: () => this.#rosterChanged(),
    });
    this.#paths = new PathMeasurement({
      health: () => datagrams.health(),
      ask: (node) => datagrams.ask(node),
      beatsToMe: (node) => this.#role.role === 'switch' || this.#role.switch === node,
      now: () => clock.monotonic(),
      schedule,
      onHeard: (listener) => datagrams.events.on('election', listener),
    });
    this.#ledgerSync = new LedgerSync({
      ...{ ledger: office.ledger, schedule },
      welcome: (link) => this.#welcome(link),
      over: (link, budget) => events.emit('over', { node: link.peer, budget }),
    });
    this.#gaps = new ProtocolGaps({
      schedule,
      nameOf: (node) => roster.directory.get(node)?.name,
      trouble: (text) => events.emit('trouble', { code: 'no-common-protocol', text }),
    });
    this.#admissions = new Admissions({ ...office, identity, roster, clock });
    this.#reception = this.#openReception(boot);
    this.#routes = this.#controlRoutes();
    this.#listen();
  }

  get role(): RoleState {
    return this.#role;
  }

  /** Where outsiders ask to be let in. */
  get reception(): Reception {
    return this.#reception;
  }

  /** The control link to the switch, while it is up. */
  get upstream(): ControlLink | undefined {
    return this.#links.upstream;
  }

  /** The links of the nodes that follow this one. */
  get downstream(): readonly ControlLink[] {
    return this.#links.downstream;
  }

  linkTo(node: NodeId): ControlLink | undefined {
    return this.#links.to(node) ?? this.#visits.get(node);
  }

  /** The link to that node: one that is up, else a visit. Undefined where it cannot be reached. */
  async reach(node: NodeId): Promise<ControlLink | undefined> {
    const link = this.#links.to(node);
    const address = this.#controlAddressOf(node);
    if (link || !address || !this.#parts.roster.directory.isOnline(node)) return link;
    return this.#visits.to(address);
  }

  sendHeader(to: NodeId, header: Signed): void {
    this.#datagrams.sendHeader(to, header);
  }

  /** Latency and loss to these nodes; those that were never asked are given a moment to answer. */
  measure(nodes: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Path>> {
    return this.#paths.measureAll(nodes);
  }

  /** The own record changed: name, extension or presence. */
  describe(): void {
    const { record } = this.#parts;
    record.refresh();
    const { signed, record: own } = record.current;
    this.#datagrams.input({ type: 'describe', revision: own.revision });
    this.#links.upstream?.send({ type: 'record', record: signed });
    this.#rosterSync.broadcast(own.node);
    this.#rosterChanged();
  }

  /** Asks at an address that a person gave. */
  async lookAt(given: GivenAddress): Promise<void> {
    await this.#finding?.lookAt(given);
  }

  /** Hands over in good order, then closes everything. */
  async leave(): Promise<void> {
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
      this.#parts.schedule(resolve, LEAVE_WITHIN_MS);
    });
    this.#datagrams.input({ type: 'leave' });
    await left;
    for (const stop of this.#stops) stop();
    this.#reception.close();
    this.#gaps.close();
    this.#visits.close();
    await this.#close();
    await this.#finding?.stop();
  }

  /** Where the node listens by its own word, said a moment ago or since this node joined; undefined: not known yet. */
  believedEndpointsOf(node: NodeId): Endpoints | undefined {
    return this.#datagrams.believedEndpointsOf(node);
  }

  async #close(): Promise<void> {
    this.#meetings.close();
    await this.#links.close();
    await this.#datagrams.close();
  }

  #listen(): void {
    const { events, office } = this.#parts;
    this.#datagrams.events.on('election', (outputs) => this.#elected(outputs));
    this.#datagrams.events.on('header', (came) => events.emit('header', came));
    this.#datagrams.events.on('stranger', ({ call, at }) => void this.#meetings.called(call, at));
    this.#datagrams.events.on('digest', ({ node }) => this.#compare(node));
    this.#links.events.on('up', ({ link }) => this.#ledgerSync.up(link));
    this.#links.events.on('outsider', (link) => this.#reception.accept(link));
    this.#links.events.on('message', ({ link, message }) => this.#frame(link, message));
    this.#stops.push(
      office.ledger.events.on('added', ({ statements, from }) => this.#ledgerSync.spread(statements, from)),
      office.ledger.events.on('standing', () => this.#standingChanged()),
      office.invitations.events.on('added', ({ records, from }) => this.#spreadInvitations(records, from)),
    );
    this.#links.events.on('fragments', (came) => this.#fragments(came));
    this.#links.events.on('unreachable', (node) => this.#datagrams.input({ type: 'unreachable', node }));
    this.#links.events.on('over', ({ link, budget }) => events.emit('over', { node: link.peer, budget }));
    this.#links.events.on('down', ({ link, upstream }) => this.#linkDown(link, upstream));
  }

  async #start(boot: number): Promise<void> {
    const { identity, address, mediaPort, roster, record, clock, random, rank, starts } = this.#parts;
    const control = await preferDefaultPort((port) => this.#links.listen(address, port));
    const endpoints: Endpoints = { address, control, beat: this.#datagrams.port, media: mediaPort };
    record.setEndpoints(endpoints);
    this.#datagrams.run(
      new Election({
        ...{ self: identity.nodeId, rank, endpoints },
        random: () => random.fraction(),
        isMember: (node) => this.#datagrams.isMember(node),
        terms: starts.knownTerms,
        boot,
        revision: record.current.record.revision,
        now: clock.monotonic(),
      }),
      control,
    );
    for (const { node, endpoints: known } of roster.directory.roster()) {
      if (node === identity.nodeId) continue;
      this.#datagrams.addPeer(node, known);
      this.#datagrams.addCandidate({ address: known.address, port: known.beat });
    }
    this.#find(control);
  }

  #find(controlPort: number): void {
    const { interfaces, addresses, network, clock, office, events, log } = this.#parts;
    this.#finding = new Finding({
      ...{ interfaces, addresses, network, clock, log, datagrams: this.#datagrams },
      ...{
        controlPort,
        beatPort: this.#datagrams.port,
        officeTag: officeTagOf(office.ledger.id).toString('hex'),
        officeName: () => announcedName(office.ledger.standing.settings),
      },
      trouble: (text) => events.emit('trouble', { code: 'discovery', text }),
    });
    this.#finding.start();
  }

  // ---- which node is the switch

  #elected(outputs: readonly ElectionOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'alive') this.#finding?.remember(output.node);
      if (output.type === 'role') this.#setRole(output);
      else if (output.type === 'term') this.#parts.starts.noteTerm(output.node, output.term);
      else if (output.type === 'left') this.#left?.();
      else if (output.type === 'lost' && this.#role.role === 'switch')
        this.#rosterSync.setOnline(output.node, false);
    }
  }

  /** Whoever was lost before this node became the switch was told to nobody. */
  #missLost(): void {
    const alive = new Set(this.#datagrams.health().flatMap((peer) => (peer.alive ? [peer.node] : [])));
    for (const { node } of this.#parts.roster.othersOnline) {
      if (!alive.has(node) && !this.#links.to(node)) this.#rosterSync.setOnline(node, false);
    }
  }

  #setRole(role: RoleState): void {
    const wasSwitch = this.#role.role === 'switch';
    this.#role = role;
    if (role.role === 'switch' && !wasSwitch) this.#missLost();
    if (role.role === 'member' && role.switch) this.#follow(role.switch);
    else this.#links.follow(undefined);
    this.#parts.events.emit('switch', undefined);
    this.#parts.events.emit('changed', undefined);
  }

  #follow(node: NodeId): void {
    const address = this.#controlAddressOf(node);
    if (address) this.#links.follow(address);
  }

  #controlAddressOf(node: NodeId): SwitchAddress | undefined {
    const { directory } = this.#parts.roster;
    const endpoints = this.#datagrams.endpointsOf(node) ?? directory.get(node)?.endpoints;
    return endpoints && { node, address: endpoints.address, port: endpoints.control };
  }

  // ---- links

  /** The node at the other end is a member. */
  #welcome(link: ControlLink): void {
    const { record, version, events, office } = this.#parts;
    const visit = this.#isVisit(link);
    this.#links.welcome(link);
    const hello = { type: 'hello', record: record.current.signed, version, protocol: PROTOCOLS } as const;
    link.send({ ...hello, ...(visit ? { visit } : {}) });
    this.#sendInvitations(link, office.invitations.records);
    this.#reception.greet(link);
    if (link !== this.#links.upstream) return;
    this.#datagrams.input({ type: 'reached', node: link.peer });
    events.emit('linked', link);
  }

  /** The node at the other end introduces itself. */
  #greeted(link: ControlLink, { record, visit, protocol }: ControlMessageOf<'hello'>): void {
    if (!link.settle(protocol)) return this.#gaps.open(link.peer, protocol);
    this.#gaps.mend(link.peer);
    if (visit || this.#isVisit(link)) this.#rosterSync.visit(link, record);
    else this.#rosterSync.hello(link, record);
  }

  /** This node made the link to ask something, or because the other one called: neither follows the other by it. */
  #isVisit(link: ControlLink): boolean {
    return this.#visits.has(link) || this.#meetings.has(link);
  }

  /** This node's beats tell of another ledger. */
  #compare(node: NodeId): void {
    if (!this.#repair.differs(node, this.#parts.clock.monotonic())) return;
    const link = this.linkTo(node);
    const at = this.#datagrams.believedEndpointsOf(node);
    if (link) this.#ledgerSync.compare(link);
    else if (at) void this.#visits.to({ node, address: at.address, port: at.control });
  }

  #openReception(boot: number): Reception {
    const { identity, office, events, record, clock, schedule, random } = this.#parts;
    return new Reception({
      ...{ identity, ledger: office.ledger, book: office.requests, boot, clock, schedule, random },
      place: () => {
        const { address, control: port } = record.current.record.endpoints;
        return { address, port };
      },
      spread: (frame, except) => {
        for (const link of this.#links.all) {
          if (link !== except && this.#ledgerSync.isWelcome(link)) link.send(frame);
        }
      },
      came: (request) => events.emit('join-request', request),
      changed: () => events.emit('changed', undefined),
      trouble: (text) => events.emit('trouble', { code: 'join-request', text }),
    });
  }

  #spreadInvitations(records: readonly Signed[], from: NodeId | undefined): void {
    for (const link of this.#links.all) {
      if (link.peer !== from && this.#ledgerSync.isWelcome(link)) this.#sendInvitations(link, records);
    }
  }

  #sendInvitations(link: ControlLink, records: readonly Signed[]): void {
    for (let at = 0; at < records.length; at += MAX_STATEMENTS_IN_FRAME) {
      link.send({ type: 'invitations', records: records.slice(at, at + MAX_STATEMENTS_IN_FRAME) });
    }
  }

  #frame(link: ControlLink, message: ControlMessage): void {
    this.#ledgerSync.inOrder(link, { message, handle: () => route(this.#routes, link, message) });
  }

  /** Who is not known as a member was asked for nothing. */
  #fragments(came: OfficeEvents['fragments']): void {
    if (this.#ledgerSync.isWelcome(came.link)) this.#parts.events.emit('fragments', came);
  }

  #linkDown(link: ControlLink, upstream: boolean): void {
    const { events } = this.#parts;
    // Over another one a newcomer asked to be let in, and the switch may have told since that they are there.
    const wasMember = this.#ledgerSync.isWelcome(link);
    this.#ledgerSync.down(link);
    events.emit('unlinked', link);
    if (upstream) this.#datagrams.input({ type: 'dropped', node: link.peer });
    else if (wasMember && !this.#links.to(link.peer) && this.#role.role !== 'member')
      this.#rosterSync.ended(link);
    events.emit('changed', undefined);
  }

  /** Who is a member, or who has which number, is not what it was. */
  #standingChanged(): void {
    this.#ledgerSync.settle();
    this.#finding?.rename();
    this.#rosterChanged();
  }

  #rosterChanged(): void {
    this.#datagrams.membersChanged();
    this.#parts.events.emit('roster', undefined);
    this.#parts.events.emit('changed', undefined);
  }

  #controlRoutes(): ControlRoutes {
    const { events, office } = this.#parts;
    const forMessages = (link: ControlLink, frame: OfficeEvents['frame']['frame']): void =>
      events.emit('frame', { link, frame });
    return {
      ledger: (link, frame) => this.#ledgerSync.ledger(link, frame),
      have: (link, frame) => this.#ledgerSync.have(link, frame),
      statements: (link, frame) => this.#ledgerSync.statements(link, frame),
      invitations: (link, { records }) => void office.invitations.take(records, link.peer),
      redeem: (link, frame) => this.#admissions.redeem(link, frame),
      // Who asks to be let in, and who answers that, has a link of its own.
      welcome: () => undefined,
      refused: () => undefined,
      ask: () => undefined,
      go: () => undefined,
      begin: () => undefined,
      nonce: () => undefined,
      reveal: () => undefined,
      agree: () => undefined,
      asked: (link, frame) => this.#reception.asked(link, frame),
      answered: (link, frame) => this.#reception.answered(link, frame),
      move: () => undefined,
      hello: (link, frame) => this.#greeted(link, frame),
      roster: (link, { entries }) => this.#rosterSync.roster(link, entries),
      record: (link, { record }) => this.#rosterSync.record(link, record),
      refuse: ({ peer }, { text }) => events.emit('refused', { node: peer, text }),
      // The election learns by beats that a node leaves.
      bye: () => undefined,
      announce: forMessages,
      manifest: forMessages,
      fetch: forMessages,
      'fetch-stop': forMessages,
      'fetch-end': forMessages,
      receipt: forMessages,
      progress: forMessages,
      inbox: forMessages,
      keep: forMessages,
      prove: forMessages,
      proof: forMessages,
    };
  }
}

/** What the office tells those who are in none. */
function announcedName(settings: ReadonlyMap<string, string>): string | undefined {
  return settings.get('announced') === 'no' ? undefined : settings.get('name');
}
