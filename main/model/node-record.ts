import * as v from 'valibot';
import { base64url, fromBase64url } from './bytes.ts';
import { nodeIdOf, nodeIdSchema, storeIdSchema, type NodeId } from './ids.ts';
import { isP256Spki, POINT_BYTES, SPKI_BYTES, spkiOfPoint } from './p256.ts';
import { isSignedBy, readStatement, signedSchema, type Signed } from './signed.ts';
import { timeSchema, whole } from './whole.ts';

export const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'A name is needed.'),
  v.maxLength(64, 'A name has at most 64 characters.'),
  v.regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u, 'A name cannot contain control characters.'),
);

/** What a person says of themself. Whether their node is reachable at all is the directory's to know. */
export const chosenPresenceSchema = v.picklist(['available', 'busy', 'dnd', 'away']);
export type ChosenPresence = v.InferOutput<typeof chosenPresenceSchema>;
export type Presence = ChosenPresence | 'offline';

export const portSchema = whole(1, 65_535);

/** Where a node listens: TLS control (TCP), heartbeats (UDP), media (UDP). */
export const endpointsSchema = v.object({
  address: v.pipe(v.string(), v.ip()),
  control: portSchema,
  beat: portSchema,
  media: portSchema,
});
export type Endpoints = v.InferOutput<typeof endpointsSchema>;

/** To whom a person's messages go instead: a person, by their first node; null: to themself. */
export const divertSchema = v.object({
  to: v.nullable(nodeIdSchema),
  /** When it was chosen, ms since the epoch: of what a person's computers say, the latest counts. */
  at: timeSchema,
});
export type Divert = v.InferOutput<typeof divertSchema>;

/** What a node tells the members of its office about itself, signed by it: nobody else can change a word of it. */
export const nodeRecordSchema = v.object({
  v: v.literal(1),
  node: nodeIdSchema,
  /** Later records replace earlier ones; milliseconds since the epoch at the change, never falling. */
  revision: whole(),
  name: nameSchema,
  presence: chosenPresenceSchema,
  /** P-256 key that signs, SubjectPublicKeyInfo (DER). Its hash is the node id. */
  signingKey: base64url(SPKI_BYTES),
  /** P-256 key that message keys are wrapped for, uncompressed point (RFC 9180 §7.1.1). */
  hpkeKey: base64url(POINT_BYTES),
  endpoints: endpointsSchema,
  /** Names the store that its messages are in. A version that proves nothing has none. */
  store: v.optional(storeIdSchema),
  /** What the computer is called, so that its person tells it from their others. */
  computer: v.optional(nameSchema),
  /** It reads headers that name a key sheet. */
  readsSheets: v.optional(v.boolean()),
  /** Left out: its person never diverted anything, as far as this computer knows. */
  divert: v.optional(divertSchema),
  /** It joins the office's multicast group where it can, and tells talkers whether that reaches it. */
  multicast: v.optional(v.literal(true)),
  /** It takes calls. A version that knows none has nothing here, and is sent nothing of them. */
  calls: v.optional(v.literal(true)),
  /** It calls whom the other side of a call puts it through to. */
  refers: v.optional(v.literal(true)),
  /** It takes part in calls of several. */
  parties: v.optional(v.literal(true)),
  /** It says what rings there to colleagues of a group who ask. */
  pickUps: v.optional(v.literal(true)),
});
export type NodeRecord = v.InferOutput<typeof nodeRecordSchema>;

/** A node's record, with what the office's ledger says of its person. */
export interface KnownNode extends NodeRecord {
  /** The person's first node. */
  readonly person: NodeId;
  /** Empty: no number reaches this person. */
  readonly extension: string;
}

export const signedNodeRecordSchema = signedSchema;

/**
 * The record, if it is well formed, names its own key, and is signed by that key. Both keys are points of P-256: a node that wraps
 * a message key for something else would fail at it, and with it what is said to everybody else.
 */
export function verifyNodeRecord(signed: Signed): NodeRecord | undefined {
  const record = readStatement(signed, nodeRecordSchema);
  if (!record) return undefined;
  const key = fromBase64url(record.signingKey);
  if (nodeIdOf(key) !== record.node || !isP256Spki(key)) return undefined;
  if (!spkiOfPoint(fromBase64url(record.hpkeKey))) return undefined;
  return isSignedBy(signed, key) ? record : undefined;
}
