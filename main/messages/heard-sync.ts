import { firstOf, type Emitter, type NodeId, type Receipt, type Signed } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { Inbox } from './inbox.ts';
import { isOwnOther, type OwnOthers } from './own-others.ts';
import type { OfficePort } from './ports.ts';

/** A computer that comes online gets the receipts of this many messages at most, the newest. */
const MAX_TOLD = 1000;

interface HeardSyncParts {
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly others: OwnOthers;
  readonly inbox: Inbox;
  readonly events: Emitter<MessageEvents>;
}

/**
 * A message that a person heard at one of their computers counts as heard at all of them: this node sends its signed receipt to the
 * others once its disk has it, and to a computer that comes online later. There the message leaves the queue and the notifications.
 */
export class HeardSync {
  readonly #parts: HeardSyncParts;

  constructor(parts: HeardSyncParts) {
    this.#parts = parts;
    parts.events.on('heard', ({ signed }) => this.#tell(signed));
    parts.events.on('receipt', (receipt) => this.#heard(receipt));
  }

  /** These computers came online: one at least. */
  came(nodes: readonly NodeId[]): void {
    const receipts = this.#newest();
    for (const node of nodes) this.#send(node, receipts);
  }

  /** Sends the receipt of a message that was heard here. */
  #tell(receipt: Signed): void {
    for (const node of this.#parts.others.online) this.#send(node, [receipt]);
  }

  #heard({ id, node, state }: Receipt): void {
    const { office, inbox } = this.#parts;
    if (state === 'heard' && isOwnOther(office, node)) inbox.heardElsewhere(id, node);
  }

  #newest(): readonly Signed[] {
    const { read, office } = this.#parts;
    const heard = firstOf(read.heardLast(), MAX_TOLD).reverse();
    return heard.flatMap((message) =>
      this.#heardAt(message, (node) => node === office.self || isOwnOther(office, node)).slice(0, 1),
    );
  }

  #heardAt({ roles, receipts }: StoredMessage, at: (node: NodeId) => boolean): readonly Signed[] {
    if (roles.mine !== 'recipient') return [];
    return receipts.flatMap(({ signed, facts }) =>
      facts.state === 'heard' && at(facts.node) ? [signed] : [],
    );
  }

  #send(node: NodeId, receipts: readonly Signed[]): void {
    if (receipts.length === 0) return;
    void this.#parts.office.reach(node).then((link) => {
      for (const receipt of receipts) link?.send({ type: 'receipt', receipt });
    });
  }
}
