import { sign } from 'node:crypto';
import { toBase64url } from '../../main/model/index.ts';
import type { Identity } from '../../main/identity/index.ts';

/** The order of P-256's group: (r, n − s) is a second valid form of each signature (r, s). */
const GROUP_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const HALF_BYTES = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same 16 bytes in base64url that is not canonical: the last character holds bits that no byte has. */
export function bent(id: string): string {
  const last = ALPHABET.indexOf(id.slice(-1));
  return id.slice(0, -1) + ALPHABET.charAt(last ^ 1);
}

/** r‖s as r‖(n − s): as valid as the first, and other bytes. */
function secondForm(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(HALF_BYTES).toString('hex')}`);
  const other = (GROUP_ORDER - s).toString(16).padStart(2 * HALF_BYTES, '0');
  return Buffer.concat([signature.subarray(0, HALF_BYTES), Buffer.from(other, 'hex')]);
}

/** The signature of a text, or what `how` makes of it (`SignedTree`). */
export function signedText({ signingKey }: Pick<Identity, 'signingKey'>, text: string, how: string): string {
  const signature = sign('sha256', Buffer.from(how === 'wrong' ? `${text} ` : text), {
    ...{ key: signingKey, dsaEncoding: 'ieee-p1363' },
  });
  if (how === 'short') return toBase64url(signature.subarray(0, 40));
  return toBase64url(how === 'bent' ? secondForm(signature) : signature);
}

/** With one bit of that byte changed; `at` is counted round and round. */
export function flipped(bytes: Buffer, at: number | null): Buffer {
  if (at !== null && bytes.length > 0) bytes[at % bytes.length]! ^= 1;
  return bytes;
}

/** The number that a hostile identity claims when it behaves: 901 for itself, 902 and on for the further ones. */
export function extensionOf([kind, n]: readonly string[]): string {
  return String(kind === 'puppet' ? 902 + Number(n) : 901);
}
