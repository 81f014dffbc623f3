import * as v from 'valibot';
import { joiningFrameSchemas } from '../identity/index.ts';
import {
  base64url,
  BUDGETS,
  MAX_IDS_IN_FRAME,
  MAX_STATEMENTS_IN_FRAME,
  messageIdSchema,
  nodeIdSchema,
  protocolRangeSchema,
  sheetTextSchema,
  signedHeaderSchema,
  signedSchema,
  statementIdSchema,
  timeSchema,
} from '../model/index.ts';
import { fetchFrames } from './fetch-frames.ts';
import { keyGrantFrames } from './key-grant-frames.ts';
import { ownComputerFrames } from './own-computer-frames.ts';

/*
 * What nodes of one office say to each other over the control channel. Nodes of several versions meet: types, fields
 * and reasons are only ever added. A type that is not known is passed over; a reason that is not known reads 'other'.
 */

const MAX_ROSTER_ENTRIES = 1000;

const textSchema = v.pipe(v.string(), v.maxLength(300), v.regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u));
const wordSchema = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,39}$/));

/** Why a node goes away. */
const byeReasonSchema = v.fallback(v.picklist(['quit', 'sleep', 'shutdown', 'hand-over', 'other']), 'other');

/** The digest of the sender's ledger: SHA-256 over the statements that count. The first frame in each direction. */
const ledgerSchema = v.object({ type: v.literal('ledger'), digest: base64url(32) });

/** The ids of the statements that the sender holds; `more`: further ids follow. */
const haveSchema = v.object({
  type: v.literal('have'),
  ids: v.pipe(v.array(statementIdSchema), v.maxLength(MAX_IDS_IN_FRAME)),
  more: v.boolean(),
});

/** Statements that the other side may lack, in order; `more`: further ones follow. */
const statementsSchema = v.object({
  type: v.literal('statements'),
  statements: v.pipe(v.array(signedSchema), v.maxLength(MAX_STATEMENTS_IN_FRAME)),
  more: v.boolean(),
});

/** Invitations and withdrawals, which are records beside the ledger. */
const invitationsSchema = v.object({
  type: v.literal('invitations'),
  records: v.pipe(v.array(signedSchema), v.maxLength(MAX_STATEMENTS_IN_FRAME)),
});

/** The first message to a member on a link, in each direction: the sender's record, and what it runs. */
const helloSchema = v.object({
  type: v.literal('hello'),
  record: signedSchema,
  /** The Corridor version, for people to read. */
  version: v.pipe(v.string(), v.maxLength(40), v.regex(/^[\w.+-]*$/)),
  /** The protocols that the sender speaks. Left out: the first alone. */
  protocol: v.optional(protocolRangeSchema),
  /** The sender does not follow this node: the link is for a question, and ends soon. */
  visit: v.optional(v.boolean()),
});

/**
 * Records of members, and whether each is online. `full`: these are all, and `nodes`: so are these, with the frames before, where
 * the roster has several frames. A node that is not among them is offline.
 */
const rosterSchema = v.object({
  type: v.literal('roster'),
  entries: v.pipe(
    v.array(v.object({ record: signedSchema, online: v.boolean() })),
    v.maxLength(MAX_ROSTER_ENTRIES),
  ),
  full: v.boolean(),
  nodes: v.optional(v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_ROSTER_ENTRIES))),
});

/** Asks the switch for its whole roster, because its beats carry the digest of another one than the sender has. */
const rosterWantedSchema = v.object({ type: v.literal('roster-wanted') });

/** A node's record is new or has changed. */
const recordSchema = v.object({ type: v.literal('record'), record: signedSchema });

/** A message begins: its header. */
const announceSchema = v.object({ type: v.literal('announce'), header: signedHeaderSchema });

/** A key sheet, ahead of the first message that names it or because it was asked for. */
const sheetSchema = v.object({ type: v.literal('sheet'), sheet: sheetTextSchema });

/** The other end announced this message, and its key sheet is not known here. */
const sheetWantedSchema = v.object({ type: v.literal('sheet-wanted'), id: messageIdSchema });

/** The hashes of some fragments, signed by the talker. */
const hashesSchema = v.object({ type: v.literal('hashes'), hashes: signedSchema });

/** A message has ended: its manifest. */
const manifestMessageSchema = v.object({ type: v.literal('manifest'), manifest: signedSchema });

/** How far a message has come at some node. `talker`: whom the switch passes it on to, also if it does not hold the message. */
const receiptMessageSchema = v.object({
  type: v.literal('receipt'),
  receipt: signedSchema,
  talker: v.optional(nodeIdSchema),
});

/**
 * A recipient asks the switch for what it may have missed; `since`: milliseconds since the epoch. `receiptsOf`: its own
 * messages that somebody has yet to hear, as far as it knows; of others it needs no receipt. Left out: of all.
 */
const inboxSchema = v.object({
  type: v.literal('inbox'),
  since: v.optional(timeSchema),
  receiptsOf: v.optional(v.pipe(v.array(messageIdSchema), v.maxLength(BUDGETS.receiptsAsked.perPeer.atOnce))),
});

/** A request is refused; `re` names it, `text` is a sentence for the person. */
const refuseSchema = v.object({
  type: v.literal('refuse'),
  code: wordSchema,
  text: textSchema,
  re: v.optional(v.pipe(v.string(), v.maxLength(64), v.regex(/^[\w.:-]*$/))),
});

/** A node leaves; a switch names the node that takes its place. */
const byeSchema = v.object({
  type: v.literal('bye'),
  reason: byeReasonSchema,
  successor: v.optional(nodeIdSchema),
});

/**
 * While a message is still being spoken: it plays at one recipient, or that person was notified. `isQueued`: they listen to
 * somebody else, and hear it next; a version that does not know that takes them for notified. `listensTo`: a computer of that
 * somebody. `isInCall`: they are in a call, and with whom is not told. A version before passes over both. `talker`: as in a receipt.
 */
const progressSchema = v.object({
  type: v.literal('progress'),
  id: messageIdSchema,
  node: nodeIdSchema,
  state: v.picklist(['hearing', 'notified']),
  isQueued: v.optional(v.literal(true)),
  listensTo: v.optional(nodeIdSchema),
  isInCall: v.optional(v.literal(true)),
  talker: v.optional(nodeIdSchema),
});

/**
 * A talker asks a node to keep its message: header and manifest. The node then fetches it from the talker, and signs
 * `stored`; or `lost`, where it does not keep it.
 */
const keepSchema = v.object({ type: v.literal('keep'), header: signedHeaderSchema, manifest: signedSchema });

/** A talker asks a holder to prove that it can reach every byte of the message. A holder that cannot sends the receipt `lost`. */
const proveSchema = v.object({ type: v.literal('prove'), id: messageIdSchema, nonce: base64url(16) });

/** The answer: HMAC-SHA-256 under the nonce over message, holder and fragments (identity/possession). */
const proofSchema = v.object({
  type: v.literal('proof'),
  id: messageIdSchema,
  nonce: base64url(16),
  proof: base64url(32),
});

export const controlMessageSchema = v.variant('type', [
  helloSchema,
  rosterSchema,
  rosterWantedSchema,
  recordSchema,
  announceSchema,
  sheetSchema,
  sheetWantedSchema,
  hashesSchema,
  manifestMessageSchema,
  fetchFrames.fetch,
  fetchFrames['fetch-stop'],
  fetchFrames['fetch-end'],
  fetchFrames['holders-wanted'],
  fetchFrames.holders,
  receiptMessageSchema,
  inboxSchema,
  refuseSchema,
  byeSchema,
  progressSchema,
  ownComputerFrames.numbers,
  ownComputerFrames.seat,
  ownComputerFrames['calls-seen'],
  keyGrantFrames['history-wanted'],
  keyGrantFrames.history,
  keyGrantFrames['older-wanted'],
  keyGrantFrames.older,
  ledgerSchema,
  haveSchema,
  statementsSchema,
  invitationsSchema,
  joiningFrameSchemas.ask,
  joiningFrameSchemas.go,
  joiningFrameSchemas.begin,
  joiningFrameSchemas.nonce,
  joiningFrameSchemas.reveal,
  joiningFrameSchemas.agree,
  joiningFrameSchemas.redeem,
  joiningFrameSchemas.welcome,
  joiningFrameSchemas.refused,
  joiningFrameSchemas.asked,
  joiningFrameSchemas.answered,
  joiningFrameSchemas.move,
  joiningFrameSchemas['move-heard'],
  keepSchema,
  proveSchema,
  proofSchema,
]);
export type ControlMessage = v.InferOutput<typeof controlMessageSchema>;
export type ControlMessageType = ControlMessage['type'];
export type ControlMessageOf<T extends ControlMessageType> = Extract<ControlMessage, { type: T }>;

/** Frames about messages. All others are about being in the office. */
export type MessageFrameType =
  | 'announce'
  | 'sheet'
  | 'sheet-wanted'
  | 'hashes'
  | 'manifest'
  | 'fetch'
  | 'fetch-stop'
  | 'fetch-end'
  | 'holders-wanted'
  | 'holders'
  | 'receipt'
  | 'progress'
  | 'numbers'
  | 'seat'
  | 'history-wanted'
  | 'history'
  | 'older-wanted'
  | 'older'
  | 'inbox'
  | 'keep'
  | 'prove'
  | 'proof';
export type MessageFrame = ControlMessageOf<MessageFrameType>;

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  controlMessageSchema.options.map((option) => option.entries.type.literal),
);

/** The content of a JSON frame. 'unknown': well formed, and of a type that a later version added. */
type ReadMessage =
  | { readonly kind: 'message'; readonly message: ControlMessage }
  | { readonly kind: 'unknown'; readonly type: string }
  | { readonly kind: 'bad'; readonly why: string };

/** Reads one JSON frame. Never throws, whatever the bytes are. */
export function readControlMessage(payload: Buffer): ReadMessage {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    return { kind: 'bad', why: 'not JSON' };
  }
  const parsed = v.safeParse(controlMessageSchema, value);
  if (parsed.success) return { kind: 'message', message: parsed.output };
  const type = v.safeParse(v.object({ type: wordSchema }), value);
  if (type.success && !KNOWN_TYPES.has(type.output.type)) return { kind: 'unknown', type: type.output.type };
  const [issue] = parsed.issues;
  return {
    kind: 'bad',
    why: `${type.success ? type.output.type : 'no type'}: ${v.getDotPath(issue) ?? 'form'}`,
  };
}
