import { verifyReceipt } from '../identity/index.ts';
import {
  fromBase64url,
  readStatement,
  receiptSchema,
  type MessageId,
  type NodeId,
  type Receipt,
  type Signed,
} from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';
import type { MessageStore } from '../store/index.ts';
import type { Progress } from './incoming.ts';
import type { Links } from './links.ts';
import type { Relay } from './relay.ts';
import type { Roster } from './roster.ts';

export interface ReceiptExchangeParts {
  readonly store: MessageStore;
  readonly roster: Roster;
  readonly links: Links;
  readonly relay: Relay;
  readonly messageChanged: (id: MessageId) => void;
}

/** What becomes of a message at its recipients, on its way back to the talker: signed receipts, and what is true only now. */
export class ReceiptExchange {
  readonly #parts: ReceiptExchangeParts;
  readonly #progress = new Map<MessageId, Map<NodeId, Progress>>();

  constructor(parts: ReceiptExchangeParts) {
    this.#parts = parts;
  }

  /** What recipients' nodes said of a message that is being spoken. */
  progressOf(id: MessageId): ReadonlyMap<NodeId, Progress> {
    return this.#progress.get(id) ?? new Map<NodeId, Progress>();
  }

  /** A receipt of this node, or one that is passed on. */
  receipt(signed: Signed, facts: Receipt, cameFrom: ControlLink | undefined): void {
    const { store, roster, relay } = this.#parts;
    const header = store.get(facts.id)?.header.facts;
    if (header && header.talker !== roster.self) relay.receipt(signed, header, cameFrom);
  }

  foreignReceipt(signed: Signed, link: ControlLink): void {
    const { store, roster } = this.#parts;
    const said = readStatement(signed, receiptSchema);
    const key = said && roster.keyOf(said.node);
    const receipt = key && verifyReceipt(signed, fromBase64url(key));
    if (receipt && store.setReceipt(signed, receipt)) this.receipt(signed, receipt, link);
  }

  progress(id: MessageId, state: Progress): void {
    const { store, roster, relay } = this.#parts;
    const header = store.get(id)?.header.facts;
    if (header) relay.progress({ id, node: roster.self, state }, header, undefined);
  }

  foreignProgress(message: { id: MessageId; node: NodeId; state: Progress }, link: ControlLink): void {
    const { store, roster, relay, links, messageChanged } = this.#parts;
    const header = store.get(message.id)?.header.facts;
    // A member speaks for itself; the switch passes on what members said.
    if (!header?.recipients.includes(message.node)) return;
    if (link.peer !== message.node && link !== links.upstream) return;
    if (header.talker !== roster.self) return relay.progress(message, header, link);
    const states = this.#progress.get(message.id) ?? new Map<NodeId, Progress>();
    this.#progress.set(message.id, states.set(message.node, message.state));
    messageChanged(message.id);
  }
}
