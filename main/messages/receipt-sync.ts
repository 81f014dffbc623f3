import {
  BUDGETS,
  readStatement,
  receiptSchema,
  type Emitter,
  type MessageId,
  type NodeId,
  type Receipt,
  type ReceiptState,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { Statement } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { MessageEvents } from './events.ts';
import { MAX_PROGRESS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { Progress } from './states.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';

export interface ReceiptSyncParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly forwarder: SwitchForwarder;
  readonly events: Emitter<MessageEvents>;
}

/** What becomes of a message at its recipients, on its way back to the talker: signed receipts, and progress. */
export class ReceiptSync {
  readonly #parts: ReceiptSyncParts;
  readonly #progress = new Map<MessageId, Map<NodeId, Progress>>();

  constructor(parts: ReceiptSyncParts) {
    this.#parts = parts;
  }

  /** What recipients' nodes reported of a message that is being spoken. */
  progressOf(id: MessageId): ReadonlyMap<NodeId, Progress> {
    return this.#progress.get(id) ?? new Map<NodeId, Progress>();
  }

  /** Signs how far the message came on this node, and sends that towards the talker. */
  sign(id: MessageId, state: ReceiptState): void {
    const receipt = this.#parts.archive.sign(id, state);
    if (receipt) this.#forward(receipt, undefined);
  }

  /** Another node's receipt: kept where it is genuine and new, and passed on. */
  receive(signed: Signed, link: PeerLink): void {
    const { archive, office } = this.#parts;
    const claimed = readStatement(signed, receiptSchema);
    // After a reconnect most of them are known: a look costs nothing, a signature does.
    if (!claimed || !archive.lacks(claimed)) return;
    const signingKey = office.signingKeyOf(claimed.node);
    const receipt = signingKey === undefined ? undefined : archive.accept(signed, signingKey);
    if (receipt) this.#forward(receipt, link);
  }

  /** This person's messages that somebody has yet to hear, as far as is known here: the newest, so many as may be asked of. */
  lacking(): MessageId[] {
    const own = this.#parts.archive.read.list({ mine: 'talker' });
    return own
      .filter(({ header, receipts }) => {
        const heard = new Set(
          receipts.filter(({ facts }) => facts.state === 'heard').map(({ facts }) => facts.node),
        );
        return !header.facts.recipients.every((node) => heard.has(node));
      })
      .slice(-BUDGETS.receiptsAsked.perPeer.atOnce)
      .reverse()
      .map(({ id }) => id);
  }

  /** Reports what becomes of the message here, while it is still being spoken. */
  sendProgress(id: MessageId, state: Progress): void {
    const { archive, office, forwarder } = this.#parts;
    const header = archive.read.get(id)?.header.facts;
    if (header) forwarder.progress({ id, node: office.self, state }, header, undefined);
  }

  receiveProgress({ id, node, state }: ControlMessageOf<'progress'>, link: PeerLink): void {
    const { archive, office, forwarder, events } = this.#parts;
    const header = archive.read.get(id)?.header.facts;
    // A member speaks for itself; the switch passes on what members reported.
    if (!header?.recipients.includes(node)) return;
    if (link.peer !== node && link !== office.upstream) return;
    if (header.talker !== office.self) return forwarder.progress({ id, node, state }, header, link);
    const states = this.#progress.get(id) ?? new Map<NodeId, Progress>();
    this.#progress.set(id, states.set(node, state));
    const [oldest] = this.#progress.keys();
    if (this.#progress.size > MAX_PROGRESS && oldest !== undefined) this.#progress.delete(oldest);
    events.emit('message', id);
  }

  #forward({ signed, facts }: Statement<Receipt>, cameFrom: PeerLink | undefined): void {
    const { archive, office, forwarder } = this.#parts;
    const header = archive.read.get(facts.id)?.header.facts;
    if (header && header.talker !== office.self) forwarder.receipt(signed, header, cameFrom);
  }
}
