import * as v from 'valibot';
import { messageIdSchema, nodeIdSchema } from './ids.ts';
import { wrappedKeySchema } from './wrapped-key.ts';

/** Of a message so many grants are kept: a person seldom gets a new computer. */
export const MAX_GRANTS = 16;
/** Of a history so many messages are listed, and so many in one frame. */
export const MAX_HISTORY = 1000;
export const MAX_HISTORY_IN_FRAME = 500;

/**
 * The key of a message, wrapped anew for another computer of a person whom the message is for, by a node that holds it: the talker's,
 * or another one of the same person. Signed by that node.
 */
export const keyGrantSchema = v.object({
  v: v.literal(1),
  id: messageIdSchema,
  /** Who grants it, and signs. */
  by: nodeIdSchema,
  /** Bound to message, talker and `key.node`, as the keys of a header are. */
  key: wrappedKeySchema,
  /** The person has heard it, as far as the granter knows. */
  heard: v.optional(v.literal(true)),
});
export type KeyGrant = v.InferOutput<typeof keyGrantSchema>;
