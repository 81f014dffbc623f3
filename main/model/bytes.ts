import * as v from 'valibot';

/**
 * Canonical base64url (RFC 4648 §5): without padding, with zero in the unused last bits (§3.5). Ids and keys are compared as text, so
 * there must be one text for the same bytes; otherwise two ids could name one file, and one node could have two ids.
 */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** A schema of canonical base64url of `min` to `max` bytes. The value stays text; decode it with `fromBase64url`. */
export function base64url(min: number, max: number = min) {
  const [shortest, longest] = [lengthOf(min), lengthOf(max)];
  return v.pipe(
    v.string(),
    v.check(
      (text) => text.length >= shortest && text.length <= longest && CANONICAL.test(text),
      'not canonical base64url',
    ),
  );
}

function lengthOf(bytes: number): number {
  return Math.ceil((bytes * 4) / 3);
}

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

export function fromBase64url(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
