import type { Clock, Schedule, Transcript } from '../model/index.ts';
import type { Recogniser } from './speech.ts';
import {
  TranscriptionQueue,
  type QueueInput,
  type QueueOutput,
  type TranscriptState,
} from './transcription-queue.ts';

export interface TranscriberPorts {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly schedule: Schedule;
  /** A message's sound: 48 kHz, mono. */
  readonly soundOf: (id: string, signal: AbortSignal) => Promise<Int16Array>;
  /** The language that a message is probably in, a BCP 47 tag; undefined: the engine guesses. */
  readonly languageOf: (id: string) => string | undefined;
  /** Keeps a transcript with its message. It is done once this has resolved. */
  readonly keep: (id: string, transcript: Transcript) => Promise<void>;
  readonly onChange: (id: string, state: TranscriptState | undefined) => void;
  /** Why a message has failed: a CorridorError with a sentence, or an unexpected error. */
  readonly onFailed: (id: string, error: unknown) => void;
}

/** Makes transcripts in the background, as the queue says, by the engine that the person has chosen. */
export class Transcriber {
  readonly #ports: TranscriberPorts;
  readonly #queue = new TranscriptionQueue();
  #recogniser: Recogniser | undefined;
  #work: { readonly id: string; readonly abort: AbortController } | undefined;
  #cancelTime: (() => void) | undefined;

  constructor(ports: TranscriberPorts) {
    this.#ports = ports;
  }

  /** The engine from now on; undefined: none. Closes the one before. */
  useEngine(recogniser: Recogniser | undefined): void {
    const former = this.#recogniser;
    this.#step({ type: 'engine', isThere: false, canPause: false });
    former?.close();
    this.#recogniser = recogniser;
    if (recogniser) this.#step({ type: 'engine', isThere: true, canPause: recogniser.canPause });
  }

  /** `arrivedAt` orders messages: later is newer. */
  add(id: string, message: { readonly arrivedAt: number; readonly isHeard: boolean }): void {
    this.#step({ type: 'add', id, ...message });
  }

  heard(id: string): void {
    this.#step({ type: 'heard', id });
  }

  /** The message is deleted. */
  remove(id: string): void {
    this.#step({ type: 'remove', id });
  }

  /** The person wants this one now, also where it failed before. */
  ask(id: string): void {
    this.#step({ type: 'ask', id });
  }

  /** Whether a key is down here or at a talker, or somebody is in a call: then no processor is used. */
  talk(isTalking: boolean): void {
    this.#step({ type: 'talk', isTalking });
  }

  stateOf(id: string): TranscriptState | undefined {
    return this.#queue.stateOf(id);
  }

  close(): void {
    this.useEngine(undefined);
    this.#cancelTime?.();
  }

  #step(input: QueueInput): void {
    for (const output of this.#queue.step(input, this.#ports.clock.monotonic())) this.#carryOut(output);
  }

  #carryOut(output: QueueOutput): void {
    switch (output.type) {
      case 'start':
        void this.#transcribe(output.id);
        break;
      case 'stop':
        this.#work?.abort.abort(new DOMException('The transcript is not wanted now.', 'AbortError'));
        this.#work = undefined;
        break;
      case 'pause':
        this.#recogniser?.pause();
        break;
      case 'resume':
        this.#recogniser?.resume();
        break;
      case 'schedule': {
        this.#cancelTime?.();
        const inMs = Math.max(0, output.at - this.#ports.clock.monotonic());
        this.#cancelTime = this.#ports.schedule(() => this.#step({ type: 'time' }), inMs);
        break;
      }
      case 'changed':
        this.#ports.onChange(output.id, output.state);
        break;
    }
  }

  async #transcribe(id: string): Promise<void> {
    const recogniser = this.#recogniser;
    if (!recogniser) return;
    const work = { id, abort: new AbortController() };
    this.#work = work;
    const { signal } = work.abort;
    const onProgress = (part: number): void => {
      if (this.#work === work) this.#step({ type: 'progress', id, part });
    };
    try {
      const sound = await this.#ports.soundOf(id, signal);
      signal.throwIfAborted();
      const language = this.#ports.languageOf(id);
      const transcript = await recogniser.recognise(sound, { language, onProgress }, signal);
      signal.throwIfAborted();
      await this.#ports.keep(id, transcript);
      this.#finish(work, { type: 'done', id });
    } catch (error) {
      if (this.#work !== work) return;
      this.#ports.onFailed(id, error);
      this.#finish(work, { type: 'failed', id });
    }
  }

  #finish(work: object, input: QueueInput): void {
    if (this.#work !== work) return;
    this.#work = undefined;
    this.#step(input);
  }
}
