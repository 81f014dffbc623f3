import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import {
  CorridorError,
  fromBase64url,
  MAX_WORDS_BYTES,
  toBase64url,
  WORDS_TAG_BYTES,
  type MessageId,
  type NodeId,
} from '../model/index.ts';

/*
 * The words of a message are sealed under a key that is derived from the message's own key, so whoever can open the voice can open the
 * words, and nobody else can. A message has one text, so the key is used once, and its nonce is derived, too.
 */

const ALGORITHM = 'aes-128-gcm';
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const INFO = 'corridor words v1';

/** The key and the message to which the words belong. */
interface WordsBinding {
  /** The message's master key (16 bytes). */
  readonly masterKey: Uint8Array;
  readonly id: MessageId;
  readonly talker: NodeId;
}

/** Seals text of at most `MAX_WORDS_BYTES` bytes of UTF-8: base64url of the ciphertext and the tag. */
export function sealWords(text: string, binding: WordsBinding): string {
  const bytes = Buffer.from(text);
  if (bytes.length === 0 || bytes.length > MAX_WORDS_BYTES)
    throw new Error(`${bytes.length} bytes of words cannot be sealed`);
  const { key, nonce } = derive(binding);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  return toBase64url(Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]));
}

/** Opens sealed words. @throws CorridorError `words-do-not-open` where they were sealed under another key, or are no text */
export function openWords(sealed: string, binding: WordsBinding): string {
  const bytes = fromBase64url(sealed);
  const { key, nonce } = derive(binding);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: WORDS_TAG_BYTES });
  try {
    decipher.setAuthTag(bytes.subarray(-WORDS_TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(0, -WORDS_TAG_BYTES)), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened);
  } catch (cause) {
    throw new CorridorError('words-do-not-open', 'The words of this message cannot be read.', { cause });
  }
}

/** A key and a nonce for one message alone: HKDF-SHA-256 (RFC 5869). */
function derive({ masterKey, id, talker }: WordsBinding) {
  const derived = hkdfSync(
    'sha256',
    masterKey,
    fromBase64url(id),
    `${INFO}|${talker}`,
    KEY_BYTES + NONCE_BYTES,
  );
  const bytes = Buffer.from(derived);
  return { key: bytes.subarray(0, KEY_BYTES), nonce: bytes.subarray(KEY_BYTES) };
}
