import type { NodeId, Signed } from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { Links } from './links.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import { rosterFrames } from './roster-frames.ts';
import type { Roster, SentEntry } from './roster.ts';

interface RosterSyncParts {
  readonly roster: Roster;
  readonly links: Pick<Links, 'upstream' | 'downstream'>;
  readonly datagrams: MemberDatagrams;
  readonly isSwitch: () => boolean;
  /** Colleagues came online or went offline, or a record changed. */
  readonly changed: () => void;
}

/** Keeps the roster in step over control links: members send their record to the switch, the switch sends all records to all. */
export class RosterSync {
  readonly #parts: RosterSyncParts;
  readonly #visits = new WeakSet<ControlLink>();

  constructor(parts: RosterSyncParts) {
    this.#parts = parts;
  }

  /** Handles the first frame of the node at the other end. Another node's record ends the link. */
  hello(link: ControlLink, record: Signed): void {
    const { roster, links, datagrams } = this.#parts;
    const entered = roster.enterOwn(record, link.peer);
    if (!entered) return link.close();
    const { endpoints } = entered;
    datagrams.addPeer(link.peer, endpoints);
    datagrams.addCandidate({ address: endpoints.address, port: endpoints.beat });
    if (link !== links.upstream) for (const frame of rosterFrames(roster.entries())) link.send(frame);
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

  /** Handles the entries that the switch sends. */
  roster(link: ControlLink, entries: readonly SentEntry[]): void {
    const { roster, links, datagrams, changed } = this.#parts;
    if (link !== links.upstream) return;
    for (const { record, online } of entries) {
      const entered = roster.enter(record);
      if (!entered) continue;
      roster.directory.setOnline(entered.node, online);
      datagrams.addPeer(entered.node, entered.endpoints);
      datagrams.input({ type: 'peer', node: entered.node, online });
    }
    changed();
  }

  /** Handles a member's changed record. Other nodes' records are accepted from the switch alone. */
  record(link: ControlLink, signed: Signed): void {
    const entered = this.#parts.roster.enterOwn(signed, link.peer);
    if (!entered) return;
    this.broadcast(entered.node);
    this.#parts.changed();
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
}
