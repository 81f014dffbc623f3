import { signReceipt, type Identity } from '../identity/index.ts';
import { BUDGETS, type Clock, type Emitter, type MessageId, type Signed } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { Archive } from './archive.ts';
import { wordOf } from './copies.ts';
import type { MessageEvents } from './events.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import type { PeerLink } from './ports.ts';
import { proofOf } from './proof-of.ts';
import type { ReceiptSync } from './receipt-sync.ts';

/** A node that asks for more than this at once gets no answer. A talker asks for one message after the other. */
const MAX_WAITING = BUDGETS.proofsWaiting.perPeer.atOnce;

interface ProofServerParts {
  readonly archive: Archive;
  readonly identity: Identity;
  readonly receipts: ReceiptSync;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  /** Resolves when other work of the thread has had its turn. */
  readonly nextTurn: () => Promise<void>;
  readonly log: LogOfPeers;
}

/** Proves to talkers that this node holds their messages. It computes one proof at a time. */
export class ProofServer {
  readonly #parts: ProofServerParts;
  readonly #waiting = new Map<PeerLink, number>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: ProofServerParts) {
    this.#parts = parts;
  }

  /** Answers a talker's question whether its message is here. Resolves when it is answered. */
  prove(link: PeerLink, request: ControlMessageOf<'prove'>): Promise<void> {
    const waiting = this.#waiting.get(link) ?? 0;
    if (waiting >= MAX_WAITING) {
      this.#parts.events.emit('over', { node: link.peer, budget: 'proofsWaiting' });
      return Promise.resolve();
    }
    this.#waiting.set(link, waiting + 1);
    this.#last = this.#last.then(async () => {
      // One question that cannot be answered must not keep the others waiting.
      if (this.#waiting.has(link))
        await this.#answer(link, request).catch((error: Error) =>
          this.#parts.log.say(link.peer, error.message),
        );
      const left = (this.#waiting.get(link) ?? 0) - 1;
      if (left > 0) this.#waiting.set(link, left);
      else this.#waiting.delete(link);
    });
    return this.#last;
  }

  linkLost(link: PeerLink): void {
    this.#waiting.delete(link);
  }

  /** Sends a signed statement that the message is not here. The store does not keep it, since it has no such message. */
  deny(link: PeerLink, id: MessageId): void {
    link.send({ type: 'receipt', receipt: this.denial(id) });
  }

  /** The same statement, for the caller to send. */
  denial(id: MessageId): Signed {
    const { archive, identity, clock } = this.#parts;
    const at = clock.now();
    const facts = { v: 1, id, node: identity.nodeId, state: 'lost', at, n: at } as const;
    return signReceipt(identity, { ...facts, store: archive.storeId });
  }

  async #answer(link: PeerLink, { id, nonce }: ControlMessageOf<'prove'>): Promise<void> {
    const { archive, identity, receipts, nextTurn } = this.#parts;
    const message = archive.read.get(id);
    if (!message) {
      this.deny(link, id);
      return;
    }
    // Only the talker is answered, because each answer reads the whole message from the disk.
    if (message.header.facts.talker !== link.peer) return;
    const claim = { id, nonce, holder: identity.nodeId };
    // A message that is still arriving is reported once it is here. A copy that turns out damaged is reported by itself.
    const proof = await proofOf(archive.read, message, claim, nextTurn).catch(() => undefined);
    if (proof !== undefined) link.send({ type: 'proof', id, nonce, proof });
    else if (!receipts.sign(id, 'lost') && wordOf(message, identity.nodeId)) receipts.repeat(id, link);
  }
}
