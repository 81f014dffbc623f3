import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { groupNamedSchema } from './group.ts';
import { messageIdSchema, nodeIdSchema, storeIdSchema, type MessageId } from './ids.ts';
import { chosenSchema, readersIn, readSheet } from './key-sheet.ts';
import { nameSchema } from './names.ts';
import { extensionSchema } from './numbers.ts';
import { headerWordsSchema } from './sealed-words.ts';
import { readStatement, type Signed } from './signed.ts';
import { timeSchema, whole } from './whole.ts';
import { MAX_RECIPIENTS, wrappedKeySchema } from './wrapped-key.ts';

/** Every fragment is one Opus frame of 10 ms: 480 samples at 48 kHz, mono. */
export const FRAME_MS = 10;
export const SAMPLE_RATE_HZ = 48_000;
export const FRAME_SAMPLES = 480;
/** The longest message: ten minutes. Its fragment numbers fit RTP's sequence number without a rollover. */
export const MAX_FRAGMENTS = 60_000;
/** The largest fragment, bytes: with the IP and UDP headers it stays below the smallest Ethernet MTU. */
export const MAX_FRAGMENT_BYTES = 1400;
/** Message key (16 bytes) and salt (12 bytes), as AEAD_AES_128_GCM wants them (RFC 7714 §12). */
export const MASTER_KEY_BYTES = 16;
export const MASTER_SALT_BYTES = 12;
/** Up to this many computers get packets of their own by unicast. For more, packets go to the office's multicast group. */
export const MAX_BY_UNICAST = 8;
/**
 * The most computers that can be paged at once. By multicast they cost their talker as much as one. Where no multicast gets through, each
 * gets packets of its own: 25,000 a second, 22 Mbit/s, a fifth of one processor core.
 */
export const MAX_PAGED = 250;
/** The most recipients of whom a header says that they stand in for somebody. */
const MAX_DIVERTED = 64;
/** The right in the ledger without which `isOverride` of a header is ignored. */
export const OVERRIDE_RIGHT = 'override';

const uint32Schema = whole(0, 0xffffffff);

/** A page: one-way live speech with priority. A node of a version before pages treats it as an ordinary message. */
const pageSchema = v.object({
  /** It is for everybody in the office. */
  isToAll: v.optional(v.literal(true)),
  /** People who do not hear it find it as a message. Left out: it is passing, and is not kept for them. */
  isKept: v.optional(v.literal(true)),
});
export type Page = v.InferOutput<typeof pageSchema>;

/** The fields of every header. */
const headerFields = {
  v: v.literal(1),
  id: messageIdSchema,
  talker: nodeIdSchema,
  /** The talker's extension, and the one that was dialled. */
  from: extensionSchema,
  to: extensionSchema,
  /** The SSRC of the message's RTP stream (RFC 3550 §8). */
  ssrc: uint32Schema,
  /** Key down, milliseconds since the epoch by the talker's clock. */
  startedAt: timeSchema,
  /** The name of the person who spoke it, if the talker forwards a message. Such a message is not live. */
  forwardedFrom: v.optional(nameSchema),
  /** The group that was dialled. Its members at that time are the recipients. */
  group: v.optional(groupNamedSchema),
  /** It is for the mailbox, and never sounds by itself. */
  isQuiet: v.optional(v.literal(true)),
  /** It is a page. */
  page: v.optional(pageSchema),
  /**
   * It overrides do not disturb. A recipient's node obeys it if its own ledger gives the talker that right; otherwise it is an ordinary
   * message.
   */
  isOverride: v.optional(v.literal(true)),
  /** The talker's earlier message that this one repeats, sealed for the computer that replaced a removed one. */
  again: v.optional(messageIdSchema),
  /**
   * The talker signs hashes of the fragments while it speaks to several (`fragmentHashesSchema`). The header says so, so that nobody can
   * pretend that the message is of a version without hashes.
   */
  hashed: v.optional(v.boolean()),
  /** Diverted persons, each with the stand-in who gets the message instead. */
  diverted: v.optional(
    v.pipe(
      v.array(v.object({ meant: nodeIdSchema, reached: nodeIdSchema })),
      v.minLength(1),
      v.maxLength(MAX_DIVERTED),
    ),
  ),
  /** Its fragments go once to the office's multicast group; recipients tell the talker whether the group reaches them. */
  isMulticast: v.optional(v.literal(true)),
  /** Another talker's message that the node of a diverted person hands on by this one. */
  handsOn: v.optional(messageIdSchema),
  /** It is for its recipients themselves, diverted or not, for instance a reply to somebody who just spoke. */
  isDirect: v.optional(v.literal(true)),
  /** The words that the talker typed. */
  words: v.optional(headerWordsSchema),
} as const;

/** The header of a message, at key down. Signed by the talker; never changes. */
export const headerSchema = v.object({
  ...headerFields,
  /** The recipients' nodes, without the talker's. */
  recipients: v.pipe(v.array(nodeIdSchema), v.minLength(1), v.maxLength(MAX_RECIPIENTS)),
  /** One for each recipient, and one for the talker. */
  keys: v.pipe(v.array(wrappedKeySchema), v.maxLength(MAX_RECIPIENTS + 1)),
});

/** The header of a message to many: its recipients and wrapped keys are in a key sheet, which is sent with the first such header alone. */
export const sheetedHeaderSchema = v.object({
  ...headerFields,
  /** SHA-256 over the text of the key sheet. */
  sheet: base64url(32),
  /** Those of the sheet's recipients for whom it is; left out: all of them. */
  chosen: v.optional(chosenSchema),
  /** The message's key‖salt (28 bytes) under the sheet's sender key, and the tag (16 bytes). */
  sealed: base64url(44),
});

const eitherSchema = v.union([sheetedHeaderSchema, headerSchema]);
const namesSheetSchema = v.pick(sheetedHeaderSchema, ['id', 'talker', 'sheet']);

/** How the key of a message to many is opened. */
interface SenderKeyUse {
  readonly sheet: string;
  readonly salt: MessageId;
  readonly sealed: string;
}
/** A header with its recipients and keys, from the header itself or from its sheet. */
export type Header = v.InferOutput<typeof headerSchema> & { readonly senderKey?: SenderKeyUse };

/** A diverted person, and the stand-in who gets the message instead. */
export type StandIn = NonNullable<Header['diverted']>[number];

/**
 * Parses a header. Undefined: it is malformed, or its key sheet is missing. If a reader's own key stands there in place of the sheet,
 * that reader is the only recipient who is known. Does not verify the signature.
 */
export function readHeader(signed: Signed): Header | undefined {
  const said = readStatement(signed, eitherSchema);
  if (!said || !('sheet' in said)) return said;
  const { sheet, sealed, chosen, ...about } = said;
  if (signed.sheet === undefined && signed.ownKey) {
    const { salt, key } = signed.ownKey;
    return { ...about, recipients: [key.node], keys: [key], senderKey: { sheet, salt, sealed } };
  }
  const beside = signed.sheet === undefined ? undefined : readSheet(signed.sheet);
  if (beside?.hash !== sheet || beside.sheet.talker !== said.talker) return undefined;
  const { recipients, keys } = readersIn(beside.sheet, chosen);
  if (recipients.length === 0) return undefined;
  return { ...about, recipients, keys, senderKey: { sheet, salt: beside.sheet.salt, sealed } };
}

const namedSchema = v.object({ id: messageIdSchema, talker: nodeIdSchema });

/** What even a header without its key sheet says it is. Undefined: it is malformed. Does not verify the signature. */
export function headerNamedBy(signed: Signed): v.InferOutput<typeof namedSchema> | undefined {
  return readStatement(signed, namedSchema);
}

/** The sheet that a header names, with the message's id. Undefined: it names none. */
export function sheetNamedBy(signed: Signed): v.InferOutput<typeof namesSheetSchema> | undefined {
  return readStatement(signed, namesSheetSchema);
}

/** Whether it is a page that is not kept for those who do not hear it. */
export function isPassing({ page }: Pick<Header, 'page'>): boolean {
  return page !== undefined && page.isKept !== true;
}

/** Whether it has no voice: its words are read, or spoken by the reader's own computer. */
export function isAlone({ words }: Pick<Header, 'words'>): boolean {
  return words?.isAlone === true;
}

/** The manifest of a message, at key up. Signed by the talker: by it a holder knows that its copy is complete. */
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
 * played it, and the node holds all of it, too, unless it says otherwise (`isPart`). `lost`: the node does not hold it any more, whatever
 * it signed before.
 */
const receiptStateSchema = v.picklist(['stored', 'received', 'heard', 'lost']);
export type ReceiptState = v.InferOutput<typeof receiptStateSchema>;
export const receiptSchema = v.object({
  v: v.literal(1),
  id: messageIdSchema,
  /** The node that states this, and signs it. */
  node: nodeIdSchema,
  state: receiptStateSchema,
  at: timeSchema,
  /** Of two statements of one node on holding a message the one with the higher number counts, and `lost` among equals. */
  n: v.optional(timeSchema),
  /** The store that holds it: the `store` of the node's record at that time. */
  store: v.optional(storeIdSchema),
  /** The person to whom it was handed on, since the node's own person is diverted. */
  handedTo: v.optional(nodeIdSchema),
  /** Of a message with words and no voice that is heard: a voice of the node's computer spoke them. Left out: they were read. */
  isSpoken: v.optional(v.literal(true)),
  /** Of `heard`: the node did not hold all of it then, as after live speech with gaps. Versions before do not say it. */
  isPart: v.optional(v.literal(true)),
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
