import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { base64url, fromBase64url, toBase64url } from './bytes.ts';
import { messageIdSchema, nodeIdSchema, type NodeId } from './ids.ts';
import { NewestMap } from './newest.ts';
import type { Signed } from './signed.ts';
import { MAX_RECIPIENTS, wrappedKeySchema } from './wrapped-key.ts';

/**
 * A key sheet: the recipients for whom a talker made a sender key, and that key, wrapped for each of them and for the talker. Every message
 * to the same people names the same sheet by its hash, so a header to many is as small as a header to one. A sheet never changes.
 */
const keySheetSchema = v.object({
  v: v.literal(1),
  /** The talker who made the sender key. */
  talker: nodeIdSchema,
  /** 16 random bytes, to which the wrapped keys are bound. */
  salt: messageIdSchema,
  recipients: v.pipe(v.array(nodeIdSchema), v.minLength(1), v.maxLength(MAX_RECIPIENTS)),
  /** One for each recipient, and one for the talker. */
  keys: v.pipe(v.array(wrappedKeySchema), v.minLength(1), v.maxLength(MAX_RECIPIENTS + 1)),
});
export type KeySheet = v.InferOutput<typeof keySheetSchema>;

/** The recipients of a message among those of its sheet: bit n, the lowest of a byte first, stands for the sheet's recipient n. */
export const chosenSchema = base64url(1, Math.ceil(MAX_RECIPIENTS / 8));

/** Which of the sheet's recipients these are. Undefined: all of them. */
export function chosenAmong(sheet: KeySheet, recipients: readonly NodeId[]): string | undefined {
  const chosen = new Set(recipients);
  if (sheet.recipients.every((node) => chosen.has(node))) return undefined;
  const bits = Buffer.alloc(Math.ceil(sheet.recipients.length / 8));
  for (const [n, node] of sheet.recipients.entries())
    if (chosen.has(node)) bits[n >> 3] = (bits[n >> 3] ?? 0) | (1 << (n & 7));
  return toBase64url(bits);
}

/** What a header takes from its sheet: the chosen recipients, and the keys of these and of the talker. */
export function readersIn(
  { talker, recipients, keys }: KeySheet,
  chosen: string | undefined,
): Pick<KeySheet, 'recipients' | 'keys'> {
  if (chosen === undefined) return { recipients, keys };
  const bits = fromBase64url(chosen);
  const named = recipients.filter((_, n) => ((bits[n >> 3] ?? 0) >> (n & 7)) & 1);
  const readers = new Set([talker, ...named]);
  return { recipients: named, keys: keys.filter(({ node }) => readers.has(node)) };
}

/** A parsed sheet, with its text. */
export interface ReadSheet {
  readonly text: string;
  /** SHA-256 over the text, base64url. */
  readonly hash: string;
  readonly sheet: KeySheet;
}

/** The number of parsed sheets that are cached: many messages name the same one, and checking 250 keys takes a millisecond. */
const MAX_READ = 32;
const read = new NewestMap<string, ReadSheet>(MAX_READ);

/** Parses a sheet; undefined where the text is none. */
export function readSheet(text: string): ReadSheet | undefined {
  const known = read.get(text) ?? parse(text);
  if (!known) return undefined;
  read.set(known.text, known);
  return known;
}

/** The same statement with the shared text of its sheet, so that messages to the same people use one string in memory. */
export function shareSheet(signed: Signed): Signed {
  const known = signed.sheet === undefined ? undefined : readSheet(signed.sheet);
  return known ? { ...signed, sheet: known.text } : signed;
}

/** The text of a sheet, and its hash. */
export function writeSheet(sheet: KeySheet): ReadSheet {
  const text = JSON.stringify(sheet);
  return { text, hash: hashOf(text), sheet };
}

function parse(text: string): ReadSheet | undefined {
  try {
    const parsed = v.safeParse(keySheetSchema, JSON.parse(text));
    return parsed.success ? { text, hash: hashOf(text), sheet: parsed.output } : undefined;
  } catch {
    return undefined;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
