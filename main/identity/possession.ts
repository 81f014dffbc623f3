import { createHmac, timingSafeEqual } from 'node:crypto';
import { fromBase64url, MAX_FRAGMENT_BYTES, type MessageId, type NodeId } from '../model/index.ts';

/** Bytes of the nonce that a proof answers. */
export const POSSESSION_NONCE_BYTES = 16;
const LABEL = 'corridor possession v1';

/** What a proof is for: one holder, one message, one nonce. */
export interface PossessionClaim {
  readonly id: MessageId;
  readonly holder: NodeId;
  /** 16 bytes, base64url. */
  readonly nonce: string;
}

/**
 * Proves that a node has every byte of a message when it is asked: HMAC-SHA-256, keyed with the nonce, over a label,
 * the message's id, the holder's id, and every fragment in order, each after its length as two bytes, big endian. Holder and
 * nonce come first, so that nothing can be computed before the question, and no answer serves another holder.
 */
export class PossessionProof {
  readonly #hmac;
  readonly #length = Buffer.alloc(2);

  constructor({ id, holder, nonce }: PossessionClaim) {
    this.#hmac = createHmac('sha256', fromBase64url(nonce))
      .update(LABEL)
      .update(fromBase64url(id))
      .update(fromBase64url(holder));
  }

  add(fragment: Uint8Array): void {
    if (fragment.length > MAX_FRAGMENT_BYTES) throw new RangeError('fragment too long');
    this.#length.writeUInt16BE(fragment.length);
    this.#hmac.update(this.#length).update(fragment);
  }

  /** The proof, 43 characters of base64url; nothing can be added afterwards. */
  digest(): string {
    return this.#hmac.digest('base64url');
  }
}

/** Whether two proofs are the same one. */
export function isSameProof(one: string, other: string): boolean {
  const [a, b] = [fromBase64url(one), fromBase64url(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
