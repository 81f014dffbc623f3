import { targetOf } from '../directory/index.ts';
import {
  multicastGroupOf,
  OVERRIDE_RIGHT,
  toBase64url,
  type CallSignal,
  type KnownNode,
  type NodeId,
  type PickUp,
  type Signed,
} from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { OfficeConnection } from './office-connection.ts';
import type { Office } from './office.ts';
import type { OfficeTime } from './office-time.ts';
import type { SocketAddress } from './ports.ts';
import type { Roster } from './roster.ts';

/** The office and the connection at this moment. */
interface PresentOffice {
  readonly office: Office | undefined;
  readonly connection: OfficeConnection | undefined;
  readonly roster: Roster;
  readonly time: OfficeTime;
}

/** The other members, as messages and calls need them, for the node's whole life. Between two addresses nobody is reachable. */
export class OfficePeers {
  readonly #session: PresentOffice;

  constructor(session: PresentOffice) {
    this.#session = session;
  }

  get self(): NodeId {
    return this.#session.roster.self;
  }

  get switchNode(): NodeId | undefined {
    return this.#session.connection?.role.switch;
  }

  get standbyNode(): NodeId | undefined {
    return this.#session.connection?.role.standby;
  }

  get upstream(): ControlLink | undefined {
    return this.#session.connection?.links.upstream;
  }

  get downstream(): readonly ControlLink[] {
    return this.#session.connection?.links.downstream ?? [];
  }

  linkTo(node: NodeId): ControlLink | undefined {
    return this.#session.connection?.links.linkTo(node);
  }

  /** `isBelieved`: the node has proved that packets reach it there. Otherwise only its record names the address, which may be any computer's. */
  mediaAddressOf(node: NodeId): (SocketAddress & { readonly isBelieved: boolean }) | undefined {
    const believed = this.#session.connection?.believedEndpointsOf(node);
    const endpoints = believed ?? this.#session.roster.directory.get(node)?.endpoints;
    return (
      endpoints && {
        ...{ address: endpoints.address, port: endpoints.media },
        isBelieved: believed !== undefined,
      }
    );
  }

  get group(): SocketAddress | undefined {
    const office = this.#session.office?.ledger.id;
    return office === undefined ? undefined : multicastGroupOf(office);
  }

  joinsGroup(node: NodeId): boolean {
    return this.#session.roster.directory.get(node)?.multicast === true;
  }

  isWireless(node: NodeId): boolean {
    return this.#session.roster.directory.get(node)?.wireless === true;
  }

  signingKeyOf(node: NodeId): string | undefined {
    const record = this.#session.roster.directory.get(node);
    if (record) return record.signingKey;
    // A switch that lost its list of people hears of nobody who is away, and has to read their messages. The card has the same key.
    const card = this.#session.office?.ledger.standing.members.get(node)?.card;
    return card && toBase64url(card.signingKey);
  }

  formerKeyOf(node: NodeId): string | undefined {
    const former = this.#session.office?.ledger.formerMember(node);
    return former && toBase64url(former.card.signingKey);
  }

  clockAheadMs(node: NodeId): number | undefined {
    return this.#session.time.aheadMs(node);
  }

  isMember(node: NodeId): boolean {
    return this.#session.office?.ledger.isMember(node) ?? false;
  }

  isRemoved(node: NodeId): boolean {
    return this.#session.office?.ledger.removalOf(node) !== undefined;
  }

  get removed(): readonly NodeId[] {
    return [...(this.#session.office?.ledger.standing.removed.keys() ?? [])];
  }

  personOf(node: NodeId): NodeId | undefined {
    return this.#session.office?.ledger.personOf(node);
  }

  mayOverride(node: NodeId): boolean {
    const person = this.personOf(node);
    const rights =
      person === undefined ? undefined : this.#session.office?.ledger.standing.rights.get(person);
    return rights?.includes(OVERRIDE_RIGHT) ?? false;
  }

  formerNodesOf(person: NodeId): readonly NodeId[] {
    const former = [...(this.#session.office?.ledger.standing.former.values() ?? [])];
    return former.flatMap((member) => (member.person === person ? [member.node] : []));
  }

  knownNodesOf(person: NodeId): readonly KnownNode[] {
    return this.#session.roster.directory.nodesOf(person);
  }

  groupColleagues(): readonly NodeId[] {
    const own = this.personOf(this.self);
    const groups = [...(this.#session.office?.ledger.groups.values() ?? [])];
    const shared = own === undefined ? [] : groups.filter(({ people }) => people.includes(own));
    return [...new Set(shared.flatMap(({ people }) => people))].filter((person) => person !== own);
  }

  isGroupColleague(person: NodeId): boolean {
    return this.groupColleagues().includes(person);
  }

  isInPlaceOf(person: NodeId): boolean {
    const own = this.personOf(this.self);
    return own !== undefined && this.#session.roster.directory.divertOf(person) === own;
  }

  standInFor(talker: NodeId): { readonly person: NodeId; readonly since: number } | undefined {
    const { directory } = this.#session.roster;
    const own = this.personOf(this.self);
    const since = own === undefined ? undefined : directory.latestDivertOf(own)?.at;
    if (own === undefined || since === undefined) return undefined;
    const person = targetOf(own, {
      self: this.personOf(talker),
      nodesOf: (of) => directory.nodesOf(of),
      divertOf: (of) => directory.divertOf(of),
    });
    return person === undefined ? undefined : { person, since };
  }

  storeIdOf(node: NodeId): string | undefined {
    return this.#session.roster.directory.get(node)?.store;
  }

  hasRoom(node: NodeId): boolean {
    return this.#session.roster.directory.get(node)?.full !== true;
  }

  readsSheets(node: NodeId): boolean {
    return this.#session.roster.directory.get(node)?.readsSheets === true;
  }

  /** The account of a node: its person, or the sponsor of that person where the sponsor is no admin. */
  accountOf(node: NodeId): string {
    const member = this.#session.office?.ledger.standing.members.get(node);
    return member?.sponsor ?? member?.person ?? node;
  }

  get online(): readonly NodeId[] {
    return this.#session.roster.othersOnline.map(({ node }) => node);
  }

  async reach(node: NodeId): Promise<ControlLink | undefined> {
    return this.#session.connection?.links.reach(node);
  }

  sendHashes(to: NodeId, hashes: Signed): void {
    this.#session.connection?.sendHashes(to, hashes);
  }

  sendCall(to: NodeId, signal: CallSignal | PickUp): void {
    this.#session.connection?.sendCall(to, signal);
  }

  sendHeader(to: NodeId, header: Signed): void {
    this.#session.connection?.sendHeader(to, header);
  }
}
