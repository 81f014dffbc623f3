import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { groupNamedSchema } from './group.ts';
import { messageIdSchema, nodeIdSchema, storeIdSchema, type MessageId } from './ids.ts';
import { readSheet } from './key-sheet.ts';
import { nameSchema } from './node-record.ts';
import { extensionSchema } from './numbers.ts';
import { readStatement, type Signed } from './signed.ts';
import { timeSchema, whole } from './whole.ts';
import { MAX_RECIPIENTS, wrappedKeySchema } from './wrapped-key.ts';

/** Every fragment is one Opus frame of 10 ms: 480 samples at 48 kHz, mono. */
export const FRAME_MS = 10;
export const SAMPLE_RATE_HZ = 48_000;
export const FRAME_SAMPLES = 480;
/** Ten minutes: the longest message. Its fragment numbers fit RTP's sequence number without rolling over. */
export const MAX_FRAGMENTS = 60_000;
/** The largest fragment, in bytes: stays below the smallest Ethernet MTU with IP and UDP around it. */
export const MAX_FRAGMENT_BYTES = 1400;
/** Message key (16 bytes) and salt (12 bytes), as AEAD_AES_128_GCM wants them (RFC 7714 §12). */
export const MASTER_KEY_BYTES = 16;
export const MASTER_SALT_BYTES = 12;
/** To so many computers a talker sends each its own packets. What is for more goes to the office's multicast group. */
export const MAX_BY_UNICAST = 8;
/**
 * As many computers can be paged at once. By multicast they cost their talker what one does; where no multicast gets through, each gets
 * packets of its own: 25,000 a second, 22 Mbit/s, a fifth of one processor's core.
 */
export const MAX_PAGED = 250;
/** Of so many of its recipients a header says that they stand in for somebody. */
const MAX_DIVERTED = 64;
/** The right of the ledger without which `isOverride` of a header says nothing. */
export const OVERRIDE_RIGHT = 'override';

const uint32Schema = whole(0, 0xffffffff);

/** One-way live speech with priority. A node of a version before pages takes it for an ordinary message. */
const pageSchema = v.object({
  /** For everybody in the office. */
  isToAll: v.optional(v.literal(true)),
  /** Whoever does not hear it finds it as a message. Left out: it passes, and is kept nowhere for them. */
  isKept: v.optional(v.literal(true)),
});
export type Page = v.InferOutput<typeof pageSchema>;

/** What every header says, to however many it goes. */
const headerFields = {
  v: v.literal(1),
  id: messageIdSchema,
  talker: nodeIdSchema,
  /** The talker's extension, and the one that was dialled. */
  from: extensionSchema,
  to: extensionSchema,
  /** Names the message's RTP stream on the wire (RFC 3550 §8). */
  ssrc: uint32Schema,
  /** Key down, milliseconds since the epoch by the talker's clock. */
  startedAt: timeSchema,
  /** Who spoke it, where the talker hands on what somebody said: as the talker knows their name. Nobody speaks it now. */
  forwardedFrom: v.optional(nameSchema),
  /** The group that was dialled. Its members at that time are the recipients. */
  group: v.optional(groupNamedSchema),
  /** For the mailbox: it never sounds by itself. */
  isQuiet: v.optional(v.literal(true)),
  /** It is a page. */
  page: v.optional(pageSchema),
  /**
   * The talker asks to be heard although the person does not want to be disturbed. A node goes by it where its own ledger gives the
   * talker that right; to all others it is a message like any.
   */
  isOverride: v.optional(v.literal(true)),
  /** The talker's earlier message that this one is, sealed for the computer that took the place of one that was removed. */
  again: v.optional(messageIdSchema),
  /**
   * The talker signs hashes of the fragments as it goes (`fragmentHashesSchema`), where there are several recipients. Signed here,
   * so that nobody makes such a message pass for one of a version that signs none.
   */
  hashed: v.optional(v.boolean()),
  /** Persons who are diverted, and who has the message in their place. */
  diverted: v.optional(
    v.pipe(
      v.array(v.object({ meant: nodeIdSchema, reached: nodeIdSchema })),
      v.minLength(1),
      v.maxLength(MAX_DIVERTED),
    ),
  ),
  /** Its fragments go once to the office's multicast group: recipients tell the talker whether that reaches them. */
  isMulticast: v.optional(v.literal(true)),
  /** Somebody else's message that this one is: the node of a person who is diverted hands it on. */
  handsOn: v.optional(messageIdSchema),
  /** For its recipients themselves: the talker knows that they may be diverted, as in an answer to somebody who just spoke. */
  isDirect: v.optional(v.literal(true)),
} as const;

/** What is said of a message before its first fragment. Signed by the talker; never changes. */
export const headerSchema = v.object({
  ...headerFields,
  /** Who it is for. The talker is not among them. */
  recipients: v.pipe(v.array(nodeIdSchema), v.minLength(1), v.maxLength(MAX_RECIPIENTS)),
  /** One for each recipient, and one for the talker. */
  keys: v.pipe(v.array(wrappedKeySchema), v.maxLength(MAX_RECIPIENTS + 1)),
});

/** The same of a message to many: recipients and wrapped keys stand in a sheet that comes beside the header, and only at first. */
export const sheetedHeaderSchema = v.object({
  ...headerFields,
  /** SHA-256 over the text of the key sheet. */
  sheet: base64url(32),
  /** The message's key‖salt (28 bytes) under the sheet's sender key, and the tag (16 bytes). */
  sealed: base64url(44),
});

const eitherSchema = v.union([sheetedHeaderSchema, headerSchema]);
const namesSheetSchema = v.pick(sheetedHeaderSchema, ['id', 'talker', 'sheet']);

/** How the key of a message to many opens. */
export interface SenderKeyUse {
  readonly sheet: string;
  readonly salt: MessageId;
  readonly sealed: string;
}
/** A header with its recipients and keys, wherever they stand. */
export type Header = v.InferOutput<typeof headerSchema> & { readonly senderKey?: SenderKeyUse };

/** A person who is diverted, and who has the message in their place. */
export type StandIn = NonNullable<Header['diverted']>[number];

/** What a header says. Undefined: it is none, or its key sheet is not with it. Nothing is said of who signed it. */
export function readHeader(signed: Signed): Header | undefined {
  const said = readStatement(signed, eitherSchema);
  if (!said || !('sheet' in said)) return said;
  const beside = signed.sheet === undefined ? undefined : readSheet(signed.sheet);
  if (beside?.hash !== said.sheet || beside.sheet.talker !== said.talker) return undefined;
  const { sheet, sealed, ...about } = said;
  const { recipients, keys, salt } = beside.sheet;
  return { ...about, recipients, keys, senderKey: { sheet, salt, sealed } };
}

/** Which sheet a header names, and of which message. Undefined: it names none. */
export function sheetNamedBy(signed: Signed): v.InferOutput<typeof namesSheetSchema> | undefined {
  return readStatement(signed, namesSheetSchema);
}

/** Whether it is a page that nobody keeps for those who do not hear it. */
export function isPassing({ page }: Pick<Header, 'page'>): boolean {
  return page !== undefined && page.isKept !== true;
}

/** What is said of a message at key up. Signed by the talker: with it, a holder knows that it holds all of it. */
export const manifestSchema = v.object({
  v: v.literal(1),
  id: messageIdSchema,
  talker: nodeIdSchema,
  count: whole(0, MAX_FRAGMENTS),
  /** SHA-256 over every fragment in order, each after its length as two bytes, big endian. */
  hash: base64url(32),
  durationMs: whole(0, MAX_FRAGMENTS * FRAME_MS),
  endedAt: timeSchema,
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

/**
 * How far a message has come at one node; later states include the earlier.
 * `stored`: a node that was asked to keep it holds all of it on disk. `received`: a recipient does. `heard`: a person
 * played it. `lost`: the node holds it no more, whatever it said before.
 */
const receiptStateSchema = v.picklist(['stored', 'received', 'heard', 'lost']);
export type ReceiptState = v.InferOutput<typeof receiptStateSchema>;
export const receiptSchema = v.object({
  v: v.literal(1),
  id: messageIdSchema,
  /** Who says it, and signs it. */
  node: nodeIdSchema,
  state: receiptStateSchema,
  at: timeSchema,
  /** Of two things that one node says of holding a message, the higher number counts, and `lost` among equals. */
  n: v.optional(timeSchema),
  /** Which store holds it: the `store` of the node's record at that time. */
  store: v.optional(storeIdSchema),
  /** The person to whom it was handed on, since the node's own person is diverted. */
  handedTo: v.optional(nodeIdSchema),
});
export type Receipt = v.InferOutput<typeof receiptSchema>;

/** One sealed Opus frame: `bytes` is the SRTP packet, `n` its place in the message, from 0. */
export interface Fragment {
  readonly n: number;
  readonly bytes: Uint8Array;
}

/** Half-open run of fragment numbers. */
export interface FragmentRange {
  readonly from: number;
  readonly to: number;
}
