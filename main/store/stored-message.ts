import * as v from 'valibot';
import {
  MAX_FRAGMENTS,
  MAX_GRANTS,
  MAX_RECIPIENTS,
  messageIdSchema,
  nodeIdSchema,
  retrievalNumberSchema,
  keyedHeaderSchema,
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

/** A waveform's peaks, 0 to 255, as base64 of one byte each. Compact, because an index shard is rewritten with every message. */
const peaksSchema = v.union([
  v.pipe(
    v.string(),
    v.maxLength(Math.ceil(MAX_PEAKS / 3) * 4),
    v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'not base64'),
  ),
  // An early version kept them as numbers from 0 to 1.
  v.pipe(
    v.array(v.number()),
    v.maxLength(MAX_PEAKS),
    v.transform((peaks) => Buffer.from(peaks.map((peak) => 255 * peak)).toString('base64')),
  ),
]);

/** Why this node keeps a message: it is the talker, a recipient, or it keeps the message for the office. */
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

/** When a message came to this node. */
const arrivalSchema = v.object({
  /** Orders messages: a higher one came later. It is like `at`, but only rises, whatever this node's clock does. */
  place: whole(),
  /** By this node's clock, ms since the epoch. */
  at: timeSchema,
  /** When it was begun, by this node's clock, where its talker's clock says something else. Versions before do not know it. */
  spokenAt: v.optional(timeSchema),
});
export type Arrival = v.InferOutput<typeof arrivalSchema>;

/** Local facts: what this node alone knows of a message. */
export const localSchema = v.object({
  /** When it came, or began here. Left out by a version before: `arrivalOf`. */
  arrived: v.optional(arrivalSchema),
  /** When it was heard here, ms since the epoch. */
  heard: v.optional(timeSchema),
  notifiedAt: v.optional(timeSchema),
  /** Its retrieval number; never changes once given. */
  number: v.optional(retrievalNumberSchema),
  /** The waveform to draw. */
  peaks: v.optional(peaksSchema),
  /** When it was deleted here, ms since the epoch: it is hidden, and will be erased once that cannot be undone any more. */
  deletedAt: v.optional(timeSchema),
  /** Of an own message: the nodes that have proven that they hold it, and their stores; the latest last. */
  proofs: v.optional(proofsSchema),
  /** The person to whom it is to be handed on, since this one is diverted. */
  handTo: v.optional(nodeIdSchema),
  /** Keys of the message that were granted to further computers of a recipient, perhaps this one, and the node that each is for. */
  grants: v.optional(
    v.pipe(v.array(v.object({ node: nodeIdSchema, grant: signedSchema })), v.maxLength(MAX_GRANTS)),
  ),
  /** It is for this person, but this computer has no key for it yet. */
  sealed: v.optional(v.boolean()),
  /** It was broken off, as far as this node knows: since when, ms since the epoch, and how many fragments it had by then. */
  brokenOff: v.optional(v.object({ at: timeSchema, held: whole(0, MAX_FRAGMENTS) })),
  /** Its recipients have been away for long: when it waits for them no longer, and since when it does not. */
  ending: v.optional(v.object({ endsAt: timeSchema, endedAt: v.optional(timeSchema) })),
  /** The people for whose present computers succession sealed it again. */
  passedOn: v.optional(v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_RECIPIENTS))),
});
export type Local = v.InferOutput<typeof localSchema>;
export type Ending = NonNullable<Local['ending']>;

/** The local record in a message's file: the last one counts. */
export const localRecordSchema = v.object({ roles: rolesSchema, local: localSchema });

/** `complete`: every fragment is held, agrees with the manifest's hash, and was brought safely to disk. */
const messageStateSchema = v.picklist(['incomplete', 'complete']);
type MessageState = v.InferOutput<typeof messageStateSchema>;

/** A message as an index shard keeps it. */
export const indexedMessageSchema = v.object({
  id: messageIdSchema,
  header: keyedHeaderSchema,
  manifest: v.optional(signedSchema),
  receipts: v.array(signedSchema),
  state: messageStateSchema,
  /** Size of its file in bytes. */
  bytes: whole(),
  roles: rolesSchema,
  local: localSchema,
});
export type IndexedMessage = v.InferOutput<typeof indexedMessageSchema>;

/** A signed statement and its content. */
export interface Statement<T> {
  readonly signed: Signed;
  readonly facts: T;
}

/** A receipt on how far a message has come. */
export type Reached = Statement<Receipt & { readonly state: Exclude<ReceiptState, 'lost'> }>;

/** The receipts of one message. */
export interface Receipts {
  /** How far it came at each node; this only rises. */
  readonly reached: Map<NodeId, Reached>;
  /** The latest statement of each node on holding it. */
  readonly holding: Map<NodeId, Statement<Receipt>>;
}

/** A message in the store, as it is at this moment. */
export interface StoredMessage {
  readonly id: MessageId;
  readonly header: Statement<Header>;
  readonly manifest: Statement<Manifest> | undefined;
  /** How far it came at each node. */
  readonly receipts: readonly Reached[];
  /** The latest statement of each node on holding it; `lost`: not any more. */
  readonly holding: readonly Statement<Receipt>[];
  readonly state: MessageState;
  readonly roles: Readonly<Roles>;
  readonly local: Readonly<Local>;
  /** The number of fragments that are held, in memory or on disk. */
  readonly held: number;
  /** Size of its file in bytes. */
  readonly bytes: number;
}

/** The store's own, mutable form of a message. */
export interface Entry {
  readonly id: MessageId;
  /** Its words may come after it. */
  header: Statement<Header>;
  manifest: Statement<Manifest> | undefined;
  readonly receipts: Receipts;
  state: MessageState;
  /** It is becoming `complete`: the index already says so, but may not be on the disk yet. */
  completing: boolean;
  bytes: number;
  roles: Roles;
  local: Local;
}

/**
 * When the message came to this node, or began here. A version before kept no such fact: its messages have the order in which they
 * began, by their talkers' clocks, and everything that comes later stands behind them.
 */
export function arrivalOf({ local, header }: Pick<StoredMessage, 'local' | 'header'>): Arrival {
  const { startedAt } = header.facts;
  return local.arrived ?? { place: startedAt, at: local.notifiedAt ?? local.heard ?? startedAt };
}

/** When it was begun, by this node's clock as far as that is known, ms since the epoch: to be shown. */
export function spokenAtOf({ local, header }: Pick<StoredMessage, 'local' | 'header'>): number {
  return local.arrived?.spokenAt ?? header.facts.startedAt;
}

/** Whether it never got its end, and waits for it no longer. Its end may come even so. */
export function isBrokenOff({ manifest, local }: Pick<StoredMessage, 'manifest' | 'local'>): boolean {
  return manifest === undefined && local.brokenOff !== undefined;
}

/** Whether this node's person has not heard it, and could hear it here. */
export function isUnheard({ roles, local }: Pick<Entry, 'roles' | 'local'>): boolean {
  return roles.mine === 'recipient' && local.heard === undefined && !local.sealed;
}
