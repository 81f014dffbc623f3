import type { Header, NodeId, Random } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { MessageReader } from './archive.ts';
import { saysItHolds } from './copies.ts';
import type { Holders } from './holders.ts';
import { MAX_HOLDERS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import { shuffled } from './shuffled.ts';

interface HolderViewParts {
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly holders: Holders;
  readonly server: { mayFetch(peer: NodeId, header: Header): boolean };
  readonly random: Random;
}

/** Tells nodes who holds a message, as far as this node knows: by the receipts that are kept here, and by announcements. */
export class HolderView {
  readonly #parts: HolderViewParts;

  constructor(parts: HolderViewParts) {
    this.#parts = parts;
  }

  /** Answers a node that may fetch the message. Any other one is named nobody. */
  wanted({ id }: ControlMessageOf<'holders-wanted'>, link: PeerLink): void {
    link.send({ type: 'holders', id, nodes: [...this.#nodesFor(id, link.peer)] });
  }

  /** Nodes that are online: first those that say that they hold all of it, in a random order, so that each is named at some time. */
  #nodesFor(id: Parameters<MessageReader['get']>[0], asker: NodeId): readonly NodeId[] {
    const { read, office, holders, server, random } = this.#parts;
    const message = read.get(id);
    if (!message || !server.mayFetch(asker, message.header.facts)) return [];
    const online = new Set(office.online);
    const whole = message.holding
      .map(({ facts }) => facts.node)
      .filter((node) => saysItHolds(message, node, office));
    const nodes = new Set([...shuffled(whole, random), ...holders.announcersOf(id)]);
    return [...nodes].filter((node) => node !== asker && online.has(node)).slice(0, MAX_HOLDERS);
  }
}
