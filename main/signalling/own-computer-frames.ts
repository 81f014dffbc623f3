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

/* What the computers of one person say to each other alone. */

export const ownComputerFrames = {
  /** Which retrieval numbers messages have at the sender. */
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
  /** The person has seen there whose calls they missed, so many ms ago. */
  'calls-seen': v.object({
    type: v.literal('calls-seen'),
    calls: v.pipe(
      v.array(v.object({ person: nodeIdSchema, agoMs: whole() })),
      v.minLength(1),
      v.maxLength(MAX_CALLS_SEEN),
    ),
  }),
} as const;
