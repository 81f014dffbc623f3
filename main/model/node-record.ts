import * as v from 'valibot';
import { base64url, fromBase64url } from './bytes.ts';
import { nodeIdOf, nodeIdSchema, storeIdSchema, type NodeId } from './ids.ts';
import { nameSchema } from './names.ts';
import { isP256Spki, POINT_BYTES, SPKI_BYTES, spkiOfPoint } from './p256.ts';
import { isSignedBy, readStatement, signedSchema, type Signed } from './signed.ts';
import { timeSchema, whole } from './whole.ts';

/** The presence that a person chose. Whether their node is online is known to the directory. */
export const chosenPresenceSchema = v.picklist(['available', 'busy', 'dnd', 'away']);
export type ChosenPresence = v.InferOutput<typeof chosenPresenceSchema>;
export type Presence = ChosenPresence | 'offline';

export const portSchema = whole(1, 65_535);

/** The endpoints of a node: TLS control (TCP), heartbeats (UDP), media (UDP). */
export const endpointsSchema = v.object({
  address: v.pipe(v.string(), v.ip()),
  control: portSchema,
  beat: portSchema,
  media: portSchema,
});
export type Endpoints = v.InferOutput<typeof endpointsSchema>;

/** A divert: the stand-in who gets a person's messages, by their first node; null: the divert has ended. */
export const divertSchema = v.object({
  to: v.nullable(nodeIdSchema),
  /** When it was chosen, ms since the epoch. Of the diverts of a person's computers the latest counts. */
  at: timeSchema,
});
export type Divert = v.InferOutput<typeof divertSchema>;

/** What a node tells the members of its office about itself, signed by it. */
export const nodeRecordSchema = v.object({
  v: v.literal(1),
  node: nodeIdSchema,
  /** Later records replace earlier ones. Milliseconds since the epoch at the change, never falling. */
  revision: whole(),
  name: nameSchema,
  presence: chosenPresenceSchema,
  /** P-256 key that signs, SubjectPublicKeyInfo (DER). Its hash is the node id. */
  signingKey: base64url(SPKI_BYTES),
  /** P-256 key that message keys are wrapped for, uncompressed point (RFC 9180 §7.1.1). */
  hpkeKey: base64url(POINT_BYTES),
  endpoints: endpointsSchema,
  /** The id of its message store. A version without proofs has none. */
  store: v.optional(storeIdSchema),
  /** It has no room to keep messages for others. */
  full: v.optional(v.literal(true)),
  /** The computer's name, by which its person knows it from their others. */
  computer: v.optional(nameSchema),
  /** It can read headers that name a key sheet. */
  readsSheets: v.optional(v.boolean()),
  /** Left out: this computer knows of no divert of its person, past or present. */
  divert: v.optional(divertSchema),
  /** It joins the office's multicast group if it can, and tells talkers whether the group reaches it. */
  multicast: v.optional(v.literal(true)),
  /** It is on Wi-Fi, where multicast is often dropped or late. Left out: it is not, or its system does not say. */
  wireless: v.optional(v.literal(true)),
  /** It supports calls. Nodes of versions without calls are sent no call signals. */
  calls: v.optional(v.literal(true)),
  /** It supports call transfer. */
  refers: v.optional(v.literal(true)),
  /** It supports calls of several. */
  parties: v.optional(v.literal(true)),
  /** It can be recorded: it tells its person that the other side of a call records, and confirms that. */
  tellsOfRecording: v.optional(v.literal(true)),
  /** It supports pick-ups: it tells colleagues of a group what rings there. */
  pickUps: v.optional(v.literal(true)),
  /** It hears from whoever puts a caller through to its person that they do. */
  hearsPutThroughs: v.optional(v.literal(true)),
});
export type NodeRecord = v.InferOutput<typeof nodeRecordSchema>;

/** A node's record, with its person and extension by the office's ledger. */
export interface KnownNode extends NodeRecord {
  /** The person's first node. */
  readonly person: NodeId;
  /** Empty: the person has no extension. */
  readonly extension: string;
}

export const signedNodeRecordSchema = signedSchema;

/**
 * The record, if it is well formed, names its own key, and is signed by that key. Both keys must be points of P-256; otherwise wrapping a
 * message key for this node would fail, and with it the message to everybody else.
 */
export function verifyNodeRecord(signed: Signed): NodeRecord | undefined {
  const record = readStatement(signed, nodeRecordSchema);
  if (!record) return undefined;
  const key = fromBase64url(record.signingKey);
  if (nodeIdOf(key) !== record.node || !isP256Spki(key)) return undefined;
  if (!spkiOfPoint(fromBase64url(record.hpkeKey))) return undefined;
  return isSignedBy(signed, key) ? record : undefined;
}
