import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { messageIdSchema } from './ids.ts';
import { NewestMap } from './newest.ts';
import { sealedWordsSchema } from './sealed-words.ts';
import { wrappedKeySchema } from './wrapped-key.ts';

/** The longest payload, in bytes of UTF-8, including fields of later versions. */
export const MAX_STATEMENT_BYTES = 4 * 1024;
/** The longest payload of a header: one to 500 recipients stays below it. */
export const MAX_HEADER_BYTES = 128 * 1024;
/** A key that was read lately is not read again, which takes a quarter of a check: an office's members sign again and again. */
const MAX_READ_KEYS = 512;
const readKeys = new NewestMap<string, KeyObject>(MAX_READ_KEYS);
/** Half a surrogate pair. Encoding turns it into U+FFFD, so different payloads would have the same signature. */
const LONE_SURROGATE = /\p{Cs}/u;

/** The text of a key sheet: a JSON object. */
export const sheetTextSchema = v.pipe(textWithin(MAX_HEADER_BYTES), v.startsWith('{'));

/**
 * A signed statement. The payload is kept as the text that was signed, so no canonical serialisation is needed. ECDSA over P-256 with
 * SHA-256, the signature as r‖s (IEEE P1363, as in RFC 7518 §3.4).
 */
export const signedSchema = signedWithin(MAX_STATEMENT_BYTES);
export const signedHeaderSchema = v.object({
  ...signedWithin(MAX_HEADER_BYTES).entries,
  /** The text of the key sheet that the payload names by its hash: it needs no signature of its own. */
  sheet: v.optional(sheetTextSchema),
  /** The sealed words that the payload names by their hash. */
  words: v.optional(sealedWordsSchema),
});
/** A header as a datagram of its talker brings it, and as it is kept until its sheet is there. Over links nobody gives an own key. */
export const keyedHeaderSchema = v.object({
  ...signedHeaderSchema.entries,
  /**
   * The salt of the sheet, and the reader's own key in it. So the reader opens the message before the sheet is there. It needs no
   * signature: another key does not open.
   */
  ownKey: v.optional(v.object({ salt: messageIdSchema, key: wrappedKeySchema })),
});
/** `sheet`, `ownKey` and `words`: with a header alone. */
export type Signed = v.InferOutput<typeof keyedHeaderSchema>;

function signedWithin(maxBytes: number) {
  return v.object({ payload: textWithin(maxBytes), signature: base64url(64) });
}

/** A schema of well-formed text of at most this many bytes of UTF-8. */
function textWithin(maxBytes: number) {
  return v.pipe(
    v.string(),
    v.check((text) => isTextWithin(text, maxBytes), 'too long, or no text'),
  );
}

/** Whether a payload is well-formed text, and short enough. */
export function isTextWithin(text: string, maxBytes: number): boolean {
  // UTF-8 has at least as many bytes as UTF-16 has units, so most long texts need not be scanned.
  return text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes && !LONE_SURROGATE.test(text);
}

export function signStatement(statement: unknown, privateKey: KeyObject): Signed {
  const payload = JSON.stringify(statement);
  const signature = sign('sha256', Buffer.from(payload), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { payload, signature: signature.toString('base64url') };
}

/** Parses a statement without verifying its signature; undefined where it is not of the schema's form. */
export function readStatement<S extends v.GenericSchema>(
  signed: Signed,
  schema: S,
): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(signed.payload));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `signingKeySpki` (DER) signed it. False for an invalid key. */
export function isSignedBy(signed: Signed, signingKeySpki: Uint8Array): boolean {
  try {
    return verify(
      'sha256',
      Buffer.from(signed.payload),
      { key: publicKeyOf(signingKeySpki), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signed.signature, 'base64url'),
    );
  } catch {
    return false;
  }
}

/** A public key. @throws an error where it is none */
function publicKeyOf(spki: Uint8Array): KeyObject {
  const der = Buffer.from(spki);
  const name = der.toString('latin1');
  const key = readKeys.get(name) ?? createPublicKey({ key: der, format: 'der', type: 'spki' });
  readKeys.set(name, key);
  return key;
}
