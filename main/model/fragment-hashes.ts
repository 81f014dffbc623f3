import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { messageIdSchema, nodeIdSchema } from './ids.ts';
import { MAX_FRAGMENTS, type Header } from './message.ts';
import { whole } from './whole.ts';

/** So many fragments, half a second of speech, are vouched for by one statement. */
export const FRAGMENTS_HASHED_AT_ONCE = 50;
/** Of SHA-256 over a fragment. Whoever forges one has to find a second fragment for the same 64 bits while the first is news. */
export const FRAGMENT_HASH_BYTES = 8;

/**
 * What a talker says of its fragments on the way: 8 bytes of SHA-256 over each. Every recipient of a message has its key and can
 * seal fragments; only the talker can sign this. Single hashes, since a listener with gaps cannot check a running one.
 */
export const fragmentHashesSchema = v.pipe(
  v.object({
    v: v.literal(1),
    id: messageIdSchema,
    talker: nodeIdSchema,
    /** The number of the first fragment: a multiple of 50. */
    from: v.pipe(whole(0, MAX_FRAGMENTS - 1), v.multipleOf(FRAGMENTS_HASHED_AT_ONCE)),
    /** One after the other: of 50 fragments; at the end of a message, of as many as there are. */
    hashes: v.pipe(
      base64url(FRAGMENT_HASH_BYTES, FRAGMENTS_HASHED_AT_ONCE * FRAGMENT_HASH_BYTES),
      v.check(
        (text) => Math.floor((text.length * 3) / 4) % FRAGMENT_HASH_BYTES === 0,
        'not a whole number of hashes',
      ),
    ),
  }),
  v.check(({ from, hashes }) => from + hashesIn(hashes) <= MAX_FRAGMENTS, 'beyond the longest message'),
);
export type FragmentHashes = v.InferOutput<typeof fragmentHashesSchema>;

/** How many hashes the text holds. */
export function hashesIn(text: string): number {
  return Math.floor((text.length * 3) / 4 / FRAGMENT_HASH_BYTES);
}

/** The first 8 bytes of SHA-256 over the sealed fragment. */
export function hashOfFragment(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, FRAGMENT_HASH_BYTES);
}

/** Whether the talker signs hashes of this message's fragments as it goes: to one recipient nobody else could have sealed them. */
export function isHashed({ recipients, hashed }: Pick<Header, 'recipients' | 'hashed'>): boolean {
  return hashed === true && recipients.length > 1;
}
