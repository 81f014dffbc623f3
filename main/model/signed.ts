import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { base64url } from './bytes.ts';

/** The longest signed statement that is read, in characters: a header to 500 recipients stays below it. */
const MAX_PAYLOAD_LENGTH = 256 * 1024;

/**
 * A statement and who vouches for it. The payload is kept as the very text that was signed, so nothing has to be
 * serialised twice alike. ECDSA over P-256 with SHA-256, the signature as r‖s (IEEE P1363, as in RFC 7518 §3.4).
 */
export const signedSchema = v.object({
  payload: v.pipe(v.string(), v.maxLength(MAX_PAYLOAD_LENGTH)),
  signature: base64url(64),
});
export type Signed = v.InferOutput<typeof signedSchema>;

export function signStatement(statement: unknown, privateKey: KeyObject): Signed {
  const payload = JSON.stringify(statement);
  const signature = sign('sha256', Buffer.from(payload), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { payload, signature: signature.toString('base64url') };
}

/** Reads a statement without asking who signed it; undefined where it is not of the schema's form. */
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

/** Whether `signingKeySpki` (DER) signed it. A key that is no key has signed nothing. */
export function isSignedBy(signed: Signed, signingKeySpki: Uint8Array): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(signingKeySpki), format: 'der', type: 'spki' });
    return verify(
      'sha256',
      Buffer.from(signed.payload),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signed.signature, 'base64url'),
    );
  } catch {
    return false;
  }
}
