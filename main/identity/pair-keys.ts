import { createPublicKey, diffieHellman, hkdfSync, type KeyObject } from 'node:crypto';
import { fromBase64url, spkiOfPoint, type NodeId } from '../model/index.ts';

const KEY_BYTES = 16;
export const TAG_BYTES = 8;
const INFO = Buffer.from('corridor pair v1');

/** The key of one direction of a pair, which only these two nodes have. */
export interface DirectionKey {
  /** AES-128-GCM. */
  readonly key: Uint8Array;
  /** 8 bytes by which the receiver finds the key. Others only learn which packets belong to the same pair. */
  readonly tag: Uint8Array;
}

export interface PairKeys {
  readonly sending: DirectionKey;
  readonly receiving: DirectionKey;
}

export interface PairOwner {
  readonly nodeId: NodeId;
  readonly hpkeKey: KeyObject;
}

/**
 * The keys of this node and another: HKDF-SHA-256 (RFC 5869) over the ECDH of their two HPKE keys (P-256, the x coordinate),
 * salted with the office id, bound to who sends and who receives. Takes 0.2 ms. `point`: the other's HPKE key, 65 bytes;
 * undefined where it is no point of the curve.
 */
export function pairKeys(
  own: PairOwner,
  peer: NodeId,
  point: Uint8Array,
  officeId: Uint8Array,
): PairKeys | undefined {
  const spki = spkiOfPoint(point);
  if (!spki) return undefined;
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const secret = diffieHellman({ privateKey: own.hpkeKey, publicKey });
  const [self, other] = [fromBase64url(own.nodeId), fromBase64url(peer)];
  return {
    sending: directionKey(secret, officeId, self, other),
    receiving: directionKey(secret, officeId, other, self),
  };
}

function directionKey(secret: Buffer, officeId: Uint8Array, from: Buffer, to: Buffer): DirectionKey {
  const info = Buffer.concat([INFO, from, to]);
  const bytes = Buffer.from(hkdfSync('sha256', secret, officeId, info, KEY_BYTES + TAG_BYTES));
  return { key: bytes.subarray(0, KEY_BYTES), tag: bytes.subarray(KEY_BYTES) };
}

/** The key for calls to unknown nodes. Everybody who knows the office id has it, so a call proves nothing. */
export function callKey(officeId: Uint8Array): Uint8Array {
  return Buffer.from(hkdfSync('sha256', officeId, Buffer.alloc(0), 'corridor call key v1', KEY_BYTES));
}
