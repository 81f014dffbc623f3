import * as v from 'valibot';
import { languageSchema } from './language-tag.ts';

/** The longest transcript, UTF-16 units: ten minutes of fast speech have some 12,000. */
export const MAX_TRANSCRIPT = 40_000;
const MAX_SPOKEN_WORDS = 6000;
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const ms = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What was said in a message, as an engine of this computer understood it. Kept for this person alone. */
export const transcriptSchema = v.object({
  v: v.literal(1),
  /** Empty where nothing was understood. */
  text: v.pipe(v.string(), v.maxLength(MAX_TRANSCRIPT)),
  /** When each word was spoken, from the beginning of the message; empty where the engine does not say. */
  words: v.pipe(
    v.array(
      v.object({
        text: v.pipe(v.string(), v.maxLength(200)),
        fromMs: ms,
        toMs: ms,
        /** null: the engine does not say. */
        confidence: v.nullable(share),
      }),
    ),
    v.maxLength(MAX_SPOKEN_WORDS),
  ),
  /** Of all of it; null: the engine does not say. */
  confidence: v.nullable(share),
  /** Left out: unknown. */
  language: v.optional(languageSchema),
  /** When it was made, ms since the epoch. */
  madeAt: ms,
});
export type KeptTranscript = v.InferOutput<typeof transcriptSchema>;
