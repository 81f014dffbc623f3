import type { ModelFileFault } from '../../i18n/index.ts';
import { CorridorError } from '../model/index.ts';

/** What a person reads of an engine's own words. */
const MAX_WHY = 160;

/** The system's error where a program cannot be started, as one with a sentence. Any other error stays as it is. */
export function notStarted(engine: string, error: unknown): unknown {
  if (!(error instanceof Error && 'errno' in error)) return error;
  return 'code' in error && error.code === 'ENOENT'
    ? engineMissing(engine)
    : engineFailed(engine, error.message);
}

export function engineMissing(engine: string): CorridorError {
  return new CorridorError(
    'engine-missing',
    `${engine} is not found on this computer. Install it, or choose something else in Settings.`,
    { details: { engine } },
  );
}

/** It ended, without an error, before what it listens to. */
export function engineEndedEarly(engine: string): CorridorError {
  return new CorridorError('engine-ended-early', `${engine} ended while somebody was still speaking.`, {
    details: { engine },
  });
}

/** @param words what the engine printed, of which the last line says most; undefined: nothing is known */
export function engineFailed(engine: string, words?: string): CorridorError {
  const why = lastLine(words ?? '');
  const sentence =
    why === null ? `${engine} ended with an error.` : `${engine} ended with an error (${why}).`;
  return new CorridorError('engine-failed', sentence, { details: { engine, why } });
}

export function engineSlow(engine: string, limitMs: number): CorridorError {
  const seconds = Math.round(limitMs / 1000);
  return new CorridorError('engine-slow', `${engine} was not done after ${seconds} seconds, and was ended.`, {
    details: { engine, seconds },
  });
}

export function engineTooMuch(engine: string): CorridorError {
  return new CorridorError('engine-too-much', `${engine} gave far more than was expected, and was ended.`, {
    details: { engine },
  });
}

export function engineGarbage(engine: string, cause?: unknown): CorridorError {
  return new CorridorError('engine-garbage', `What ${engine} gave cannot be read.`, {
    details: { engine },
    cause,
  });
}

export function modelUnknown(folder: string): CorridorError {
  return new CorridorError(
    'model-unknown',
    `The folder ${folder} has no model that Corridor knows. Choose the folder out of one of sherpa-onnx’s archives.`,
    { details: { folder } },
  );
}

export function modelNotLive(folder: string): CorridorError {
  return new CorridorError(
    'model-not-live',
    `The model in ${folder} hears only what was recorded. Captions need one that is made for streaming.`,
    { details: { folder } },
  );
}

const FILE_FAULTS: Readonly<Record<ModelFileFault, (file: string) => string>> = {
  missing: (file) => `The model folder has no ${file}.`,
  empty: (file) => `${file} is empty.`,
  'cut-off': (file) => `${file} is not complete.`,
  pointer: (file) => `Instead of ${file} there is a pointer of Git LFS.`,
  'no-model': (file) => `${file} is not a model.`,
};

export function modelDamaged(file: string, fault: ModelFileFault): CorridorError {
  return new CorridorError('model-damaged', `${FILE_FAULTS[fault](file)} Copy the model folder again.`, {
    details: { file, fault },
  });
}

/** The last line of an engine's words that has any, without control characters; null: it has none. */
function lastLine(words: string): string | null {
  const lines = words
    .split('\n')
    .map((line) => line.replace(/[\p{C}\uFFFD]+/gu, ' ').trim())
    .filter(Boolean);
  return (
    lines
      .at(-1)
      ?.slice(0, MAX_WHY)
      .replace(/[.\s]+$/u, '') ?? null
  );
}
