import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { messageIdSchema, nodeIdSchema } from './ids.ts';
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
