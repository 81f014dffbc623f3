import { createHash, timingSafeEqual } from 'node:crypto';
import { POINT_BYTES, SPKI_BYTES } from '../../model/index.ts';
import type { Card } from '../ledger/statement.ts';
import { NONCE_BYTES } from './frames.ts';
import { EXPORTED_BYTES, OFFICE_TAG_BYTES } from './office-proof.ts';

type Keys = Pick<Card, 'signingKey' | 'hpkeKey'>;

const COMMITMENT_BYTES = 32;
const DIGITS = 6;

/**
 * The newcomer's commitment to its nonce, sent before it sees the other nonce. Without it an attacker could search for a nonce that
 * gives the same six digits; with it an attempt succeeds once in a million.
 */
export function commitmentTo(nonce: Uint8Array, { signingKey, hpkeKey }: Keys): Buffer {
  return createHash('sha256')
    .update('corridor join commit v1')
    .update(sized(nonce, NONCE_BYTES))
    .update(sized(signingKey, SPKI_BYTES))
    .update(sized(hpkeKey, POINT_BYTES))
    .digest();
}

export function isCommitmentTo(commitment: Uint8Array, nonce: Uint8Array, keys: Keys): boolean {
  return commitment.length === COMMITMENT_BYTES && timingSafeEqual(commitment, commitmentTo(nonce, keys));
}

interface Compared {
  /** 4 bytes. */
  readonly tag: Uint8Array;
  /** 32 bytes of the link's exported keying material, under JOIN_EXPORTER_LABEL. */
  readonly exported: Uint8Array;
  readonly newcomer: Keys;
  readonly host: Keys;
  /** 32 bytes. */
  readonly commitment: Uint8Array;
  readonly newcomerNonce: Uint8Array;
  readonly hostNonce: Uint8Array;
}

/**
 * The six digits that both screens show. They cover both cards as well, since the exporter does not cover the client's certificate
 * (RFC 8446 §7.1, §7.5).
 */
export function digitsOf(compared: Compared): string {
  const { tag, exported, newcomer, host, commitment, newcomerNonce, hostNonce } = compared;
  const hash = createHash('sha256')
    .update('corridor join digits v1')
    .update(sized(tag, OFFICE_TAG_BYTES))
    .update(sized(exported, EXPORTED_BYTES))
    .update(sized(newcomer.signingKey, SPKI_BYTES))
    .update(sized(newcomer.hpkeKey, POINT_BYTES))
    .update(sized(host.signingKey, SPKI_BYTES))
    .update(sized(host.hpkeKey, POINT_BYTES))
    .update(sized(commitment, COMMITMENT_BYTES))
    .update(sized(newcomerNonce, NONCE_BYTES))
    .update(sized(hostNonce, NONCE_BYTES))
    .digest();
  return (hash.readBigUInt64BE() % 10n ** BigInt(DIGITS)).toString().padStart(DIGITS, '0');
}

/** Checks a part's length, so that no two sets of parts give the same bytes. */
function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`${length} bytes, not ${bytes.length}`);
  return bytes;
}
