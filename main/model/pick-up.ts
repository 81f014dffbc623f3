import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { callIdSchema } from './call-signal.ts';
import { nodeIdSchema } from './ids.ts';
import { whole } from './whole.ts';

/** The id of a question: 16 random bytes. */
const askingSchema = base64url(16);
const MAX_RINGS_MS = 3_600_000;

/**
 * The datagrams by which a member of a group picks up a call that rings at another one, and the one by which a referrer tells whom it
 * transfers a caller to. They are sealed, which proves their sender. A computer tells what rings there only to colleagues of a group
 * who ask.
 */
export const pickUpSchema = v.variant('say', [
  /** Question: does a call ring at you? */
  v.object({ v: v.literal(1), say: v.literal('ask'), asking: askingSchema }),
  /** Answer: that person calls. */
  v.object({
    ...{ v: v.literal(1), say: v.literal('rings'), asking: askingSchema, call: callIdSchema },
    ...{ caller: nodeIdSchema, forMs: whole(0, MAX_RINGS_MS) },
  }),
  /** Request: have the caller of that call call me under the id `as`. */
  v.object({ v: v.literal(1), say: v.literal('take'), call: callIdSchema, as: callIdSchema }),
  /** I have that person call you, under this id. */
  v.object({ v: v.literal(1), say: v.literal('put-through'), call: callIdSchema, caller: nodeIdSchema }),
]);
export type PickUp = v.InferOutput<typeof pickUpSchema>;
