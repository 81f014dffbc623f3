import * as v from 'valibot';
import {
  MAX_CALLS_SEEN,
  MAX_NUMBERS_IN_FRAME,
  messageIdSchema,
  nodeIdSchema,
  retrievalNumberSchema,
  seatCountSchema,
  whole,
} from '../model/index.ts';

/* Frames that the computers of one person send only to each other. */

export const ownComputerFrames = {
  /** The retrieval numbers of messages at the sender. */
  numbers: v.object({
    type: v.literal('numbers'),
    numbers: v.pipe(
      v.array(v.object({ id: messageIdSchema, number: retrievalNumberSchema })),
      v.minLength(1),
      v.maxLength(MAX_NUMBERS_IN_FRAME),
    ),
  }),
  /**
   * Which of them had the last input: of what they say the highest `n` counts; 0: none is known there. `canPlay`: a loudspeaker is
   * there.
   */
  seat: v.object({ type: v.literal('seat'), n: seatCountSchema, canPlay: v.boolean() }),
  /** The person has seen their missed calls at the sender, this many ms ago. */
  'calls-seen': v.object({
    type: v.literal('calls-seen'),
    calls: v.pipe(
      v.array(v.object({ person: nodeIdSchema, agoMs: whole() })),
      v.minLength(1),
      v.maxLength(MAX_CALLS_SEEN),
    ),
  }),
} as const;
