import type { Directory } from '../directory/index.ts';
import type { GivenAddress, SavedAddresses } from '../discovery/index.ts';
import type { RoleState } from '../election/index.ts';
import type { Identity, OfficeId } from '../identity/index.ts';
import { Emitter, faults, type NodeId } from '../model/index.ts';
import type { OfficeEvents } from './events.ts';
import { OfficeConnection } from './office-connection.ts';
import type { Office } from './office.ts';
import { OfficePeers } from './office-peers.ts';
import { OfficeTime } from './office-time.ts';
import { OwnAddress } from './own-address.ts';
import { OwnRecord } from './own-record.ts';
import type { Path } from './path-measurement.ts';
import type { MediaSocketPort, OfficeNetwork, OfficePorts, PersonPort, StartsPort } from './ports.ts';
import type { Reception } from './reception.ts';
import { Roster } from './roster.ts';

interface OfficeSessionParts extends OfficePorts {
  readonly identity: Identity;
  readonly directory: Directory;
  readonly person: PersonPort;
  readonly network: OfficeNetwork;
  readonly mediaSocket: MediaSocketPort;
  readonly addresses: SavedAddresses;
  readonly starts: StartsPort;
  /** Addresses or names of the chosen network interfaces; none: the likeliest LAN. */
  readonly interfaces: readonly string[];
  /** How well this computer suits as the switch, 0 to 999. */
  readonly rank: number;
  readonly version: string;
  /** The id of this node's message store. */
  readonly storeId: string;
  /** The name of this computer. */
  readonly computer?: string | undefined;
  /** Whether this node has no room to keep messages; `describe` tells that it has changed. Left out: it has. */
  readonly isFull?: (() => boolean) | undefined;
  /** Saves in the profile which office the node is in. */
  readonly saveOffice: (office: OfficeId) => Promise<void>;
  readonly log: (line: string) => void;
}

/**
 * The node's time in offices, for its whole life: it joins, leaves, sleeps, and joins again when the computer wakes or has another
 * address. Messages ask it for links at any time; between two addresses there are none.
 */
export class OfficeSession {
  readonly events: Emitter<OfficeEvents>;
  readonly roster: Roster;
  readonly record: OwnRecord;
  /** The other members, as messages and calls need them. */
  readonly peers: OfficePeers;
  /** What time it is in the office, and whose clock is wrong. */
  readonly time: OfficeTime;
  readonly #parts: OfficeSessionParts;
  #office: Office | undefined;
  #stopListening: () => void = () => undefined;
  #connection: OfficeConnection | undefined;
  /** The last change; changes run one after the other. */
  #changing: Promise<void> = Promise.resolve();
  readonly #address: OwnAddress;
  #closed = false;

  constructor(parts: OfficeSessionParts, office: Office | undefined) {
    const { identity, directory } = parts;
    this.#parts = parts;
    this.events = new Emitter((error) => faults.tell('the office', error));
    this.roster = new Roster(identity, directory);
    this.record = new OwnRecord({ ...parts, roster: this.roster });
    this.peers = new OfficePeers(this);
    this.time = new OfficeTime({
      ...parts,
      online: () => this.peers.online,
      trouble: (text) => this.events.emit('trouble', { code: 'clock', text }),
    });
    this.#address = new OwnAddress({
      ...parts,
      isJoined: () => this.#connection !== undefined,
      leave: () => this.#leave(),
      join: () => this.#join(),
      again: () => void this.#then(() => this.#address.return()),
      trouble: (text) => this.events.emit('trouble', { code: 'network', text }),
    });
    if (office) this.#enter(office);
  }

  get office(): Office | undefined {
    return this.#office;
  }

  /** Undefined before first run is done, and while sockets are being reopened. */
  get connection(): OfficeConnection | undefined {
    return this.#connection;
  }

  /** Where outsiders ask to be let in; undefined: nobody can now. */
  get reception(): Reception | undefined {
    return this.#connection?.reception;
  }

  get role(): RoleState | undefined {
    return this.#connection?.role;
  }

  /** Whether the control link to the switch is up; true for the switch itself. */
  get isLinked(): boolean {
    return this.role?.role === 'switch' || this.peers.upstream !== undefined;
  }

  /** For how long this node's roster has differed from the switch's, in ms; 0: it does not, as far as is known. */
  get rosterDiffersMs(): number {
    return this.#connection?.rosterDiffersMs ?? 0;
  }

  // ---- joining, leaving, moving

  /** Binds the media socket at the chosen interface. @throws CorridorError where this computer does not have it */
  async open(): Promise<void> {
    await this.#address.open();
  }

  /**
   * Moves to this office, in whose ledger the node is a member. The connection to the former office ends; it may be the same office, in
   * which the node has other keys now.
   */
  enter(office: Office): Promise<void> {
    return this.#then(async () => {
      await this.#leave();
      await this.#parts.saveOffice(office.ledger.id);
      if (this.#office !== office) await this.#office?.ledger.close();
      this.time.forget();
      // This node's former ids are offline for good, even if their removal is taken back.
      for (const { nodeId } of this.#parts.identity.former) this.roster.directory.setOnline(nodeId, false);
      this.#enter(office);
      await this.#join();
    });
  }

  /** Joins the office that the profile has, if first run is done. */
  resume(): Promise<void> {
    this.#office?.ledger.stale();
    return this.#then(() => this.#join());
  }

  /** The computer is about to sleep: leaves, so that the switch is handed over and nobody waits for this node. */
  sleep(): Promise<void> {
    return this.#then(() => {
      this.#address.rest();
      return this.#leave();
    });
  }

  /**
   * The computer woke up, or its addresses may have changed: joins again at its present address. While that cannot be used, the session
   * reports it and keeps trying.
   */
  reconnect(): Promise<void> {
    this.#office?.ledger.stale();
    return this.#then(() => {
      this.#address.rest();
      return this.#address.return();
    });
  }

  /** To be called when the own record changed: name, extension, presence or room. */
  describe(): void {
    this.#connection?.describe();
  }

  /** Calls an address that a person gave. */
  async lookAt(given: GivenAddress): Promise<void> {
    await this.#connection?.lookAt(given);
  }

  /** Latency and loss to these nodes, as far as they are known; undefined while the node is in no office. */
  async measure(nodes: readonly NodeId[]): Promise<ReadonlyMap<NodeId, Path> | undefined> {
    return this.#connection?.measure(nodes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#address.close();
    this.time.close();
    await this.#changing;
    await this.#leave();
    await this.#office?.ledger.close();
  }

  #enter(office: Office): void {
    this.#stopListening();
    this.#office = office;
    this.roster.directory.use(office.ledger);
    office.invitations.useClock(this.time);
    this.#stopListening = office.ledger.events.on('standing', () => this.#standingChanged());
  }

  /** Acts on a new evaluation of the ledger: a node that was removed leaves, and keeps its messages. */
  #standingChanged(): void {
    this.events.emit('changed', undefined);
    if (this.#office?.ledger.self === undefined) {
      this.time.forget();
      void this.#then(() => this.#leave());
    } else void this.#then(() => this.#join());
  }

  #then(change: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(async () => {
      if (this.#closed) return;
      await change();
      this.events.emit('changed', undefined);
    });
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #join(): Promise<void> {
    const office = this.#office;
    const { name } = this.#parts.person.settings;
    if (this.#connection || !office?.ledger.self || name === null) return;
    const { address, port } = await this.#address.current();
    this.#connection = await OfficeConnection.open({
      ...this.#parts,
      ...{ office, roster: this.roster, record: this.record, events: this.events, time: this.time },
      ...{ address, mediaPort: port },
    });
    this.#parts.mediaSocket.join(office.ledger.id);
  }

  async #leave(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.leave();
    if (connection) this.#parts.mediaSocket.join(undefined);
    if (connection) this.events.emit('switch', undefined);
  }
}
