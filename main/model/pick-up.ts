import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { callIdSchema } from './call-signal.ts';
import { nodeIdSchema } from './ids.ts';
import { whole } from './whole.ts';

/** Names one asking: 16 random bytes. */
const askingSchema = base64url(16);
const MAX_RINGS_MS = 3_600_000;

/**
 * What computers of people who are in a group together say when one of them picks up what rings at another. It goes in a sealed
 * datagram, which proves who says it. Whoever rings says so when a colleague of a group asks, and to nobody else.
 */
export const pickUpSchema = v.variant('say', [
  /** Does it ring at you? */
  v.object({ v: v.literal(1), say: v.literal('ask'), asking: askingSchema }),
  /** It does: that person calls. */
  v.object({
    ...{ v: v.literal(1), say: v.literal('rings'), asking: askingSchema, call: callIdSchema },
    ...{ caller: nodeIdSchema, forMs: whole(0, MAX_RINGS_MS) },
  }),
  /** I take that call: have the caller call me as `as`. */
  v.object({ v: v.literal(1), say: v.literal('take'), call: callIdSchema, as: callIdSchema }),
]);
export type PickUp = v.InferOutput<typeof pickUpSchema>;
