import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { messageIdSchema, nodeIdSchema } from './ids.ts';
import { MAX_BY_UNICAST, MAX_FRAGMENTS, type Header } from './message.ts';
import { whole } from './whole.ts';

/** One statement covers this many fragments, 200 ms of speech: a forged voice is found out within that time. */
const FRAGMENTS_HASHED = 20;
/** The same for many recipients, half a second: the switch forwards each statement over a link to each recipient. */
const FRAGMENTS_HASHED_FOR_MANY = 50;
/** A statement begins at a multiple of this number, so that statements of both lengths can follow each other. */
const FRAGMENTS_STEP = 10;
/** The bytes of SHA-256 that are kept of a fragment. A forger would have to find a second preimage of 64 bits while the message is live. */
export const FRAGMENT_HASH_BYTES = 8;

/**
 * A talker's statement on fragments while it speaks: 8 bytes of SHA-256 over each. Every recipient of a message has its key and could seal
 * fragments, but only the talker can sign this. The hashes are separate, since a listener with gaps cannot check a running hash.
 */
export const fragmentHashesSchema = v.pipe(
  v.object({
    v: v.literal(1),
    id: messageIdSchema,
    talker: nodeIdSchema,
    /** The number of the first fragment: a multiple of 10. */
    from: v.pipe(whole(0, MAX_FRAGMENTS - 1), v.multipleOf(FRAGMENTS_STEP)),
    /** The hashes in order, of 20 or 50 fragments, or of fewer at the end of a message. */
    hashes: v.pipe(
      base64url(FRAGMENT_HASH_BYTES, FRAGMENTS_HASHED_FOR_MANY * FRAGMENT_HASH_BYTES),
      v.check(
        (text) => Math.floor((text.length * 3) / 4) % FRAGMENT_HASH_BYTES === 0,
        'not a whole number of hashes',
      ),
    ),
  }),
  v.check(({ from, hashes }) => from + hashesIn(hashes) <= MAX_FRAGMENTS, 'beyond the longest message'),
);
export type FragmentHashes = v.InferOutput<typeof fragmentHashesSchema>;

/** How many fragments one statement covers in a message to this many recipients. */
export function fragmentsHashedAtOnce(recipients: number): number {
  return recipients > MAX_BY_UNICAST ? FRAGMENTS_HASHED_FOR_MANY : FRAGMENTS_HASHED;
}

/** The number of hashes in the text. */
export function hashesIn(text: string): number {
  return Math.floor((text.length * 3) / 4 / FRAGMENT_HASH_BYTES);
}

/** The first 8 bytes of SHA-256 over the sealed fragment. */
export function hashOfFragment(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest().subarray(0, FRAGMENT_HASH_BYTES);
}

/** Whether the talker signs hashes of this message's fragments while it speaks. With one recipient nobody else can forge them. */
export function isHashed({ recipients, hashed }: Pick<Header, 'recipients' | 'hashed'>): boolean {
  return hashed === true && recipients.length > 1;
}
