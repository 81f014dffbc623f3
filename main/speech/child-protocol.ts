import * as v from 'valibot';

/** What the process of sherpa-onnx is to load. */
export interface EngineSetup {
  /** The library's main file. */
  readonly library: string;
  readonly part: 'hear' | 'hear-streaming' | 'listen' | 'speak';
  /** As the library takes it. */
  readonly config: unknown;
  /** How nice it is; it sets that itself, before the library starts threads, which inherit it. */
  readonly nice: number;
}

/** One question at a time; each is answered. */
export type EngineRequest =
  | { readonly type: 'open'; readonly setup: EngineSetup }
  /** 16 kHz, mono, -1 to 1. */
  | { readonly type: 'hear'; readonly samples: Float32Array }
  /** The next stretch of what is spoken now: as `hear`, but the model remembers what came before. */
  | {
      readonly type: 'listen';
      readonly samples: Float32Array;
      /** Somebody begins to speak. */
      readonly isFirst: boolean;
      /** Nothing more is spoken. */
      readonly isLast: boolean;
    }
  | { readonly type: 'speak'; readonly text: string; readonly speaker: number };

/** The answer: what the library gave, or why it gave nothing. */
export const engineAnswerSchema = v.union([
  v.object({ ok: v.literal(true), value: v.unknown() }),
  v.object({ ok: v.literal(false), why: v.string() }),
]);
export type EngineAnswer = v.InferOutput<typeof engineAnswerSchema>;

/** What a recogniser of sherpa-onnx answers; fields that the model does not fill are empty. */
export const heardSchema = v.object({
  text: v.string(),
  tokens: v.optional(v.array(v.string()), []),
  /** Seconds at which each token begins. */
  timestamps: v.optional(v.array(v.number()), []),
  /** The natural logarithm of each token's probability. */
  ys_log_probs: v.optional(v.array(v.number()), []),
});
export type Heard = v.InferOutput<typeof heardSchema>;

/** What a streaming recogniser answers: the phrase that goes on, or, if `isWhole`, one that has ended. */
export const listenedSchema = v.object({ text: v.string(), isWhole: v.boolean() });

/** What a voice of sherpa-onnx answers. */
export const spokenSchema = v.object({
  samples: v.instance(Float32Array),
  sampleRate: v.pipe(v.number(), v.integer(), v.minValue(4000), v.maxValue(192_000)),
});
