import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { OfficeKeys } from './office.ts';

/** Sealed datagram: version (1 byte), nonce (12), ciphertext, tag (16). The version is authenticated too. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BODY_START = 1 + NONCE_BYTES;
const OVERHEAD_BYTES = BODY_START + TAG_BYTES;
const ALGORITHM = 'aes-128-gcm';
const VERSION_BYTE = Buffer.from([VERSION]);

/** The longest plaintext: sealed it stays below the smallest Ethernet MTU with IP and UDP around it. */
export const MAX_DATAGRAM_PLAINTEXT_BYTES = 1200;

/**
 * Seals a datagram for the office with AES-128-GCM under a random nonce. 250 datagrams a second for ten years leave
 * the chance of a repeated nonce below 2^-24. Says nothing of order: what is sealed carries its own counter.
 */
export function sealDatagram(keys: Pick<OfficeKeys, 'datagramKey'>, plaintext: Uint8Array): Buffer {
  // Nothing is never sealed: it would say nothing.
  if (plaintext.length < 1 || plaintext.length > MAX_DATAGRAM_PLAINTEXT_BYTES) {
    throw new RangeError(
      `a datagram holds 1 to ${MAX_DATAGRAM_PLAINTEXT_BYTES} bytes, not ${plaintext.length}`,
    );
  }
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keys.datagramKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(VERSION_BYTE);
  return Buffer.concat([VERSION_BYTE, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** What a member of the office sealed; undefined for anything else that arrives. */
export function openDatagram(keys: Pick<OfficeKeys, 'datagramKey'>, bytes: Uint8Array): Buffer | undefined {
  if (bytes.length <= OVERHEAD_BYTES || bytes.length > MAX_DATAGRAM_PLAINTEXT_BYTES + OVERHEAD_BYTES)
    return undefined;
  if (bytes[0] !== VERSION) return undefined;
  const tagStart = bytes.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, keys.datagramKey, bytes.subarray(1, BODY_START), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(VERSION_BYTE);
  decipher.setAuthTag(bytes.subarray(tagStart));
  const opened = decipher.update(bytes.subarray(BODY_START, tagStart));
  try {
    decipher.final();
    return opened;
  } catch {
    return undefined;
  }
}
