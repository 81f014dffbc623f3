import * as v from 'valibot';
import {
  MAX_GRANTS,
  MAX_RECIPIENTS,
  messageIdSchema,
  nodeIdSchema,
  retrievalNumberSchema,
  signedHeaderSchema,
  signedSchema,
  timeSchema,
  whole,
  type Header,
  type Manifest,
  type MessageId,
  type NodeId,
  storeIdSchema,
  type Receipt,
  type ReceiptState,
  type Signed,
} from '../model/index.ts';

/** The longest waveform that is kept for drawing. */
const MAX_PEAKS = 4096;

/** A waveform's peaks, 0 to 255, as base64 of a byte each: an index shard is written with every message. */
const peaksSchema = v.union([
  v.pipe(
    v.string(),
    v.maxLength(Math.ceil(MAX_PEAKS / 3) * 4),
    v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'not base64'),
  ),
  // As numbers from 0 to 1 they were meant to be kept at first.
  v.pipe(
    v.array(v.number()),
    v.maxLength(MAX_PEAKS),
    v.transform((peaks) => Buffer.from(peaks.map((peak) => 255 * peak)).toString('base64')),
  ),
]);

/** Why this node keeps a message: it spoke it, it is for this node's person, or it keeps it for the office. */
const rolesSchema = v.object({
  mine: v.optional(v.picklist(['talker', 'recipient'])),
  keeps: v.boolean(),
});
export type Roles = v.InferOutput<typeof rolesSchema>;

/** More proofs than a message needs copies are not kept. */
const MAX_PROOFS = 16;
const proofsSchema = v.pipe(
  v.array(v.object({ node: nodeIdSchema, store: storeIdSchema })),
  v.maxLength(MAX_PROOFS),
);

/** What only this node knows of a message. */
export const localSchema = v.object({
  /** When it was heard here, ms since the epoch. */
  heard: v.optional(timeSchema),
  notifiedAt: v.optional(timeSchema),
  /** Its retrieval number; never changes once given. */
  number: v.optional(retrievalNumberSchema),
  /** The waveform to draw. */
  peaks: v.optional(peaksSchema),
  /** When it was deleted here, ms since the epoch: shown no more, and erased once that cannot be undone any more. */
  deletedAt: v.optional(timeSchema),
  /** Own messages: which nodes have proven to this one that they hold it, and in which store; the latest last. */
  proofs: v.optional(proofsSchema),
  /** The person to whom it is to be handed on, since this one is diverted. */
  handTo: v.optional(nodeIdSchema),
  /** Keys of the message that were granted to further computers of a recipient, this one among them; whom each is for. */
  grants: v.optional(
    v.pipe(v.array(v.object({ node: nodeIdSchema, grant: signedSchema })), v.maxLength(MAX_GRANTS)),
  ),
  /** It is for this person, and no key of it is here yet that this computer could open. */
  sealed: v.optional(v.boolean()),
  /** The people to whose present computers it was sent anew. */
  passedOn: v.optional(v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_RECIPIENTS))),
});
export type Local = v.InferOutput<typeof localSchema>;

/** The local record in a message's file: the last one counts. */
export const localRecordSchema = v.object({ roles: rolesSchema, local: localSchema });

/** `complete`: every fragment is held, agrees with the manifest's hash, and was brought safely to disk. */
const messageStateSchema = v.picklist(['incomplete', 'complete']);
export type MessageState = v.InferOutput<typeof messageStateSchema>;

/** A message as an index shard keeps it. */
export const indexedMessageSchema = v.object({
  id: messageIdSchema,
  header: signedHeaderSchema,
  manifest: v.optional(signedSchema),
  receipts: v.array(signedSchema),
  state: messageStateSchema,
  /** Size of its file in bytes. */
  bytes: whole(),
  roles: rolesSchema,
  local: localSchema,
});
export type IndexedMessage = v.InferOutput<typeof indexedMessageSchema>;

/** A signed statement and what it says. */
export interface Statement<T> {
  readonly signed: Signed;
  readonly facts: T;
}

/** A receipt that says how far a message has come. */
export type Reached = Statement<Receipt & { readonly state: Exclude<ReceiptState, 'lost'> }>;

/** What nodes have said of one message. */
export interface Receipts {
  /** How far it came at each node: that only rises. */
  readonly reached: Map<NodeId, Reached>;
  /** What each node said last of holding it. */
  readonly holding: Map<NodeId, Statement<Receipt>>;
}

/** What the store tells of a message, as it is at this moment. */
export interface StoredMessage {
  readonly id: MessageId;
  readonly header: Statement<Header>;
  readonly manifest: Statement<Manifest> | undefined;
  /** How far it came at each node. */
  readonly receipts: readonly Reached[];
  /** What each node said last of holding it; `lost`: not any more. */
  readonly holding: readonly Statement<Receipt>[];
  readonly state: MessageState;
  readonly roles: Readonly<Roles>;
  readonly local: Readonly<Local>;
  /** How many fragments are held, in memory or on disk. */
  readonly held: number;
  /** Size of its file in bytes. */
  readonly bytes: number;
}

/** The store's own, changing side of a stored message. */
export interface Entry {
  readonly id: MessageId;
  readonly header: Statement<Header>;
  manifest: Statement<Manifest> | undefined;
  readonly receipts: Receipts;
  state: MessageState;
  /** On its way to `complete`: the index already says so, but may not be on disk yet. */
  completing: boolean;
  bytes: number;
  roles: Roles;
  local: Local;
}

/** This node's person has not heard it, and could hear it here. */
export function isUnheard({ roles, local }: Pick<Entry, 'roles' | 'local'>): boolean {
  return roles.mine === 'recipient' && local.heard === undefined && !local.sealed;
}
