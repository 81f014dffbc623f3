import type { GivenAddress, SavedAddresses } from '../discovery/index.ts';
import type { ElectionOutput, RoleState } from '../election/index.ts';
import type { CallSignal, Emitter, Endpoints, NodeId, PickUp, Signed } from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import { route, type ControlRoutes } from './control-router.ts';
import { controlRoutes } from './control-routes.ts';
import { preferDefaultPort } from './default-port.ts';
import type { OfficeEvents } from './events.ts';
import { MemberDepartures } from './member-departures.ts';
import { Finding } from './finding.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import { MemberLinks } from './member-links.ts';
import { openMemberDatagrams } from './office-sockets.ts';
import type { OfficeTime } from './office-time.ts';
import { PathMeasurement, type Path } from './path-measurement.ts';
import { ProtocolGaps } from './protocol-gaps.ts';
import { Reception } from './reception.ts';
import { Redemptions } from './redemptions.ts';
import { RosterSync } from './roster-sync.ts';
import { runElection, type RunElectionParts } from './run-election.ts';

/** A node that leaves waits this long for the election to hand over, ms. */
const LEAVE_WITHIN_MS = 500;

interface OfficeConnectionParts extends RunElectionParts {
  readonly mediaPort: number;
  readonly interfaces: readonly string[];
  /** Saved addresses, to look for colleagues without multicast. */
  readonly addresses: SavedAddresses;
  readonly version: string;
  readonly events: Emitter<OfficeEvents>;
  readonly time: OfficeTime;
}

/** A node's time in an office at one address: its sockets, links, election, and roster. */
export class OfficeConnection {
  readonly #parts: OfficeConnectionParts;
  readonly #links: MemberLinks;
  readonly #datagrams: MemberDatagrams;
  readonly #rosterSync: RosterSync;
  readonly #reception: Reception;
  readonly #paths: PathMeasurement;
  readonly #gaps: ProtocolGaps;
  readonly #routes: ControlRoutes;
  readonly #departures: MemberDepartures;
  #finding: Finding | undefined;
  #role: RoleState = { role: 'alone', switch: undefined, standby: undefined, term: 0 };
  #left: (() => void) | undefined;
  #isClosed = false;
  #stopListening: () => void = () => undefined;

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
    const { identity, office, roster, record, starts, events, time, clock, schedule } = parts;
    this.#parts = parts;
    this.#datagrams = datagrams;
    this.#links = this.#openLinks();
    this.#rosterSync = new RosterSync({
      ...{ roster, record, datagrams, links: this.#links },
      isSwitch: () => this.#role.role === 'switch',
      now: () => clock.monotonic(),
      changed: () => this.#rosterChanged(),
      isBehind: () => this.describe(),
    });
    this.#paths = new PathMeasurement({
      health: () => datagrams.health(),
      ask: (node) => datagrams.ask(node),
      beatsToMe: (node) => this.#role.role === 'switch' || this.#role.switch === node,
      now: () => clock.monotonic(),
      schedule,
      onHeard: (listener) => datagrams.events.on('election', listener),
    });
    this.#reception = this.#openReception(boot);
    this.#gaps = new ProtocolGaps({
      schedule,
      nameOf: (node) => roster.directory.get(node)?.name,
      trouble: (text) => events.emit('trouble', { code: 'no-common-protocol', text }),
    });
    this.#routes = controlRoutes({
      ...{ office, events, links: this.#links, reception: this.#reception, rosterSync: this.#rosterSync },
      gaps: this.#gaps,
      redemptions: new Redemptions({ ...office, identity, roster, time }),
    });
    this.#departures = new MemberDepartures({
      ...{ self: identity.nodeId, ledger: office.ledger, starts, datagrams, links: this.#links },
      standby: () => this.#role.standby,
    });
    datagrams.events.on('election', (outputs) => this.#elected(outputs));
    datagrams.events.on('header', (came) => events.emit('header', came));
    datagrams.events.on('call', (came) => events.emit('call', came));
    datagrams.events.on('pickUp', (came) => events.emit('pickUp', came));
    datagrams.events.on('endpoints', (node) => events.emit('endpoints', node));
    datagrams.events.on('hashes', (came) => events.emit('hashes', came));
    datagrams.events.on('clock', (told) => time.heard(told, (node) => datagrams.ask(node)));
    this.#stopListening = office.ledger.events.on('standing', () => this.#standingChanged());
  }

  get role(): RoleState {
    return this.#role;
  }

  /** As `RosterSync.differsMs`. */
  get rosterDiffersMs(): number {
    return this.#rosterSync.differsMs;
  }

  /** Where outsiders ask to be let in. */
  get reception(): Reception {
    return this.#reception;
  }

  /** The links to members. */
  get links(): MemberLinks {
    return this.#links;
  }

  sendHashes(to: NodeId, hashes: Signed): void {
    this.#datagrams.sendHashes(to, hashes);
  }

  sendCall(to: NodeId, signal: CallSignal | PickUp): void {
    this.#datagrams.sendCall(to, signal);
  }

  sendHeader(to: NodeId, header: Signed): void {
    this.#datagrams.sendHeader(to, header);
  }

  /** Measures latency and loss to these nodes; waits a moment for those that were never asked. */
  measure(nodes: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Path>> {
    return this.#paths.measureAll(nodes);
  }

  /** To be called when the own record changed: name, extension, presence or room. */
  describe(): void {
    const { record, isFull } = this.#parts;
    record.refresh();
    const { signed, record: own } = record.current;
    this.#datagrams.input({ type: 'describe', revision: own.revision, isFull: isFull?.() ?? false });
    this.#links.upstream?.send({ type: 'record', record: signed });
    this.#rosterSync.broadcast(own.node);
    this.#rosterChanged();
  }

  /** Calls an address that a person gave. */
  async lookAt(given: GivenAddress): Promise<void> {
    await this.#finding?.lookAt(given);
  }

  /** Hands over the switch, then closes everything. */
  async leave(): Promise<void> {
    const left = new Promise<void>((resolve) => {
      this.#left = resolve;
      this.#parts.schedule(resolve, LEAVE_WITHIN_MS);
    });
    this.#datagrams.input({ type: 'leave' });
    await left;
    this.#reception.close();
    this.#gaps.close();
    await this.#close();
    await this.#finding?.stop();
  }

  /** Where the node has proved that packets reach it; undefined: nowhere yet. */
  believedEndpointsOf(node: NodeId): Endpoints | undefined {
    return this.#datagrams.believedEndpointsOf(node);
  }

  async #close(): Promise<void> {
    this.#isClosed = true;
    this.#stopListening();
    await this.#links.close();
    await this.#datagrams.close();
  }

  #openLinks(): MemberLinks {
    const { events } = this.#parts;
    const datagrams = this.#datagrams;
    return new MemberLinks({
      ...this.#parts,
      datagrams,
      frame: (link, message) => route(this.#routes, link, message),
      fragments: (came) => events.emit('fragments', came),
      outsider: (link) => this.#reception.accept(link),
      welcomed: (link) => this.#welcomed(link),
      down: (link, how) => this.#linkDown(link, how),
      visited: (link) => events.emit('unlinked', link),
      unreachable: (node) => datagrams.input({ type: 'unreachable', node }),
      over: (node, budget) => events.emit('over', { node, budget }),
    });
  }

  #openReception(boot: number): Reception {
    const { identity, office, events, record, clock, schedule, random } = this.#parts;
    return new Reception({
      ...{ identity, ledger: office.ledger, book: office.requests, boot, clock, schedule, random },
      place: () => {
        const { address, control: port } = record.current.record.endpoints;
        return { address, port };
      },
      spread: (frame, except) => this.#links.spread(frame, except),
      came: (request) => events.emit('join-request', request),
      changed: () => events.emit('changed', undefined),
      trouble: (text) => events.emit('trouble', { code: 'join-request', text }),
    });
  }

  async #start(boot: number): Promise<void> {
    const { address, mediaPort, record } = this.#parts;
    const control = await preferDefaultPort((port) => this.#links.listen(address, port));
    const endpoints: Endpoints = { address, control, beat: this.#datagrams.port, media: mediaPort };
    record.setEndpoints(endpoints);
    runElection(this.#parts, this.#datagrams, endpoints, boot);
    this.#find(control);
  }

  #find(controlPort: number): void {
    const { interfaces, addresses, network, clock, office, events, log } = this.#parts;
    this.#finding = new Finding({
      ...{ interfaces, addresses, network, clock, log, datagrams: this.#datagrams },
      ...{ ledger: office.ledger, controlPort, beatPort: this.#datagrams.port },
      trouble: (text) => events.emit('trouble', { code: 'discovery', text }),
    });
    this.#finding.start();
  }

  // ---- which node is the switch

  #elected(outputs: readonly ElectionOutput[]): void {
    for (const output of outputs) {
      if (output.type === 'alive') this.#finding?.remember(output.node);
      else if (output.type === 'role') this.#setRole(output);
      else if (output.type === 'term') this.#parts.starts.noteTerm(output.node, output.term);
      else if (output.type === 'left') this.#left?.();
      else if (output.type === 'lost') this.#rosterSync.lost(output.node);
    }
    if (outputs.some(callsForLook)) this.#rosterSync.look();
  }

  #setRole(role: RoleState): void {
    this.#role = role;
    this.#links.follow(role.role === 'member' ? role.switch : undefined);
    // Only now: a link to the former switch would show that it is still there.
    this.#rosterSync.look();
    this.#parts.events.emit('switch', undefined);
    this.#parts.events.emit('changed', undefined);
  }

  // ---- links and members

  #welcomed(link: ControlLink): void {
    this.#reception.greet(link);
    if (link !== this.#links.upstream) return;
    this.#datagrams.input({ type: 'reached', node: link.peer });
    this.#parts.events.emit('linked', link);
  }

  #linkDown(link: ControlLink, { upstream, wasMember }: { upstream: boolean; wasMember: boolean }): void {
    const { events } = this.#parts;
    events.emit('unlinked', link);
    const isLast = !this.#links.lastingLinkTo(link.peer);
    if (upstream) this.#datagrams.input({ type: 'dropped', node: link.peer });
    else if (wasMember && isLast && !this.#isClosed && this.#role.role !== 'member')
      this.#rosterSync.ended(link);
    events.emit('changed', undefined);
  }

  /** Acts on a new evaluation of the ledger: members or numbers have changed. */
  #standingChanged(): void {
    this.#finding?.rename();
    this.#rosterChanged();
    this.#departures.look();
  }

  #rosterChanged(): void {
    this.#datagrams.membersChanged();
    this.#parts.events.emit('roster', undefined);
    this.#parts.events.emit('changed', undefined);
  }
}

/** A node is heard again, or this one beats to all, as a switch does once a second: it is time to compare beats and links. */
function callsForLook(output: ElectionOutput): boolean {
  return output.type === 'alive' || (output.type === 'send' && output.to === 'everyone');
}
