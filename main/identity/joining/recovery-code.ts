import { createHash } from 'node:crypto';
import { CorridorError } from '../../model/index.ts';
import { SECRET_BYTES, secretKey, type SecretKey } from '../ledger/secret-key.ts';

/** Crockford’s base 32: digits and letters without I, L, O and U, which are easily misread. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS_A_CHARACTER = 5n;
const CHARACTERS = 30;
const GROUP = 5;
/** The bits of 30 characters that the secret leaves: one mistake in four million passes. */
const CHECKSUM_BITS = 22n;
const SECRET_BITS = BigInt(SECRET_BYTES * 8);

/** Six groups of five characters: `7KQ2M-…`. A person writes it down, and types it once. */
export function writeRecoveryCode(secret: Uint8Array): string {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`a secret has ${SECRET_BYTES} bytes`);
  let rest = (toNumber(secret) << CHECKSUM_BITS) | checksum(secret);
  let characters = '';
  for (let at = 0; at < CHARACTERS; at += 1) {
    characters = ALPHABET.charAt(Number(rest & 31n)) + characters;
    rest >>= BITS_A_CHARACTER;
  }
  return characters.replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-');
}

/**
 * The secret of a code as a person types it: in either case, with any spaces and hyphens, O for 0, I and L for 1.
 * @throws CorridorError `recovery-code-cut-off` or `mistyped-recovery-code`
 */
export function readRecoveryCode(text: string): Buffer {
  const characters = text
    .toUpperCase()
    .replace(/[\s\p{Pd}.]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (characters.length < CHARACTERS) {
    throw new CorridorError(
      'recovery-code-cut-off',
      'A part of this recovery code is missing: it has six groups of five characters.',
    );
  }
  let said = 0n;
  let isRight = characters.length === CHARACTERS;
  for (const character of characters.slice(0, CHARACTERS)) {
    const digit = ALPHABET.indexOf(character);
    isRight &&= digit >= 0;
    said = (said << BITS_A_CHARACTER) | BigInt(Math.max(0, digit));
  }
  const secret = fromNumber(said >> CHECKSUM_BITS);
  if (!isRight || checksum(secret) !== (said & ((1n << CHECKSUM_BITS) - 1n))) {
    throw new CorridorError(
      'mistyped-recovery-code',
      'This recovery code has a mistake in it. Compare it with your copy, character by character.',
    );
  }
  return secret;
}

/** The key of a code. The code is made before the office has an id, so the key does not depend on that. */
export function recoveryKeyOf(secret: Uint8Array): SecretKey {
  return secretKey(secret, undefined, 'recovery');
}

function checksum(secret: Uint8Array): bigint {
  const hash = createHash('sha256').update('corridor recovery code v1').update(secret).digest();
  return hash.readBigUInt64BE() >> (64n - CHECKSUM_BITS);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function fromNumber(value: bigint): Buffer {
  const bits = BigInt.asUintN(Number(SECRET_BITS), value);
  return Buffer.from(bits.toString(16).padStart(SECRET_BYTES * 2, '0'), 'hex');
}
