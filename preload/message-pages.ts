import * as v from 'valibot';
import { typedRetrievalNumberSchema } from '../main/model/numbers.ts';
import { idText } from './id-text.ts';

/** Which message: an id, a retrieval number, or the oldest unheard one. */
export const whichMessage = v.union([v.literal('next'), idText, typedRetrievalNumberSchema]);

/** The most messages of one answer. */
const MAX_PAGE = 500;
const USUAL_PAGE = 100;

/** Where a message stands among the others, as `MessageSummary` has it. */
const position = v.strictObject({ place: v.pipe(v.number(), v.safeInteger(), v.minValue(0)), id: idText });
export type MessagePosition = v.InferOutput<typeof position>;

const page = {
  /** Only messages that came before this one: the last of the page before. It may be gone. */
  before: v.optional(position),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE)), USUAL_PAGE),
};

export const pageMethods = {
  /** A page of the messages, the newest first. Events tell of every later change, also of messages that no page had. */
  messages: {
    args: v.optional(
      v.strictObject({
        ...page,
        /** Only those from or to this person. */
        with: v.optional(idText),
        /** Only those that this person has not heard. */
        unheard: v.optional(v.boolean()),
        /** Only this one, if it is here. */
        which: v.optional(whichMessage),
      }),
      {},
    ),
  },
  /**
   * Messages that are from or to somebody, or in which something was typed or understood, with all of these words; the newest first. What is
   * sealed has to be opened for it, so an answer comes after a moment with what was found so far, and says where to go on.
   */
  findMessages: {
    args: v.strictObject({ words: v.pipe(v.string(), v.minLength(1), v.maxLength(200)), ...page }),
  },
};
