import * as v from 'valibot';
import type { Transcript } from '../model/index.ts';
import { chunksOf } from './chunks.ts';
import { heardSchema } from './child-protocol.ts';
import { engineGarbage } from './engine-errors.ts';
import { EngineProcess, SHERPA } from './engine-process.ts';
import { Gate } from './gate.ts';
import { heardWords, joined } from './heard-words.ts';
import { hearingIn } from './sherpa-setup.ts';
import { floatsOf, SPEECH_RATE_HZ, toSpeechRate } from './sixteen-kilohertz.ts';
import type { Recogniser, RecogniserOptions } from './speech.ts';
import type { StartChild } from './start-child.ts';

/** A large model on a slow processor, for one stretch of sound. */
const LIMIT_MS = 300_000;

/** A folder of the person's with a model that sherpa-onnx hears by: Whisper, Zipformer, Moonshine, SenseVoice. */
export class SherpaRecogniser implements Recogniser {
  /** Where processes cannot be stopped it waits after the stretch of sound that it is at, with the lowest priority until then. */
  readonly canPause = true;
  readonly #folder: string;
  readonly #process: EngineProcess;
  readonly #gate = new Gate();

  constructor(folder: string, start: StartChild, idleMs?: number) {
    this.#folder = folder;
    this.#process = new EngineProcess(start, 'background', idleMs);
  }

  async recognise(pcm: Int16Array, options: RecogniserOptions, signal: AbortSignal): Promise<Transcript> {
    const setup = await hearingIn(this.#folder, options.language);
    const speech = await toSpeechRate(pcm, this.#gate, signal);
    const parts: Transcript[] = [];
    for (const { from, to } of chunksOf(speech, SPEECH_RATE_HZ)) {
      options.onProgress?.(from / speech.length);
      await this.#gate.passed;
      const samples = floatsOf(speech.subarray(from, to));
      const value = await this.#process.ask(setup, { type: 'hear', samples }, LIMIT_MS, signal);
      const heard = v.safeParse(heardSchema, value);
      if (!heard.success) throw engineGarbage(SHERPA);
      parts.push(heardWords(heard.output, (from * 1000) / SPEECH_RATE_HZ, (to * 1000) / SPEECH_RATE_HZ));
    }
    return joined(parts);
  }

  pause(): void {
    this.#gate.close();
    this.#process.pause();
  }

  resume(): void {
    this.#gate.open();
    this.#process.resume();
  }

  close(): void {
    this.#process.close();
    this.#gate.open();
  }
}
