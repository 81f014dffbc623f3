import { basename } from 'node:path';
import { writeWav } from '../../native-audio/index.ts';
import type { Transcript } from '../model/index.ts';
import { readOutput } from './command-output.ts';
import { Gate } from './gate.ts';
import { CAN_STOP } from './process-group.ts';
import { endedBy, RunningProgram } from './run-program.ts';
import { SPEECH_RATE_HZ, toSpeechRate } from './sixteen-kilohertz.ts';
import type { Recogniser, RecogniserOptions } from './speech.ts';
import { splitCommand } from './split-command.ts';
import type { WorkFolder } from './work-folder.ts';

/** How long a command may work: to load its model, and for each second of sound. */
const LOAD_LIMIT_MS = 60_000;
const LIMIT_OF_SOUND = 10;
/** More than ten minutes of speech as text, also as lines of JSON. */
const MAX_OUTPUT_BYTES = 256 * 1024;

interface CommandOptions {
  /** In the person's words; `splitCommand` has the rules. */
  readonly command: string;
  readonly folder: WorkFolder;
  readonly loadLimitMs?: number;
}

/**
 * A command of the person's that gets the path of a WAV file (16 kHz, mono, 16 bits) and prints what was said; `readOutput` has the forms.
 * It runs without a shell, at the lowest priority, and is ended with all that it has started.
 */
export class CommandRecogniser implements Recogniser {
  readonly canPause = CAN_STOP;
  readonly #options: CommandOptions;
  #running: RunningProgram | undefined;
  readonly #gate = new Gate();
  #closing = new AbortController();

  constructor(options: CommandOptions) {
    this.#options = options;
  }

  async recognise(
    pcm: Int16Array,
    { onProgress }: RecogniserOptions,
    signal: AbortSignal,
  ): Promise<Transcript> {
    const { command, folder, loadLimitMs = LOAD_LIMIT_MS } = this.#options;
    const either = AbortSignal.any([signal, this.#closing.signal]);
    const speech = await toSpeechRate(pcm, this.#gate, either);
    onProgress?.(0);
    return folder.withFile(writeWav(speech, SPEECH_RATE_HZ), async (wav) => {
      const { program, args } = splitCommand(command, wav);
      const engine = basename(program);
      await this.#gate.passed;
      either.throwIfAborted();
      const running = new RunningProgram({
        ...{ engine, program, args, urgency: 'background', maxBytes: MAX_OUTPUT_BYTES },
        limitMs: loadLimitMs + LIMIT_OF_SOUND * (speech.length / SPEECH_RATE_HZ) * 1000,
      });
      this.#running = running;
      try {
        return readOutput(engine, await endedBy(either, running));
      } finally {
        if (this.#running === running) this.#running = undefined;
      }
    });
  }

  pause(): void {
    this.#gate.close();
    this.#running?.pause();
  }

  resume(): void {
    this.#gate.open();
    this.#running?.resume();
  }

  close(): void {
    this.#closing.abort(new DOMException('The recogniser is closed.', 'AbortError'));
    this.#closing = new AbortController();
    this.#gate.open();
  }
}
