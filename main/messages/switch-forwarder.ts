import type { Header, MessageId, NodeId, Receipt, Signed } from '../model/index.ts';
import type { Statement, StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import { isAwaited, isWith } from './copies.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { Progress } from './states.ts';

/**
 * What the switch does for the office: passes headers and manifests on to whom they concern, receipts back to the
 * talker, and gives whoever comes back what was said meanwhile. Harmless on a node that is not the switch: it then has
 * nobody to pass anything on to.
 */
export class SwitchForwarder {
  readonly #read: MessageReader;
  readonly #office: OfficePort;
  #standby: NodeId | undefined;

  constructor(read: MessageReader, office: OfficePort) {
    this.#read = read;
    this.#office = office;
  }

  /** From now on this node gets what is announced. It asks for what was announced before, when it knows that it is the standby. */
  setStandby(standby: NodeId | undefined): void {
    this.#standby = standby;
  }

  announce(header: Signed, facts: Header, cameFrom: PeerLink | undefined): void {
    for (const link of this.#concerned(facts, cameFrom)) link.send({ type: 'announce', header });
  }

  end(manifest: Signed, header: Header, cameFrom: PeerLink | undefined): void {
    for (const link of this.#concerned(header, cameFrom)) link.send({ type: 'manifest', manifest });
  }

  /** Towards the talker: directly where it is linked, else up to the switch. */
  receipt(receipt: Signed, header: Header, cameFrom: PeerLink | undefined): void {
    const link = this.#office.linkTo(header.talker) ?? this.#office.upstream;
    if (link && link !== cameFrom) link.send({ type: 'receipt', receipt });
  }

  progress(
    message: { readonly id: MessageId; readonly node: NodeId; readonly state: Progress },
    header: Header,
    cameFrom: PeerLink | undefined,
  ): void {
    const link = this.#office.linkTo(header.talker) ?? this.#office.upstream;
    if (link && link !== cameFrom) link.send({ type: 'progress', ...message });
  }

  /** A member asks what there is for it; the standby gets everything that is not with its recipients yet. */
  inbox(link: PeerLink): void {
    const { peer } = link;
    this.#tellAll(link, (message) => isAwaitedBy(message, peer));
    if (peer === this.#standby) this.#tellAll(link, isAwaited);
    for (const message of this.#read.list()) {
      if (message.header.facts.talker !== peer) continue;
      for (const { signed } of receiptsOf(message)) link.send({ type: 'receipt', receipt: signed });
    }
  }

  /** To the switch this node follows from now on: what it may lack. Two halves of an office merge this way. */
  merge(link: PeerLink): void {
    this.#tellAll(link, isAwaited);
  }

  #tellAll(link: PeerLink, which: (message: StoredMessage) => boolean): void {
    for (const message of this.#read.list().filter(which)) {
      link.send({ type: 'announce', header: message.header.signed });
      if (message.manifest) link.send({ type: 'manifest', manifest: message.manifest.signed });
      for (const { signed } of receiptsOf(message)) link.send({ type: 'receipt', receipt: signed });
    }
  }

  #concerned(header: Header, cameFrom: PeerLink | undefined): PeerLink[] {
    const nodes = new Set<NodeId>(header.recipients);
    if (this.#standby) nodes.add(this.#standby);
    nodes.delete(header.talker);
    nodes.delete(this.#office.self);
    return this.#office.downstream.filter((link) => nodes.has(link.peer) && link !== cameFrom);
  }
}

/** `node` is a recipient, and has not said that it holds all of it. */
function isAwaitedBy(message: StoredMessage, node: NodeId): boolean {
  return message.header.facts.recipients.includes(node) && !isWith(message, node);
}

/** How far it came, and what was said last of holding it. */
function receiptsOf({ receipts, holding }: StoredMessage): ReadonlySet<Statement<Receipt>> {
  return new Set([...receipts, ...holding]);
}
