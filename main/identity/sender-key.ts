import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import {
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  toBase64url,
  type MessageId,
  type NodeId,
} from '../model/index.ts';

/*
 * A message to many: its key is sealed once, under a sender key that its talker wrapped for all of them before. Whoever was sent the
 * sender key opens every message of that talker to the same people, and no other.
 */

const ALGORITHM = 'aes-128-gcm';
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INFO = 'corridor sender key v1';
/** A sender key is as long as a message's key and salt, so that both are wrapped in the same way. */
export const SENDER_KEY_BYTES = MASTER_KEY_BYTES + MASTER_SALT_BYTES;

/** What a message's key is bound to under a sender key. With another message it does not open. */
interface SealBinding {
  readonly id: MessageId;
  readonly talker: NodeId;
  /** The hash of the key sheet that contains the sender key. */
  readonly sheet: string;
}

/** Seals a message's key‖salt (28 bytes): 44 bytes, as base64url. */
export function sealMessageKey(key28: Uint8Array, senderKey: Uint8Array, binding: SealBinding): string {
  const { key, nonce } = derive(senderKey, binding);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  const sealed = [cipher.update(key28), cipher.final(), cipher.getAuthTag()];
  return toBase64url(Buffer.concat(sealed));
}

/** Opens a message's key‖salt: 28 bytes. @throws Error where it was sealed under another key, or for another message */
export function openMessageKey(sealed: string, senderKey: Uint8Array, binding: SealBinding): Buffer {
  const { key, nonce } = derive(senderKey, binding);
  const bytes = fromBase64url(sealed);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
}

/** A key and a nonce for one message alone: HKDF-SHA-256 (RFC 5869). */
function derive(senderKey: Uint8Array, { id, talker, sheet }: SealBinding) {
  const info = `${INFO}|${talker}|${sheet}`;
  const derived = hkdfSync('sha256', senderKey, fromBase64url(id), info, KEY_BYTES + NONCE_BYTES);
  const bytes = Buffer.from(derived);
  return { key: bytes.subarray(0, KEY_BYTES), nonce: bytes.subarray(KEY_BYTES) };
}
