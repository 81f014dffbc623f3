import { basename } from 'node:path';
import * as v from 'valibot';
import { resampleInTurns } from '../../native-audio/index.ts';
import { SAMPLE_RATE_HZ } from '../model/index.ts';
import { spokenSchema } from './child-protocol.ts';
import { engineGarbage } from './engine-errors.ts';
import { EngineProcess, SHERPA } from './engine-process.ts';
import { canonicalTag } from './language.ts';
import { readModelFolder } from './model-folder.ts';
import { speakingModel, type Model } from './model-kinds.ts';
import { speakingSetup } from './sherpa-config.ts';
import { findLibrary } from './sherpa-library.ts';
import type { Voice, VoiceEngine } from './speech.ts';
import type { StartChild } from './start-child.ts';

/** The longest text, on a slow processor. */
const LIMIT_MS = 120_000;
/** Twice the longest message: whether a text is too long to be sent, its sender decides. */
const MAX_SECONDS = 1200;
/** Kokoro's speakers are named by language and sex, as in `af_bella`. */
const KOKORO_LANGUAGES: Readonly<Record<string, string>> = {
  ...{ a: 'en-US', b: 'en-GB', e: 'es', f: 'fr', h: 'hi', i: 'it', j: 'ja', p: 'pt-BR', z: 'zh' },
};

/** A folder of the person's with a Piper (or other VITS) or Kokoro voice, as sherpa-onnx publishes them. */
export class SherpaVoice implements VoiceEngine {
  readonly name = 'sherpa';
  readonly #folder: string;
  readonly #process: EngineProcess;

  constructor(folder: string, start: StartChild, idleMs?: number) {
    this.#folder = folder;
    this.#process = new EngineProcess(start, 'awaited', idleMs);
  }

  /** Rejects where the person's folder has no voice: they have chosen it, and it has to be said. */
  async list(): Promise<readonly Voice[]> {
    return voicesIn(await readModelFolder(this.#folder, speakingModel), basename(this.#folder));
  }

  async speak(text: string, voice: Voice, signal: AbortSignal): Promise<Int16Array> {
    const model = await readModelFolder(this.#folder, speakingModel);
    const setup = speakingSetup(model, this.#folder, findLibrary(this.#folder));
    const speaker = Number(voice.id.slice(voice.id.lastIndexOf('#') + 1));
    const value = await this.#process.ask(setup, { type: 'speak', text, speaker }, LIMIT_MS, signal);
    const spoken = v.safeParse(spokenSchema, value);
    if (!spoken.success) throw engineGarbage(SHERPA);
    const { samples, sampleRate } = spoken.output;
    if (samples.length === 0 || samples.length > MAX_SECONDS * sampleRate) throw engineGarbage(SHERPA);
    return resampleInTurns(samples, sampleRate, SAMPLE_RATE_HZ);
  }

  close(): void {
    this.#process.close();
  }
}

/** A voice for each of the model's speakers, numbered from 0: `sherpa:FOLDER#0`. */
export function voicesIn({ kind, files, metadata }: Model, folder: string): Voice[] {
  const language =
    canonicalTag(metadata['voice'] ?? '') ?? tagIn(files['model'] ?? '') ?? tagIn(folder) ?? 'en';
  const names = metadata['speaker_names']?.split(',') ?? [];
  const count = Math.max(1, Math.min(1000, Number(metadata['n_speakers']) || 1));
  return Array.from({ length: count }, (_, i) => {
    const speaker = names[i] ?? (count > 1 ? String(i + 1) : '');
    const ofSpeaker = kind === 'kokoro' ? KOKORO_LANGUAGES[speaker[0] ?? ''] : undefined;
    return {
      id: `sherpa:${folder}#${i}`,
      name: speaker === '' ? folder : `${folder}, ${speaker}`,
      language: ofSpeaker ?? language,
      engine: 'sherpa',
    };
  });
}

/** The language in the name of a voice's file or folder, as in `vits-piper-de_DE-thorsten-medium`. */
function tagIn(name: string): string | undefined {
  const [, tag] = /(?:^|-)([a-z]{2}(?:_[A-Z]{2})?)(?:-|\.|$)/.exec(name) ?? [];
  return tag === undefined ? undefined : canonicalTag(tag);
}
