import * as v from 'valibot';

/** The longest transcript, UTF-16 units: ten minutes of fast speech have some 12,000. */
export const MAX_TRANSCRIPT = 40_000;
const MAX_SPOKEN_WORDS = 6000;
/** Below this confidence an engine guesses. */
const SURE = 0.6;
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const ms = v.pipe(v.number(), v.integer(), v.minValue(0));

const spokenWordSchema = v.pipe(
  v.object({
    text: v.pipe(v.string(), v.maxLength(200)),
    /** Milliseconds from the beginning of the sound, as is `toMs`. */
    fromMs: ms,
    toMs: ms,
    /** 0 to 1; null: the engine does not say. */
    confidence: v.nullable(share),
  }),
  v.readonly(),
);
/** A word of a transcript, and when it was spoken. */
export type SpokenWord = v.InferOutput<typeof spokenWordSchema>;

export const transcriptSchema = v.object({
  v: v.literal(1),
  /** Empty where nothing was understood. */
  text: v.pipe(v.string(), v.maxLength(MAX_TRANSCRIPT)),
  /** When each word was spoken, from the beginning of the message; empty where the engine does not say. */
  words: v.pipe(v.array(spokenWordSchema), v.maxLength(MAX_SPOKEN_WORDS), v.readonly()),
  /** The mean of its words’, 0 to 1; null: the engine does not say. */
  confidence: v.nullable(share),
});
/** What was said in a message, as it is kept for this person alone. */
export type KeptTranscript = Readonly<v.InferOutput<typeof transcriptSchema>>;
/** What an engine of this computer understood. */
export type Transcript = Omit<KeptTranscript, 'v'>;

/** Whether a text, or a word of it, is a guess of its engine. `confidence`: 0 to 1; null: the engine does not say. */
export function isUnsure(confidence: number | null): boolean {
  return confidence !== null && confidence < SURE;
}
