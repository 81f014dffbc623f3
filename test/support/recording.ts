import type { ChildProcess } from 'node:child_process';
import { eventually } from './eventually.ts';

/** Samples of this size and more are sound. Opus gives silence back as samples of 1. */
const AUDIBLE = 600;
const SAMPLES_PER_MS = 48;
const SAMPLE_BYTES = 2;

/** What a recorder hears, 48 kHz mono, until it is stopped. */
export class Recording {
  readonly #recorder: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** Where the chunk with the first sound began; undefined: none has come. */
  #soundStart: number | undefined;
  /** How many bytes there were when the last sound had come; 0: none has. */
  #soundEnd = 0;

  /** `recorder`: writes int16 samples to its output. Resolves when the first have arrived. */
  static async start(recorder: ChildProcess): Promise<Recording> {
    const recording = new Recording(recorder);
    const first = new Promise<void>((resolve) => recorder.stdout?.once('data', () => resolve()));
    await Promise.race([first, recording.#closed]);
    return recording;
  }

  private constructor(recorder: ChildProcess) {
    this.#recorder = recorder;
    this.#closed = new Promise((resolve) => recorder.once('close', () => resolve()));
    recorder.stdout?.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Resolves once this much has been recorded, ms. */
  holds(ms: number): Promise<void> {
    return eventually(() => this.#bytes >= ms * SAMPLES_PER_MS * SAMPLE_BYTES, `${ms} ms are recorded`);
  }

  /** Resolves once this much time lies between the first sound and the last one so far. */
  hasSoundedFor(ms: number, withinMs?: number): Promise<void> {
    const bytes = ms * SAMPLES_PER_MS * SAMPLE_BYTES;
    return eventually(
      () => this.#soundEnd - (this.#soundStart ?? this.#soundEnd) >= bytes,
      `it sounds for ${ms} ms`,
      withinMs,
    );
  }

  /** Resolves once something has sounded and `ms` of silence have followed: all of it has been played. */
  endsInSilence(ms: number, withinMs?: number): Promise<void> {
    const silentBytes = ms * SAMPLES_PER_MS * SAMPLE_BYTES;
    const since = (): string =>
      this.#soundEnd === 0
        ? 'nothing has sounded'
        : `it sounded ${msOf(this.#bytes - this.#soundEnd)} ms ago`;
    return eventually(
      () => this.#soundEnd > 0 && this.#bytes - this.#soundEnd >= silentBytes,
      () => `the recording ends in ${ms} ms of silence; of ${msOf(this.#bytes)} ms, ${since()}`,
      withinMs,
    );
  }

  /** Ends it. */
  async stop(): Promise<Int16Array> {
    this.#recorder.kill('SIGINT');
    await this.#closed;
    const bytes = Buffer.concat(this.#chunks);
    return Int16Array.from({ length: bytes.length >> 1 }, (_, n) => bytes.readInt16LE(n * SAMPLE_BYTES));
  }

  /** A sample that two chunks share is not looked at: sound has others. */
  #take(chunk: Buffer): void {
    const start = this.#bytes;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    const first = start % SAMPLE_BYTES;
    const last = this.#bytes % SAMPLE_BYTES;
    for (let at = chunk.length - last - SAMPLE_BYTES; at >= first; at -= SAMPLE_BYTES) {
      if (Math.abs(chunk.readInt16LE(at)) < AUDIBLE) continue;
      this.#soundStart ??= start;
      this.#soundEnd = start + at + SAMPLE_BYTES;
      return;
    }
  }
}

function msOf(bytes: number): number {
  return Math.floor(bytes / SAMPLE_BYTES / SAMPLES_PER_MS);
}
