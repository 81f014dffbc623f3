import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { languageSchema } from './language-tag.ts';
import { MAX_WORDS_BYTES } from './words.ts';

/** The tag of AES-GCM, bytes. */
const WORDS_TAG_BYTES = 16;

/** The sealed text of a message, base64url. It stands beside the header, so that a header stays small enough for a datagram. */
export const sealedWordsSchema = base64url(WORDS_TAG_BYTES + 1, MAX_WORDS_BYTES + WORDS_TAG_BYTES);

/** What a header says of the words that were typed. */
export const headerWordsSchema = v.object({
  /** SHA-256 over the sealed text as it stands beside the header. */
  hash: base64url(32),
  /** Left out: unknown. */
  language: v.optional(languageSchema),
  /** The message has no voice: whoever reads it reads the words, or has their own computer speak them. */
  isAlone: v.optional(v.literal(true)),
});
export type HeaderWords = v.InferOutput<typeof headerWordsSchema>;

/** The hash by which a header names its sealed words. */
export function hashOfWords(sealed: string): string {
  return createHash('sha256').update(sealed).digest('base64url');
}
