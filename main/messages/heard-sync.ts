import type { Emitter, MessageId, NodeId, Receipt, Signed } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { Inbox } from './inbox.ts';
import { isOwnOther, ownOthersOnline } from './own-others.ts';
import type { OfficePort } from './ports.ts';

/** Of so many messages, the newest that were heard, a computer that comes is told. */
const MAX_TOLD = 1000;

export interface HeardSyncParts {
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly inbox: Inbox;
  readonly events: Emitter<MessageEvents>;
}

/**
 * What a person heard at one of their computers they have heard at all: its signed receipt goes to the others at once, and to one that
 * comes later. There it is marked heard, waits for no turn any more, and its notification goes.
 */
export class HeardSync {
  readonly #parts: HeardSyncParts;
  #others: ReadonlySet<NodeId> = new Set();

  constructor(parts: HeardSyncParts) {
    this.#parts = parts;
    parts.events.on('settled', (id) => this.#tell(id));
    parts.events.on('receipt', (receipt) => this.#heard(receipt));
  }

  /** Who is online may have changed. */
  expect(): void {
    const before = this.#others;
    this.#others = ownOthersOnline(this.#parts.office);
    const came = [...this.#others].filter((node) => !before.has(node));
    if (came.length === 0) return;
    const receipts = this.#newest();
    for (const node of came) this.#send(node, receipts);
  }

  /** It was heard here, or deleted. */
  #tell(id: MessageId): void {
    const message = this.#parts.read.get(id);
    if (!message || this.#others.size === 0) return;
    const own = this.#heardAt(message, (node) => node === this.#parts.office.self);
    for (const node of this.#others) this.#send(node, own);
  }

  #heard({ id, node, state }: Receipt): void {
    const { office, inbox } = this.#parts;
    if (state === 'heard' && isOwnOther(office, node)) inbox.heardElsewhere(id, node);
  }

  #newest(): readonly Signed[] {
    const { read, office } = this.#parts;
    const heard = read
      .list({ mine: 'recipient' })
      .filter(({ local }) => local.heard !== undefined)
      .slice(-MAX_TOLD);
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
