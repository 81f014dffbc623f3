import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import * as v from 'valibot';
import {
  fromBase64url,
  toBase64url,
  transcriptSchema,
  type KeptTranscript,
  type MessageId,
  type Random,
} from '../model/index.ts';

/*
 * A transcript is kept sealed under a key that is derived from the message's own, so that the disk tells no more of what was said than the
 * message does. It can be made anew, so each one has a nonce of its own, which stands before it.
 */

const ALGORITHM = 'aes-128-gcm';
const KEY_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const INFO = 'corridor transcript v1';

/** The message to which the transcript belongs, and its master key (16 bytes). */
interface TranscriptBinding {
  readonly masterKey: Uint8Array;
  readonly id: MessageId;
}

/** Nonce, ciphertext and tag, base64url. */
export function sealTranscript(
  transcript: KeptTranscript,
  binding: TranscriptBinding,
  random: Pick<Random, 'bytes'>,
): string {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(binding), nonce);
  const sealed = [cipher.update(JSON.stringify(transcript), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return toBase64url(Buffer.concat([nonce, ...sealed]));
}

/** Undefined: it is damaged, or was sealed for another message. */
export function openTranscript(sealed: string, binding: TranscriptBinding): KeptTranscript | undefined {
  const bytes = fromBase64url(sealed);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, keyOf(binding), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  try {
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    const read = v.safeParse(transcriptSchema, JSON.parse(Buffer.concat(text).toString('utf8')));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

/** HKDF-SHA-256 (RFC 5869). */
function keyOf({ masterKey, id }: TranscriptBinding): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, fromBase64url(id), INFO, KEY_BYTES));
}
