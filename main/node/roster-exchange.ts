import type { NodeId, Signed } from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { Beats } from './beats.ts';
import type { Links } from './links.ts';
import type { Roster } from './roster.ts';

export interface RosterExchangeParts {
  readonly roster: Roster;
  readonly links: Links;
  readonly beats: () => Beats;
  readonly isSwitch: () => boolean;
  /** Who is there, or what is known of them, has changed. */
  readonly changed: () => void;
}

/** Who is in the office, told and heard over the control links: members to the switch, the switch to all. */
export class RosterExchange {
  readonly #parts: RosterExchangeParts;

  constructor(parts: RosterExchangeParts) {
    this.#parts = parts;
  }

  /** The first words of whoever is at the other end. Somebody else's record ends the link. */
  hello(link: ControlLink, record: Signed): void {
    const { roster, links } = this.#parts;
    if (roster.enter(record)?.node !== link.peer) return link.close();
    if (link !== links.upstream) link.send({ type: 'roster', entries: roster.entries(), full: true });
    this.setOnline(link.peer, true);
    if (link !== links.upstream) this.broadcast(link.peer);
  }

  /** What the switch says of the others. */
  told(link: ControlLink, entries: readonly { readonly record: Signed; readonly online: boolean }[]): void {
    const { roster, links, beats, changed } = this.#parts;
    if (link !== links.upstream) return;
    for (const { record, online } of entries) {
      const entered = roster.enter(record);
      if (!entered) continue;
      roster.directory.setOnline(entered.node, online);
      beats().addPeer(entered.node, entered.endpoints);
      beats().input({ type: 'peer', node: entered.node, online });
    }
    changed();
  }

  /** A member says anew who it is. */
  record(link: ControlLink, signed: Signed): void {
    const entered = this.#parts.roster.enter(signed);
    if (!entered) return;
    if (entered.node === link.peer) this.broadcast(entered.node);
    this.#parts.changed();
  }

  setOnline(node: NodeId, online: boolean): void {
    this.#parts.roster.directory.setOnline(node, online);
    if (this.#parts.isSwitch()) this.broadcast(node);
    this.#parts.changed();
  }

  /** Tells every follower of one node. */
  broadcast(node: NodeId): void {
    const entry = this.#parts.roster.entryOf(node);
    if (!entry) return;
    for (const link of this.#parts.links.downstream) {
      if (link.peer !== node) link.send({ type: 'roster', entries: [entry], full: false });
    }
  }
}
