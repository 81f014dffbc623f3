import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { fromBase64url, type MessageId } from '../model/index.ts';

const ALGORITHM = 'aes-128-gcm';
const KEY_BYTES = 16;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** The key and the nonce of one sealing. */
export interface GcmKey {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes, never used twice with the same key. */
  readonly nonce: Uint8Array;
}

/** A key and a nonce for one message alone and one use of it: HKDF-SHA-256 (RFC 5869). @param info names the use */
export function messageGcmKey(secret: Uint8Array, id: MessageId, info: string): GcmKey {
  const derived = hkdfSync('sha256', secret, fromBase64url(id), info, KEY_BYTES + NONCE_BYTES);
  const bytes = Buffer.from(derived);
  return { key: bytes.subarray(0, KEY_BYTES), nonce: bytes.subarray(KEY_BYTES) };
}

/** AES-128-GCM (NIST SP 800-38D): the ciphertext and the tag. @param associated is authenticated, too */
export function sealGcm({ key, nonce }: GcmKey, plaintext: Uint8Array, associated?: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  if (associated) cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @param sealed the ciphertext and the tag. @throws Error where it was sealed otherwise */
export function openGcm({ key, nonce }: GcmKey, sealed: Uint8Array, associated?: Uint8Array): Buffer {
  const tagAt = Math.max(0, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  if (associated) decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()]);
}
