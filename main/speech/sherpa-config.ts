import { join } from 'node:path';
import type { EngineSetup } from './child-protocol.ts';
import { modelNotLive } from './engine-errors.ts';
import { likelyParts } from './language.ts';
import type { Model } from './model-kinds.ts';

/** Transcripts are nobody's hurry: the other processors are for live speech. Somebody waits for a spoken page. */
const HEARING_THREADS = 1;
const SPEAKING_THREADS = 2;
const FEATURES = { sampleRate: 16_000, featureDim: 80 };

/** How sherpa-onnx is told to hear with a model. @param language a BCP 47 tag; undefined: the model guesses, where it can */
export function hearingSetup(
  model: Model,
  folder: string,
  library: string,
  language: string | undefined,
): Omit<EngineSetup, 'nice'> {
  const { tokens, ...paths } = inFolder(model, folder);
  const spoken = language === undefined ? '' : likelyParts(language).language;
  const common = { tokens, numThreads: HEARING_THREADS, provider: 'cpu', debug: 0 };
  const modelConfig = { ...common, ...partOf(model, paths, spoken) };
  const config = { featConfig: FEATURES, modelConfig, decodingMethod: 'greedy_search' };
  return { library, part: model.isStreaming ? 'hear-streaming' : 'hear', config };
}

/**
 * How sherpa-onnx is told to listen while somebody speaks. A pause of 0.8 s ends a phrase.
 * @throws CorridorError `model-not-live`
 */
export function listeningSetup(model: Model, folder: string, library: string): Omit<EngineSetup, 'nice'> {
  const { part, config } = hearingSetup(model, folder, library, undefined);
  if (part !== 'hear-streaming') throw modelNotLive(folder);
  const phrases = {
    enableEndpoint: 1,
    rule1MinTrailingSilence: 2.4,
    rule2MinTrailingSilence: 0.8,
    rule3MinUtteranceLength: 20,
  };
  return { library, part: 'listen', config: { ...(config as object), ...phrases } };
}

function partOf(
  { kind, isStreaming, metadata }: Model,
  paths: Record<string, string>,
  language: string,
): object {
  switch (kind) {
    case 'whisper':
      return { whisper: { ...paths, language, task: 'transcribe' } };
    case 'moonshine':
      return { moonshine: paths };
    case 'sense-voice':
      return { senseVoice: { ...paths, language: language || 'auto', useInverseTextNormalization: 1 } };
    case 'zipformer-ctc':
      return isStreaming ? { zipformer2Ctc: paths } : { zipformerCtc: paths };
    case 'transducer':
      // NeMo's transducers have another decoder, which the library does not find out by itself.
      return {
        transducer: paths,
        modelType: metadata['model_type']?.startsWith('EncDec') ? 'nemo_transducer' : '',
      };
    case 'vits':
    case 'kokoro':
      throw new Error('a voice does not hear');
  }
}

/** How sherpa-onnx is told to speak with a voice. */
export function speakingSetup(model: Model, folder: string, library: string): Omit<EngineSetup, 'nice'> {
  const { rules = '', ...paths } = inFolder(model, folder);
  const part = model.kind === 'kokoro' ? { kokoro: paths } : { vits: paths };
  const config = {
    model: { ...part, numThreads: SPEAKING_THREADS, provider: 'cpu', debug: 0 },
    maxNumSentences: 1,
    ruleFsts: rules,
  };
  return { library, part: 'speak', config };
}

function inFolder({ files }: Model, folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([role, names]) => [
      role,
      names
        .split(',')
        .map((name) => join(folder, name))
        .join(','),
    ]),
  );
}
