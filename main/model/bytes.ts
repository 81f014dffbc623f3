import * as v from 'valibot';

/** Base64url text that decodes to between `min` and `max` bytes. It stays text; decode with `fromBase64url`. */
export function base64url(min: number, max: number = min) {
  return v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_-]*$/, 'not base64url'),
    v.minLength(Math.ceil((min * 4) / 3)),
    v.maxLength(Math.ceil((max * 4) / 3)),
  );
}

export function toBase64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

export function fromBase64url(text: string): Buffer {
  return Buffer.from(text, 'base64url');
}
