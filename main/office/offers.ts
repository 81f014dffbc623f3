import { createHmac } from 'node:crypto';
import { OFFER_BYTES } from '../identity/index.ts';
import { fromBase64url, type NodeId, type Random } from '../model/index.ts';
import type { SocketAddress } from './ports.ts';

const SECRET_BYTES = 32;
const NOBODY = Buffer.alloc(16);
/** After a gap of this length between two looks at the clock the computer has slept or stalled, ms. */
const STALL_MS = 5000;

/**
 * The offers that this node asks others to echo, by which it knows that they answer now, and from that address: 8 bytes of HMAC-SHA-256
 * over node and address, with a random secret. Nothing is stored for a node that got an offer.
 */
export class Offers {
  readonly #random: Pick<Random, 'bytes'>;
  #secret: Buffer;
  #lookedAt: number | undefined;
  #wallAt = 0;
  /** Changes with the secret, so that offers computed before can be dropped from caches. */
  round = 0;

  constructor(random: Pick<Random, 'bytes'>) {
    this.#random = random;
    this.#secret = random.bytes(SECRET_BYTES);
  }

  /**
   * To be called before anything is sent or read. After a sleep or a stall the secret changes, since packets that were sent meanwhile
   * may be old. `now`: monotonic, which may stand still in a sleep; `wall`: since the epoch. Both ms.
   */
  look(now: number, wall: number): void {
    const gapMs = Math.max(
      now - (this.#lookedAt ?? now),
      this.#lookedAt === undefined ? 0 : wall - this.#wallAt,
    );
    this.#lookedAt = now;
    this.#wallAt = wall;
    if (gapMs < STALL_MS) return;
    this.#secret = this.#random.bytes(SECRET_BYTES);
    this.round += 1;
  }

  /** The offer for that node at that address; node undefined: for any node there. */
  to(node: NodeId | undefined, { address, port }: SocketAddress): Uint8Array {
    const id = node === undefined ? NOBODY : fromBase64url(node);
    const where = Buffer.from(`${address} ${port}`);
    return createHmac('sha256', this.#secret).update(id).update(where).digest().subarray(0, OFFER_BYTES);
  }
}
