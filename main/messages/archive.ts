import { signReceipt, verifyReceipt, type Identity } from '../identity/index.ts';
import {
  fromBase64url,
  type Clock,
  type Fragment,
  type Header,
  type Manifest,
  type MessageId,
  type Receipt,
  type ReceiptState,
  type Signed,
} from '../model/index.ts';
import type { Completion, MessageStore, Statement, StoredMessage } from '../store/index.ts';

/** Reading what is kept: nothing changes by it. */
export type MessageReader = Pick<
  MessageStore,
  | 'findByNumber'
  | 'get'
  | 'list'
  | 'missing'
  | 'on'
  | 'outbox'
  | 'read'
  | 'shown'
  | 'stream'
  | 'totals'
  | 'unheard'
  | 'wasDeleted'
>;

export interface ArchiveParts {
  readonly identity: Identity;
  readonly store: MessageStore;
  readonly clock: Clock;
}

/**
 * The one door to the store: every header, fragment, manifest and receipt that this node keeps enters here, whether it
 * was spoken here, came over UDP, or was fetched.
 */
export class Archive {
  readonly read: MessageReader;
  readonly #parts: ArchiveParts;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
    this.read = parts.store;
  }

  /** Begins a message, or returns the one that was begun. @throws CorridorError as `MessageStore.begin` */
  begin(
    { signed, facts }: Statement<Header>,
    roles: { readonly mine?: 'talker' | 'recipient'; readonly keeps: boolean },
  ): StoredMessage {
    return this.#parts.store.begin(signed, facts, roles);
  }

  /** Keeps fragments; those of a message that is not kept here are passed over. */
  append(id: MessageId, fragments: readonly Fragment[]): void {
    const { store } = this.#parts;
    if (store.get(id)) store.append(id, fragments);
  }

  /** Keeps the manifest. @throws CorridorError as `MessageStore.setManifest` */
  end({ signed, facts }: Statement<Manifest>): Promise<Completion> {
    return this.#parts.store.setManifest(facts.id, signed, facts);
  }

  /** Signs how far the message came on this node; undefined where that is known already. */
  sign(id: MessageId, state: ReceiptState): Statement<Receipt> | undefined {
    const { identity, store, clock } = this.#parts;
    const facts: Receipt = { v: 1, id, node: identity.nodeId, state, at: clock.now() };
    const signed = signReceipt(identity, facts);
    return store.setReceipt(signed, facts) ? { signed, facts } : undefined;
  }

  /** Whether a receipt that says this would be news here, if it is genuine. */
  lacks(facts: Receipt): boolean {
    return this.#parts.store.lacksReceipt(facts);
  }

  /** Keeps another node's receipt; undefined where it is forged, or nothing new. */
  accept(signed: Signed, signingKey: string): Statement<Receipt> | undefined {
    const facts = verifyReceipt(signed, fromBase64url(signingKey));
    return facts && this.#parts.store.setReceipt(signed, facts) ? { signed, facts } : undefined;
  }

  /** The person of this node heard it. False where that is known already, or it is not for them. */
  markHeard(id: MessageId): boolean {
    const { store, clock } = this.#parts;
    const message = store.get(id);
    if (message?.roles.mine !== 'recipient' || message.local.heard !== undefined) return false;
    store.setLocal(id, { heard: clock.now() });
    return true;
  }

  /** The person was notified of it. Undefined where nothing is left to notify of. */
  markNotified(id: MessageId): StoredMessage | undefined {
    const { store, clock } = this.#parts;
    const { heard, notifiedAt, deletedAt } = store.get(id)?.local ?? { heard: 0 };
    if (heard !== undefined || notifiedAt !== undefined || deletedAt !== undefined) return undefined;
    store.setLocal(id, { notifiedAt: clock.now() });
    return store.get(id);
  }

  /** Keeps the waveform to draw: peaks of 0 to 255, a byte each. */
  keepPeaks(id: MessageId, peaks: Uint8Array): void {
    this.#parts.store.setLocal(id, { peaks: Buffer.from(peaks).toString('base64') });
  }

  /** Takes back a message that could not be kept whole. */
  discard(id: MessageId): Promise<void> {
    return this.#parts.store.delete(id);
  }
}
