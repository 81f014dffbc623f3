import { createECDH, createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';
import {
  fromBase64url,
  nodeIdOf,
  signStatement,
  spkiOfPoint,
  type NodeId,
  type Signed,
} from '../../model/index.ts';
import type { OfficeId } from './statement.ts';

const CURVE = 'prime256v1';
export const SECRET_BYTES = 16;
const SCALAR_BYTES = 32;

/** The use of a secret, in a link or a code. Different uses give different keys. */
type SecretUse = 'invitation' | 'recovery';

/** A key pair that is derived from a secret. */
export interface SecretKey {
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
  /** The id under which it signs statements. */
  readonly nodeId: NodeId;
  sign(statement: unknown): Signed;
}

/**
 * Derives a P-256 key pair from a secret of 128 bits: the scalar is HKDF-SHA-256 (RFC 5869) of it, salted with the office id, for the
 * first counter that gives a valid one. By a key pair neither a false office nor a member learns anything that it could redeem.
 * @throws RangeError where the secret is not 16 bytes
 */
export function secretKey(secret: Uint8Array, office: OfficeId | undefined, use: SecretUse): SecretKey {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`a secret has ${SECRET_BYTES} bytes`);
  const salt = office === undefined ? Buffer.alloc(0) : fromBase64url(office);
  for (let counter = 0; counter < 256; counter += 1) {
    const info = Buffer.concat([Buffer.from(`corridor ${use} key v1`), Buffer.of(counter)]);
    const scalar = Buffer.from(hkdfSync('sha256', secret, salt, info, SCALAR_BYTES));
    const ecdh = createECDH(CURVE);
    try {
      ecdh.setPrivateKey(scalar);
    } catch {
      // The scalar is zero or not below the curve's order, which happens once in 2^32.
      continue;
    }
    return fromPair(scalar, ecdh.getPublicKey());
  }
  throw new RangeError('no counter gives a key');
}

function fromPair(scalar: Buffer, publicKey: Buffer): SecretKey {
  const [x, y] = [publicKey.subarray(1, 33), publicKey.subarray(33)].map((half) =>
    half.toString('base64url'),
  );
  const jwk = { kty: 'EC', crv: 'P-256', d: scalar.toString('base64url'), x, y };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  const spki = spkiOfPoint(publicKey);
  if (!spki) throw new RangeError('not a point');
  return {
    ...{ publicKey, privateKey, nodeId: nodeIdOf(spki) },
    sign: (statement) => signStatement(statement, privateKey),
  };
}
