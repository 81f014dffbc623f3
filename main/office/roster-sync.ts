import { nodeRecordSchema, readStatement, type NodeId, type Signed } from '../model/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';
import type { Links } from './links.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import type { OwnRecord } from './own-record.ts';
import { isOnlineBy, RosterRepair } from './presence.ts';
import { rosterFrames } from './roster-frames.ts';
import type { Roster } from './roster.ts';

interface RosterSyncParts {
  readonly roster: Roster;
  readonly record: Pick<OwnRecord, 'current' | 'catchUp'>;
  readonly links: Pick<Links, 'upstream' | 'downstream'>;
  readonly datagrams: MemberDatagrams;
  readonly isSwitch: () => boolean;
  /** A monotonic clock, ms. */
  readonly now: () => number;
  /** Colleagues came online or went offline, or a record changed. */
  readonly changed: () => void;
  /** Colleagues have a later record of this node: it signs and sends another one. */
  readonly isBehind: () => void;
}

/**
 * Keeps the roster in step over control links: members send their record to the switch, the switch sends all records to all. What was
 * missed is found by `presence`: by the switch from beats and links, by a member from the digest in the switch's beats.
 */
export class RosterSync {
  readonly #parts: RosterSyncParts;
  readonly #visits = new WeakSet<ControlLink>();
  /** Links whose node has greeted, and follows this one or is followed. */
  readonly #greeted = new WeakSet<ControlLink>();
  readonly #repair = new RosterRepair();
  /** The link of the switch whose roster was compared last. */
  #compared: ControlLink | undefined;

  constructor(parts: RosterSyncParts) {
    this.#parts = parts;
    parts.datagrams.events.on('roster', ({ node, digest }) => this.#compare(node, digest));
  }

  /** For how long this node's roster has differed from the switch's, in ms; 0: it does not, as far as is known. */
  get differsMs(): number {
    return this.#repair.differsMs(this.#parts.now());
  }

  /** Handles the first frame of the node at the other end. Another node's record ends the link. */
  hello(link: ControlLink, record: Signed): void {
    const { roster, links, datagrams } = this.#parts;
    const entered = roster.enterOwn(record, link.peer);
    if (!entered) return link.close();
    const { endpoints } = entered;
    datagrams.addPeer(link.peer, endpoints);
    datagrams.addCandidate({ address: endpoints.address, port: endpoints.beat });
    this.#greeted.add(link);
    if (link !== links.upstream) this.#sendWhole(link);
    this.setOnline(link.peer, true);
    if (link !== links.upstream) this.broadcast(link.peer);
  }

  /** Handles the first frame over a visit, by which neither node follows the other. */
  visit(link: ControlLink, record: Signed): void {
    this.#visits.add(link);
    const { roster, datagrams } = this.#parts;
    const entered = roster.enterOwn(record, link.peer);
    if (!entered) return link.close();
    const { address, beat: port } = entered.endpoints;
    datagrams.addPeer(link.peer, entered.endpoints);
    datagrams.addCandidate({ address, port }, { isUrgent: true });
  }

  /** The only link to a node has ended. (The end of a visit does not mean that its node is offline.) */
  ended(link: ControlLink): void {
    if (!this.#visits.has(link)) this.setOnline(link.peer, false);
  }

  /** By the election nothing is heard of a node any more. Only the switch can know it; the others learn it from its roster. */
  lost(node: NodeId): void {
    if (this.#parts.isSwitch()) this.setOnline(node, false);
  }

  /** Brings the switch's roster in line with its beats and links, whatever was missed before. */
  look(): void {
    const { roster, datagrams, isSwitch } = this.#parts;
    if (!isSwitch()) return;
    const alive = new Set(datagrams.health().flatMap((peer) => (peer.alive ? [peer.node] : [])));
    const linked = this.#linked();
    for (const node of roster.directory.nodes()) {
      if (node === roster.self) continue;
      const wasOnline = roster.directory.isOnline(node);
      const isOnline = isOnlineBy({ isAlive: alive.has(node), isLinked: linked.has(node), wasOnline });
      if (isOnline !== wasOnline) this.setOnline(node, isOnline);
    }
  }

  /** Handles entries that the switch sends. If it names its whole roster, every node that is missing there is offline. */
  roster(link: ControlLink, { entries, full, nodes }: ControlMessageOf<'roster'>): void {
    const { roster, links, datagrams, changed } = this.#parts;
    if (link !== links.upstream) return;
    const named = new Set(nodes);
    for (const { record, online } of entries) {
      const entered = roster.enter(record);
      if (!entered) this.#catchUp(record);
      if (!entered) continue;
      named.add(entered.node);
      datagrams.addPeer(entered.node, entered.endpoints);
      this.#learn(entered.node, online);
    }
    if (full || nodes) {
      for (const { node } of roster.othersOnline) if (!named.has(node)) this.#learn(node, false);
    }
    changed();
  }

  /** A node that follows this one asks for the whole roster. By that it also shows that it is there. */
  wanted(link: ControlLink): void {
    const { roster, links, isSwitch } = this.#parts;
    if (!isSwitch() || !links.downstream.includes(link) || !this.#greeted.has(link)) return;
    if (!roster.directory.isOnline(link.peer)) this.setOnline(link.peer, true);
    this.#sendWhole(link);
  }

  /** Handles a member's changed record, or this node's own as the member has it. Other nodes' records are accepted from the switch alone. */
  record(link: ControlLink, signed: Signed): void {
    const { roster, changed } = this.#parts;
    this.#catchUp(signed);
    const before = roster.directory.signed(link.peer);
    const entered = roster.enterOwn(signed, link.peer);
    if (!entered || roster.directory.signed(link.peer) === before) return;
    this.broadcast(entered.node);
    changed();
  }

  setOnline(node: NodeId, online: boolean): void {
    this.#parts.roster.directory.setOnline(node, online);
    if (this.#parts.isSwitch()) this.broadcast(node);
    this.#parts.changed();
  }

  /** Sends one node's entry to all nodes that follow this one. */
  broadcast(node: NodeId): void {
    const entry = this.#parts.roster.entryOf(node);
    if (!entry) return;
    for (const link of this.#parts.links.downstream) {
      if (link.peer !== node) link.send({ type: 'roster', entries: [entry], full: false });
    }
  }

  /** A beat carries the digest of the sender's roster. If it is the switch that is followed, what differs for two beats is asked for. */
  #compare(node: NodeId, digest: string): void {
    const { links, roster, record, isSwitch, now } = this.#parts;
    const link = links.upstream;
    if (isSwitch() || link?.peer !== node || !this.#greeted.has(link)) return;
    if (link !== this.#compared) this.#repair.beginAnew();
    this.#compared = link;
    if (!this.#repair.compare(digest, roster.digest(), now())) return;
    // The switch may lack this node's own record.
    link.send({ type: 'record', record: record.current.signed });
    // Or it has lost the number of its own last one, and signs records that are passed over here.
    const ofSwitch = roster.directory.signed(node);
    if (ofSwitch) link.send({ type: 'record', record: ofSwitch });
    link.send({ type: 'roster-wanted' });
  }

  #catchUp(signed: Signed): void {
    const { roster, record, isBehind } = this.#parts;
    const claimed = readStatement(signed, nodeRecordSchema);
    if (claimed?.node === roster.self && record.catchUp(signed)) isBehind();
  }

  #sendWhole(link: ControlLink): void {
    const { roster } = this.#parts;
    for (const frame of rosterFrames(roster.entries(), roster.nodes())) link.send(frame);
  }

  /** The switch says of a node whether it is online. */
  #learn(node: NodeId, online: boolean): void {
    this.#parts.roster.directory.setOnline(node, online);
    this.#parts.datagrams.input({ type: 'peer', node, online });
  }

  #linked(): Set<NodeId> {
    const { upstream, downstream } = this.#parts.links;
    const links = [...(upstream ? [upstream] : []), ...downstream];
    return new Set(links.filter((link) => this.#greeted.has(link)).map(({ peer }) => peer));
  }
}
