import { createPublicKey } from 'node:crypto';

/** SubjectPublicKeyInfo (DER) of a P-256 key: 26 bytes of head, then the uncompressed point. */
export const SPKI_BYTES = 91;
export const POINT_BYTES = 65;
/** The head: id-ecPublicKey, prime256v1 (RFC 5480 §2). */
const SPKI_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
/** The first byte of an uncompressed point (SEC 1 §2.3.3). */
const UNCOMPRESSED = 4;

/**
 * The SubjectPublicKeyInfo of an uncompressed point, 65 bytes; undefined where it is no point of P-256. A hybrid point, which OpenSSL
 * reads, is refused, since one key would have two encodings.
 */
export function spkiOfPoint(point: Uint8Array): Buffer | undefined {
  if (point.length !== POINT_BYTES || point[0] !== UNCOMPRESSED) return undefined;
  const spki = p256Spki(point);
  try {
    createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return spki;
  } catch {
    return undefined;
  }
}

/** The encoding alone: does not check that the point is on the curve. */
export function p256Spki(point: Uint8Array): Buffer {
  return Buffer.concat([SPKI_HEAD, point]);
}

/** Whether these bytes are the canonical SubjectPublicKeyInfo of an uncompressed point of P-256. */
export function isP256Spki(spki: Uint8Array): boolean {
  return spkiOfPoint(spki.subarray(SPKI_HEAD.length))?.equals(spki) ?? false;
}
