import * as v from 'valibot';
import { MAX_HISTORY_IN_FRAME, messageIdSchema, signedHeaderSchema, signedSchema } from '../model/index.ts';

/* The frames by which a further computer of a person gets messages from before it joined. */

export const keyGrantFrames = {
  /** Asks which messages for the sender's person the receiver has of which the sender itself is no recipient. */
  'history-wanted': v.object({ type: v.literal('history-wanted') }),
  /** The answer, in the order in which they are best asked for; `more`: further ones follow. */
  history: v.object({
    type: v.literal('history'),
    ids: v.pipe(v.array(messageIdSchema), v.maxLength(MAX_HISTORY_IN_FRAME)),
    more: v.boolean(),
  }),
  /** Asks for one of them, and for its key if the receiver may grant it. */
  'older-wanted': v.object({ type: v.literal('older-wanted'), id: messageIdSchema }),
  /** The answer. `found` left out: the message is not there, or not for the sender. Without a grant: the answering node may not give its key. */
  older: v.object({
    type: v.literal('older'),
    id: messageIdSchema,
    found: v.optional(
      v.object({ header: signedHeaderSchema, manifest: signedSchema, grant: v.optional(signedSchema) }),
    ),
  }),
} as const;
