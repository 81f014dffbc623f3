import {
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  toBase64url,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import { messageGcmKey, openGcm, sealGcm, type GcmKey } from './aes-gcm.ts';

/*
 * A message to many: its key is sealed once, under a sender key that its talker wrapped for all of them before. With the sender
 * key a recipient opens every message of that talker to the same people, and no other.
 */

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
  return toBase64url(sealGcm(keyOf(senderKey, binding), key28));
}

/** Opens a message's key‖salt: 28 bytes. @throws Error where it was sealed under another key, or for another message */
export function openMessageKey(sealed: string, senderKey: Uint8Array, binding: SealBinding): Buffer {
  return openGcm(keyOf(senderKey, binding), fromBase64url(sealed));
}

function keyOf(senderKey: Uint8Array, { id, talker, sheet }: SealBinding): GcmKey {
  return messageGcmKey(senderKey, id, `${INFO}|${talker}|${sheet}`);
}
