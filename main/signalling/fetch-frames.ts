import * as v from 'valibot';
import { BUDGETS, MAX_FRAGMENTS, messageIdSchema, nodeIdSchema, whole } from '../model/index.ts';

/* The frames by which a node gets what it lacks of a message, and learns who has it. */

const fragmentNumberSchema = whole(0, MAX_FRAGMENTS);

/** Why a fetch ended. */
const fetchEndReasonSchema = v.fallback(
  v.picklist(['not-held', 'stopped', 'busy', 'damaged', 'other']),
  'other',
);

export const fetchFrames = {
  /** Asks for fragments `from` ≤ n < `to` (to the end where `to` is left out); `follow`: also those still to come. */
  fetch: v.pipe(
    v.object({
      type: v.literal('fetch'),
      id: messageIdSchema,
      from: fragmentNumberSchema,
      to: v.optional(fragmentNumberSchema),
      follow: v.boolean(),
      /** The sealed words, too: the answer begins with the header and the words beside it. */
      words: v.optional(v.literal(true)),
    }),
    v.check(({ from, to }) => to === undefined || from <= to, 'a range that ends before it begins'),
  ),
  /** Takes a fetch back. */
  'fetch-stop': v.object({ type: v.literal('fetch-stop'), id: messageIdSchema }),
  /** Nothing more comes for a fetch: fragments below `upTo` were sent as far as held; `complete`: all of them were. */
  'fetch-end': v.object({
    type: v.literal('fetch-end'),
    id: messageIdSchema,
    upTo: fragmentNumberSchema,
    complete: v.boolean(),
    reason: v.optional(fetchEndReasonSchema),
  }),
  /** Asks who else holds a message, as far as the receiver knows. */
  'holders-wanted': v.object({ type: v.literal('holders-wanted'), id: messageIdSchema }),
  /** The answer: nodes that are online. None where the receiver knows nobody, or the sender may not have the message. */
  holders: v.object({
    type: v.literal('holders'),
    id: messageIdSchema,
    nodes: v.pipe(v.array(nodeIdSchema), v.maxLength(BUDGETS.holders.inAll.atOnce)),
  }),
} as const;
