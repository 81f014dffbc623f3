import * as v from 'valibot';

/**
 * Base64url (RFC 4648 §5) without padding, whose unused last bits are zero (§3.5). Ids and keys are compared as text: with a second
 * text for the same bytes, two ids would name one file, and one node would have two names.
 */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** The one text of between `min` and `max` bytes. It stays text; decode with `fromBase64url`. */
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
