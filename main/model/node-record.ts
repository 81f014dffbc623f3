import * as v from 'valibot';
import { base64url, fromBase64url } from './bytes.ts';
import { nodeIdOf, nodeIdSchema, storeIdSchema } from './ids.ts';
import { extensionSchema } from './numbers.ts';
import { isSignedBy, readStatement, signedSchema, type Signed } from './signed.ts';

export const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'A name is needed.'),
  v.maxLength(64, 'A name has at most 64 characters.'),
  v.regex(/^[^\p{Cc}\p{Cf}]*$/u, 'A name cannot contain control characters.'),
);

/** What a person says of themself. Whether their node is reachable at all is the directory's to know. */
export const chosenPresenceSchema = v.picklist(['available', 'busy', 'dnd', 'away']);
export type ChosenPresence = v.InferOutput<typeof chosenPresenceSchema>;
export type Presence = ChosenPresence | 'offline';

const portSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));
const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Where a node listens: TLS control (TCP), heartbeats (UDP), media (UDP). */
export const endpointsSchema = v.object({
  address: v.pipe(v.string(), v.ip()),
  control: portSchema,
  beat: portSchema,
  media: portSchema,
});
export type Endpoints = v.InferOutput<typeof endpointsSchema>;

/** What a node tells the members of its office about itself, signed by it: nobody else can change a word of it. */
export const nodeRecordSchema = v.object({
  v: v.literal(1),
  node: nodeIdSchema,
  /** Later records replace earlier ones; milliseconds since the epoch at the change, never falling. */
  revision: timeSchema,
  name: nameSchema,
  extension: extensionSchema,
  /** When the extension was claimed (ms since the epoch): the earlier claim keeps it. */
  claimedAt: timeSchema,
  presence: chosenPresenceSchema,
  /** P-256 key that signs, SubjectPublicKeyInfo (DER). Its hash is the node id. */
  signingKey: base64url(91),
  /** P-256 key that message keys are wrapped for, uncompressed point (RFC 9180 §7.1.1). */
  hpkeKey: base64url(65),
  endpoints: endpointsSchema,
  /** Names the store that its messages are in. A version that proves nothing has none. */
  store: v.optional(storeIdSchema),
});
export type NodeRecord = v.InferOutput<typeof nodeRecordSchema>;

export const signedNodeRecordSchema = signedSchema;

/** The record, if it is well formed, names its own key, and is signed by that key. */
export function verifyNodeRecord(signed: Signed): NodeRecord | undefined {
  const record = readStatement(signed, nodeRecordSchema);
  if (!record) return undefined;
  const key = fromBase64url(record.signingKey);
  return nodeIdOf(key) === record.node && isSignedBy(signed, key) ? record : undefined;
}
