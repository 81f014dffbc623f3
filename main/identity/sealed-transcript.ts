import * as v from 'valibot';
import {
  fromBase64url,
  toBase64url,
  transcriptSchema,
  type KeptTranscript,
  type MessageId,
  type Random,
} from '../model/index.ts';
import { messageGcmKey, NONCE_BYTES, openGcm, sealGcm } from './aes-gcm.ts';

/*
 * A transcript is kept sealed under a key that is derived from the message's own, so that the disk tells no more of what was said than the
 * message does. It can be made anew, so each one has a nonce of its own, which stands before it.
 */

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
  const sealed = sealGcm({ key: keyOf(binding), nonce }, Buffer.from(JSON.stringify(transcript)));
  return toBase64url(Buffer.concat([nonce, sealed]));
}

/** Undefined: it is damaged, or was sealed for another message. */
export function openTranscript(sealed: string, binding: TranscriptBinding): KeptTranscript | undefined {
  const bytes = fromBase64url(sealed);
  const nonce = bytes.subarray(0, NONCE_BYTES);
  try {
    const text = openGcm({ key: keyOf(binding), nonce }, bytes.subarray(NONCE_BYTES)).toString();
    const read = v.safeParse(transcriptSchema, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    return undefined;
  }
}

function keyOf({ masterKey, id }: TranscriptBinding): Uint8Array {
  return messageGcmKey(masterKey, id, INFO).key;
}
