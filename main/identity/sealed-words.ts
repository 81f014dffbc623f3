import {
  CorridorError,
  fromBase64url,
  MAX_WORDS_BYTES,
  toBase64url,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import { messageGcmKey, openGcm, sealGcm, type GcmKey } from './aes-gcm.ts';

/*
 * The words of a message are sealed under a key that is derived from the message's own key, so whoever can open the voice can open the
 * words, and nobody else can. A message has one text, so the key is used once, and its nonce is derived, too.
 */

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
  return toBase64url(sealGcm(keyOf(binding), bytes));
}

/** Opens sealed words. @throws CorridorError `words-do-not-open` where they were sealed under another key, or are no text */
export function openWords(sealed: string, binding: WordsBinding): string {
  try {
    const opened = openGcm(keyOf(binding), fromBase64url(sealed));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened);
  } catch (cause) {
    throw new CorridorError('words-do-not-open', 'The words of this message cannot be read.', { cause });
  }
}

function keyOf({ masterKey, id, talker }: WordsBinding): GcmKey {
  return messageGcmKey(masterKey, id, `${INFO}|${talker}`);
}
