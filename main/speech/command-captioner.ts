import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { basename } from 'node:path';
import { schedule, TokenBucket } from '../model/index.ts';
import { captionLine } from './caption-line.ts';
import { engineEndedEarly, engineFailed, engineSlow, engineTooMuch, notStarted } from './engine-errors.ts';
import { lastWordsOf } from './last-words.ts';
import { LineReader } from './line-reader.ts';
import { LiveSpeechRate } from './live-speech-rate.ts';
import { signalGroup, startGroup } from './process-group.ts';
import { exitOf } from './run-program.ts';
import type { CaptionListener, Captioner, LiveSpeech } from './speech.ts';
import { programOf } from './split-command.ts';
import { WaitingSpeech } from './waiting-speech.ts';

export interface CaptionLimits {
  /** How long a program may take no sound: it loads its model, or hangs. */
  readonly stalledMs: number;
  /** How long it may still work after the end of the speech. */
  readonly endMs: number;
  /** A line without an end, bytes. */
  readonly lineBytes: number;
}

const LIMITS: CaptionLimits = {
  ...{ stalledMs: 30_000, endMs: 15_000 },
  lineBytes: 1024 * 1024,
};

/** What a program may print, bytes: far more than ten partial phrases a second. A call may last for hours. */
const PRINTS = { atOnce: 2 * 1024 * 1024, perSecond: 64 * 1024 };

/**
 * A command of the person's that reads sound from its standard input while somebody speaks (16 kHz, mono, 16 bits, the lower byte first,
 * no header), and prints a line for each phrase; `captionLine` has the forms. It is started for each speech, without a shell, at the
 * lowest priority, and is ended with all that it has started.
 */
export class CommandCaptioner implements Captioner {
  readonly #command: string;
  readonly #limits: CaptionLimits;
  readonly #open = new Set<LiveSpeech>();

  /** @param command in the person's words; `splitCommand` has the rules */
  constructor(command: string, limits: Partial<CaptionLimits> = {}) {
    this.#command = command;
    this.#limits = { ...LIMITS, ...limits };
  }

  listen(listener: CaptionListener): LiveSpeech {
    const { program, args } = programOf(this.#command);
    const child = startGroup(program, args, 'background');
    const speech: LiveSpeech = new SpokenToProgram(basename(program), child, listener, this.#limits);
    this.#open.add(speech);
    child.once('close', () => this.#open.delete(speech));
    return speech;
  }

  close(): void {
    for (const speech of this.#open) speech.abort();
  }
}

class SpokenToProgram implements LiveSpeech {
  readonly #engine: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #listener: CaptionListener;
  readonly #limits: CaptionLimits;
  readonly #rate = new LiveSpeechRate();
  readonly #waiting = new WaitingSpeech();
  readonly #lines = new LineReader();
  readonly #prints = new TokenBucket(PRINTS);
  /** The program has not taken what it was given. */
  #isFull = false;
  #hasEnded = false;
  #isOver = false;
  #cancelLimit: (() => void) | undefined;

  constructor(
    engine: string,
    child: ChildProcessWithoutNullStreams,
    listener: CaptionListener,
    limits: CaptionLimits,
  ) {
    this.#engine = engine;
    this.#child = child;
    this.#listener = listener;
    this.#limits = limits;
    // A program that has closed its input ends soon, or is ended after the speech.
    child.stdin.on('error', () => undefined);
    child.stdin.on('drain', () => this.#drained());
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    void this.#untilExit(lastWordsOf([child.stderr]));
  }

  put(pcm: Int16Array): void {
    if (this.#hasEnded || this.#isOver) return;
    this.#waiting.put(this.#rate.put(pcm));
    this.#give();
  }

  end(): void {
    if (this.#hasEnded || this.#isOver) return;
    this.#hasEnded = true;
    this.#write();
    this.#child.stdin.end();
    this.#limit(this.#limits.endMs);
  }

  abort(): void {
    this.#isOver = true;
    this.#cancelLimit?.();
    this.#waiting.take();
    signalGroup(this.#child.pid, 'SIGKILL');
  }

  #give(): void {
    if (this.#isFull || this.#waiting.isEmpty) return;
    this.#isFull = !this.#write();
    if (this.#isFull) this.#limit(this.#limits.stalledMs);
  }

  /** Returns whether more may be written at once. */
  #write(): boolean {
    const { buffer, byteOffset, byteLength } = this.#waiting.take();
    return this.#child.stdin.write(Buffer.from(buffer, byteOffset, byteLength));
  }

  #drained(): void {
    this.#isFull = false;
    if (this.#hasEnded) return;
    this.#cancelLimit?.();
    this.#give();
  }

  #limit(ms: number): void {
    this.#cancelLimit?.();
    this.#cancelLimit = schedule(() => this.#finish(engineSlow(this.#engine, ms)), ms);
  }

  #read(chunk: Buffer): void {
    if (this.#isOver) return;
    const isFlood = !this.#prints.take(performance.now(), chunk.length);
    for (const line of this.#lines.put(chunk)) this.#tell(line);
    const isLong = Buffer.byteLength(this.#lines.rest) > this.#limits.lineBytes;
    if (isFlood || isLong) this.#finish(engineTooMuch(this.#engine));
  }

  #tell(line: string): void {
    if (this.#isOver) return;
    try {
      const said = captionLine(this.#engine, line);
      if (said?.isWhole) this.#listener.onPhrase(said.text);
      else if (said) this.#listener.onPartial(said.text);
    } catch (error) {
      this.#finish(error);
    }
  }

  async #untilExit(lastWords: () => string): Promise<void> {
    try {
      const code = await exitOf(this.#child);
      this.#tell(this.#lines.rest);
      if (code !== 0) this.#finish(engineFailed(this.#engine, lastWords()));
      else this.#finish(this.#hasEnded ? undefined : engineEndedEarly(this.#engine));
    } catch (error) {
      this.#finish(notStarted(this.#engine, error));
    }
  }

  #finish(error?: unknown): void {
    if (this.#isOver) return;
    this.abort();
    this.#listener.onEnd(error);
  }
}
