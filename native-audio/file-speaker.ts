import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from './frame.ts';
import type { NativeStream } from './portaudio.ts';
import { writeWav } from './wav.ts';

/** A speaker whose name begins with this is a WAV file: for computers without a sound card. */
const PREFIX = 'file:';
const HEADER_BYTES = 44;
/** The file speaker takes samples this far ahead of the clock, like a device with a small buffer, ms. */
const AHEAD_MS = 10;
/** The most time that it catches up after a busy computer was late, ms: nobody listens to the file while it is written. */
const MAKE_UP_MS = 1000;
/** The size of one hour. Then the file starts again from empty, so that a forgotten one does not fill the disk. */
const MAX_BYTES = SAMPLE_RATE_HZ * 2 * 3600;

/** The path that a speaker's name stands for, if it names a file. */
export function fileOfSpeaker(name: string): string | undefined {
  return name.startsWith(PREFIX) && name.length > PREFIX.length ? name.slice(PREFIX.length) : undefined;
}

/**
 * A loudspeaker that writes its samples to a WAV file (48 kHz mono), at the pace of a real one. The file is valid after
 * every tenth of a second. It leaves out long silence.
 * @throws Error where the file cannot be written
 */
export class FileSpeaker implements NativeStream {
  readonly #file: number;
  #bytes = 0;
  #silentBytes = 0;
  #dueAt: number | undefined;
  #sinceHeader = 0;
  #closed = false;

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600);
    this.#begin();
  }

  start(): void {
    this.#dueAt = performance.now();
  }

  read(): Promise<{ finished: boolean }> {
    return Promise.resolve({ finished: true });
  }

  async write(bytes: Buffer): Promise<string | undefined> {
    if (this.#closed) return undefined;
    this.#keep(bytes);
    const now = performance.now();
    const dueAt = Math.max(this.#dueAt ?? now, now - MAKE_UP_MS) + (bytes.length / 2 / SAMPLE_RATE_HZ) * 1000;
    this.#dueAt = dueAt;
    const wait = dueAt - now - AHEAD_MS;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    return undefined;
  }

  quit(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#writeHeader();
      closeSync(this.#file);
    }
    return Promise.resolve();
  }

  #keep(bytes: Buffer): void {
    const silent = bytes.every((byte) => byte === 0);
    this.#silentBytes = silent ? this.#silentBytes + bytes.length : 0;
    if (this.#silentBytes > SAMPLE_RATE_HZ * 2) return;
    if (this.#bytes + bytes.length > MAX_BYTES) this.#begin();
    writeSync(this.#file, bytes, 0, bytes.length, HEADER_BYTES + this.#bytes);
    this.#bytes += bytes.length;
    this.#sinceHeader += bytes.length;
    if (this.#sinceHeader >= FRAME_SAMPLES * 2 * 10) this.#writeHeader();
  }

  #begin(): void {
    ftruncateSync(this.#file, 0);
    this.#bytes = 0;
    this.#writeHeader();
  }

  #writeHeader(): void {
    const header = writeWav(new Int16Array(0));
    header.writeUInt32LE(header.length - 8 + this.#bytes, 4);
    header.writeUInt32LE(this.#bytes, HEADER_BYTES - 4);
    writeSync(this.#file, header, 0, HEADER_BYTES, 0);
    this.#sinceHeader = 0;
  }
}
