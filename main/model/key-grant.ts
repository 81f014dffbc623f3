import * as v from 'valibot';
import { messageIdSchema, nodeIdSchema } from './ids.ts';
import { wrappedKeySchema } from './wrapped-key.ts';

/** The most grants that are kept of a message: a person seldom gets a new computer. */
export const MAX_GRANTS = 16;
/** The most messages in a list of older messages. */
export const MAX_HISTORY = 1000;
export const MAX_HISTORY_IN_FRAME = 500;

/**
 * A key grant: the key of a message, wrapped for a further computer of a recipient's person by a node that has it: the talker's, or
 * another one of the same person. Signed by that node.
 */
export const keyGrantSchema = v.object({
  v: v.literal(1),
  id: messageIdSchema,
  /** The granting node, which signs. */
  by: nodeIdSchema,
  /** Bound to message, talker and `key.node`, as the keys of a header are. */
  key: wrappedKeySchema,
  /** The person has heard the message, by the granter's receipts. */
  heard: v.optional(v.literal(true)),
});
export type KeyGrant = v.InferOutput<typeof keyGrantSchema>;
