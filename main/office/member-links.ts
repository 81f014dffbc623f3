import {
  MAX_STATEMENTS_IN_FRAME,
  PROTOCOLS,
  type BudgetName,
  type Clock,
  type NodeId,
  type Random,
  type Schedule,
  type Signed,
} from '../model/index.ts';
import type { Identity } from '../identity/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import type { OfficeEvents } from './events.ts';
import { FavouredAddresses } from './favoured-addresses.ts';
import { LedgerRepair } from './ledger-repair.ts';
import { LedgerSync } from './ledger-sync.ts';
import { Links, type SwitchAddress } from './links.ts';
import { Meetings } from './meetings.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import type { Office } from './office.ts';
import type { OwnRecord } from './own-record.ts';
import type { OfficeNetwork } from './ports.ts';
import type { Roster } from './roster.ts';
import { Visits } from './visits.ts';

/** This node tells this many members directly of its removals, besides the switch and the standby. */
const TOLD_DIRECTLY = 3;

interface MemberLinksParts {
  readonly identity: Pick<Identity, 'certificatePem' | 'privateKeyPem'>;
  readonly office: Office;
  readonly roster: Roster;
  readonly record: OwnRecord;
  readonly version: string;
  readonly network: OfficeNetwork;
  readonly datagrams: MemberDatagrams;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
  /** A frame of a member, or one that outsiders may send. */
  readonly frame: (link: ControlLink, message: ControlMessage) => void;
  readonly fragments: (came: OfficeEvents['fragments']) => void;
  readonly outsider: (link: ControlLink) => void;
  /** The node at the other end is a member, and was greeted. */
  readonly welcomed: (link: ControlLink) => void;
  /** A link has ended that was no visit. `wasMember`: its node was known as a member. */
  readonly down: (
    link: ControlLink,
    how: { readonly upstream: boolean; readonly wasMember: boolean },
  ) => void;
  /** A visit has ended. */
  readonly visited: (link: ControlLink) => void;
  readonly unreachable: (node: NodeId) => void;
  readonly over: (node: NodeId, budget: BudgetName) => void;
  readonly log: (line: string) => void;
}

/**
 * The control links to members: to the switch that this node follows, of the nodes that follow it, and visits. On each link both nodes
 * reach the same ledger before other frames are handled.
 */
export class MemberLinks {
  readonly #parts: MemberLinksParts;
  readonly #links: Links;
  readonly #visits: Visits;
  readonly #meetings: Meetings;
  readonly #ledgerSync: LedgerSync;
  readonly #repair = new LedgerRepair();
  readonly #stops: (() => void)[];

  constructor(parts: MemberLinksParts) {
    const { identity, network, datagrams, clock, schedule, office, over, log } = parts;
    const { certificatePem, privateKeyPem } = identity;
    const credentials = { certificatePem, privateKeyPem, office: office.ledger.id };
    const favoured = new FavouredAddresses({
      health: () => datagrams.health(),
      addressOf: (node) => datagrams.addressOf(node)?.address,
      now: () => clock.monotonic(),
    });
    const isFavoured = (address: string): boolean => favoured.has(address);
    this.#parts = parts;
    const up = (link: ControlLink): void => this.#ledgerSync.up(link);
    const message = (link: ControlLink, frame: ControlMessage): void => this.#frame(link, frame);
    const common = { credentials, network, schedule, log, up, message };
    this.#links = new Links({ credentials, network, schedule, isFavoured, log });
    this.#visits = new Visits({
      ...common,
      fragments: (link, id, fragments) => this.#fragments({ link, id, fragments }),
      over: (link, budget) => over(link.peer, budget),
      down: (link) => {
        this.#ledgerSync.down(link);
        parts.visited(link);
      },
    });
    this.#meetings = new Meetings({ ...common, clock, down: (link) => this.#ledgerSync.down(link) });
    this.#ledgerSync = new LedgerSync({
      ...{ ledger: office.ledger, schedule },
      welcome: (link) => this.#welcome(link),
      over: (link, budget) => over(link.peer, budget),
    });
    this.#stops = this.#listen();
  }

  /** The control link to the switch, while it is up. */
  get upstream(): ControlLink | undefined {
    return this.#links.upstream;
  }

  /** The links of the nodes that follow this one. */
  get downstream(): readonly ControlLink[] {
    return this.#links.downstream;
  }

  /** The exchange that brings both ends of a link to the same ledger. */
  get ledgerSync(): LedgerSync {
    return this.#ledgerSync;
  }

  /** The link to that node, if one is up. */
  linkTo(node: NodeId): ControlLink | undefined {
    return this.#links.to(node) ?? this.#visits.get(node);
  }

  /** The same, visits left out. */
  lastingLinkTo(node: NodeId): ControlLink | undefined {
    return this.#links.to(node);
  }

  /** The link to that node: an existing one, or a new visit. Undefined where it cannot be reached. */
  async reach(node: NodeId): Promise<ControlLink | undefined> {
    const link = this.#links.to(node);
    const address = this.#controlAddressOf(node);
    if (link || !address || !this.#parts.roster.directory.isOnline(node)) return link;
    return this.#visits.to(address);
  }

  /** Resolves with the TCP port that is listened on. */
  listen(address: string, port: number): Promise<number> {
    return this.#links.listen(address, port);
  }

  /** Follows that switch; undefined: follows nobody. Does nothing if the node's endpoints are unknown. */
  follow(node: NodeId | undefined): void {
    const address = node === undefined ? undefined : this.#controlAddressOf(node);
    if (node === undefined || address) this.#links.follow(address);
  }

  /** Whether this node made the link to ask something, or because the other one called. By such a link neither follows the other. */
  isVisit(link: ControlLink): boolean {
    return this.#visits.has(link) || this.#meetings.has(link);
  }

  /** Sends a frame to all members that are linked, except over one link. */
  spread(frame: ControlMessage, except?: ControlLink): void {
    for (const link of this.#links.all) {
      if (link !== except && this.#ledgerSync.isWelcome(link)) link.send(frame);
    }
  }

  /** After a removal by this node: sends the ledger to the standby and some others, in case the switch holds it back. */
  tellDirectly(standby: NodeId | undefined): void {
    const { roster, office, random } = this.#parts;
    const others = roster.othersOnline
      .map(({ node }) => ({ node, place: random.fraction() }))
      .filter(({ node }) => node !== standby && office.ledger.isMember(node) && !this.linkTo(node))
      .sort((a, b) => a.place - b.place)
      .slice(0, TOLD_DIRECTLY);
    for (const node of [...(standby === undefined ? [] : [standby]), ...others.map((other) => other.node)]) {
      if (node !== roster.self && office.ledger.isMember(node)) void this.reach(node);
    }
  }

  /** Ends the visits that this node made. */
  closeVisits(): void {
    for (const stop of this.#stops) stop();
    this.#visits.close();
  }

  async close(): Promise<void> {
    this.closeVisits();
    this.#meetings.close();
    await this.#links.close();
  }

  #listen(): (() => void)[] {
    const { office, datagrams, unreachable, outsider, over } = this.#parts;
    datagrams.events.on('stranger', ({ call, at }) => void this.#meetings.called(call, at));
    datagrams.events.on('digest', ({ node }) => this.#compare(node));
    this.#links.events.on('up', ({ link }) => this.#ledgerSync.up(link));
    this.#links.events.on('outsider', outsider);
    this.#links.events.on('message', ({ link, message }) => this.#frame(link, message));
    this.#links.events.on('fragments', (came) => this.#fragments(came));
    this.#links.events.on('unreachable', unreachable);
    this.#links.events.on('over', ({ link, budget }) => over(link.peer, budget));
    this.#links.events.on('down', ({ link, upstream }) => this.#down(link, upstream));
    return [
      office.ledger.events.on('added', ({ statements, from }) => this.#ledgerSync.spread(statements, from)),
      office.ledger.events.on('standing', () => this.#ledgerSync.settle()),
      office.invitations.events.on('added', ({ records, from }) => this.#spreadInvitations(records, from)),
    ];
  }

  /** The node at the other end is a member. */
  #welcome(link: ControlLink): void {
    const { record, version, office, welcomed } = this.#parts;
    const visit = this.isVisit(link);
    this.#links.welcome(link);
    const hello = { type: 'hello', record: record.current.signed, version, protocol: PROTOCOLS } as const;
    link.send({ ...hello, ...(visit ? { visit } : {}) });
    sendInvitations(link, office.invitations.records);
    welcomed(link);
  }

  /** Compares ledgers with a node whose beat carried another digest. */
  #compare(node: NodeId): void {
    const { clock, datagrams } = this.#parts;
    if (!this.#repair.differs(node, clock.monotonic())) return;
    const link = this.linkTo(node);
    const at = datagrams.believedEndpointsOf(node);
    if (link) this.#ledgerSync.compare(link);
    else if (at) void this.#visits.to({ node, address: at.address, port: at.control });
  }

  #frame(link: ControlLink, message: ControlMessage): void {
    this.#ledgerSync.inOrder(link, { message, handle: () => this.#parts.frame(link, message) });
  }

  /** Handles fragments, which are accepted from members alone. */
  #fragments(came: OfficeEvents['fragments']): void {
    if (this.#ledgerSync.isWelcome(came.link)) this.#parts.fragments(came);
  }

  #down(link: ControlLink, upstream: boolean): void {
    // A link that was never welcomed may have been a newcomer's, who may be online by now over another link.
    const wasMember = this.#ledgerSync.isWelcome(link);
    this.#ledgerSync.down(link);
    this.#parts.down(link, { upstream, wasMember });
  }

  #controlAddressOf(node: NodeId): SwitchAddress | undefined {
    const { roster, datagrams } = this.#parts;
    const endpoints = datagrams.endpointsOf(node) ?? roster.directory.get(node)?.endpoints;
    return endpoints && { node, address: endpoints.address, port: endpoints.control };
  }

  #spreadInvitations(records: readonly Signed[], from: NodeId | undefined): void {
    for (const link of this.#links.all) {
      if (link.peer !== from && this.#ledgerSync.isWelcome(link)) sendInvitations(link, records);
    }
  }
}

function sendInvitations(link: ControlLink, records: readonly Signed[]): void {
  for (let at = 0; at < records.length; at += MAX_STATEMENTS_IN_FRAME) {
    link.send({ type: 'invitations', records: records.slice(at, at + MAX_STATEMENTS_IN_FRAME) });
  }
}
