import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { nodePorts } from './node-ports.ts';
import type { Random } from './ports.ts';

/** Bytes in every id: 128 bits, so that no two are equal by chance. */
const ID_BYTES = 16;
/** Bytes in a store's id, which only has to differ from earlier ones of the same computer. */
export const STORE_ID_BYTES = 8;

/** 16 bytes as their 22 characters of base64url. */
const idSchema = base64url(ID_BYTES);

/** The id of a store: 8 random bytes, made with it. A computer that lost its messages has another store. */
export const storeIdSchema = base64url(STORE_ID_BYTES);

export const nodeIdSchema = v.pipe(idSchema, v.brand('NodeId'));
export const messageIdSchema = v.pipe(idSchema, v.brand('MessageId'));

/** The id of a node: the first 128 bits of SHA-256 over its signing key's SubjectPublicKeyInfo. */
export type NodeId = v.InferOutput<typeof nodeIdSchema>;
/** The id of a message: 16 random bytes. */
export type MessageId = v.InferOutput<typeof messageIdSchema>;

/** The node id of a P-256 signing key, given as SubjectPublicKeyInfo (DER). */
export function nodeIdOf(signingKeySpki: Uint8Array): NodeId {
  return createHash('sha256')
    .update(signingKeySpki)
    .digest()
    .subarray(0, ID_BYTES)
    .toString('base64url') as NodeId;
}

/** 127 random bits. The first is 0, so that none begins with a hyphen: the command line of an older version would take it for an option. */
export function newMessageId(random: Random = nodePorts.random): MessageId {
  const bytes = random.bytes(ID_BYTES);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString('base64url') as MessageId;
}
