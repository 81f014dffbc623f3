import type { ControlLink } from '../signalling/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';
import type { Header, NodeId, Receipt, Signed } from '../model/index.ts';
import type { Links } from './links.ts';

/**
 * What the switch does for the office: passes headers and manifests on to whom they concern, receipts back to the
 * talker, and gives whoever comes back what was said meanwhile. Harmless on a node that is not the switch: it then has
 * nobody to pass anything on to.
 */
export class Relay {
  readonly #self: NodeId;
  readonly #store: MessageStore;
  readonly #links: Links;
  #standby: NodeId | undefined;

  constructor(self: NodeId, store: MessageStore, links: Links) {
    this.#self = self;
    this.#store = store;
    this.#links = links;
  }

  /** A new standby is given everything that is not with its recipients yet. */
  setStandby(standby: NodeId | undefined): void {
    if (this.#standby === standby) return;
    this.#standby = standby;
    const link = standby && this.#links.to(standby);
    if (link && this.#links.upstream !== link) this.#tellAll(link, isUnfinished);
  }

  announce(header: Signed, facts: Header, cameFrom: ControlLink | undefined): void {
    for (const link of this.#concerned(facts, cameFrom)) link.send({ type: 'announce', header });
  }

  end(manifest: Signed, header: Header, cameFrom: ControlLink | undefined): void {
    for (const link of this.#concerned(header, cameFrom)) link.send({ type: 'manifest', manifest });
  }

  /** Towards the talker: directly where it is linked, else up to the switch. */
  receipt(receipt: Signed, header: Header, cameFrom: ControlLink | undefined): void {
    const link = this.#links.to(header.talker) ?? this.#links.upstream;
    if (link && link !== cameFrom) link.send({ type: 'receipt', receipt });
  }

  progress(
    message: { id: StoredMessage['id']; node: NodeId; state: 'hearing' | 'notified' },
    header: Header,
    cameFrom: ControlLink | undefined,
  ): void {
    const link = this.#links.to(header.talker) ?? this.#links.upstream;
    if (link && link !== cameFrom) link.send({ type: 'progress', ...message });
  }

  /** A member asks what there is for it. */
  inbox(link: ControlLink): void {
    const { peer } = link;
    this.#tellAll(link, (message) => isAwaitedBy(message, peer));
    if (peer === this.#standby) this.#tellAll(link, isUnfinished);
    for (const message of this.#store.list()) {
      if (message.header.facts.talker !== peer) continue;
      for (const { signed } of message.receipts) link.send({ type: 'receipt', receipt: signed });
    }
  }

  /** To the switch this node follows from now on: what it may lack. Two halves of an office merge this way. */
  merge(link: ControlLink): void {
    this.#tellAll(link, isUnfinished);
  }

  #tellAll(link: ControlLink, which: (message: StoredMessage) => boolean): void {
    for (const message of this.#store.list().filter(which)) {
      link.send({ type: 'announce', header: message.header.signed });
      if (message.manifest) link.send({ type: 'manifest', manifest: message.manifest.signed });
      for (const { signed } of message.receipts) link.send({ type: 'receipt', receipt: signed });
    }
  }

  #concerned(header: Header, cameFrom: ControlLink | undefined): ControlLink[] {
    const nodes = new Set<NodeId>(header.recipients);
    if (this.#standby) nodes.add(this.#standby);
    nodes.delete(header.talker);
    nodes.delete(this.#self);
    return this.#links.downstream.filter((link) => nodes.has(link.peer) && link !== cameFrom);
  }
}

/** `node` is a recipient and has not said that it holds all of it. */
function isAwaitedBy(message: StoredMessage, node: NodeId): boolean {
  return message.header.facts.recipients.includes(node) && !hasReceipt(message, node);
}

function isUnfinished(message: StoredMessage): boolean {
  return message.header.facts.recipients.some((node) => !hasReceipt(message, node));
}

function hasReceipt(message: StoredMessage, node: NodeId): boolean {
  return message.receipts.some(({ facts }) => facts.node === node && isRecipientsOwn(facts));
}

function isRecipientsOwn(receipt: Receipt): boolean {
  return receipt.state !== 'stored';
}
