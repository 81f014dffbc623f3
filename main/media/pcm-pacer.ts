import { FRAME_MS, FRAME_SAMPLES } from '../model/index.ts';

/**
 * Speaks a recording (48 kHz mono) in real time: frame i is due i·10 ms after the start, whatever the timers do, so
 * that it neither drifts nor loses a frame.
 */
export class PcmPacer {
  readonly #pcm: Int16Array;
  readonly #onFrame: (frame: Int16Array) => void;
  readonly #onEnd: () => void;
  readonly #startedAt = performance.now();
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Frames come from the next turn of the loop on; `onEnd` once, after the last or after `stop`. */
  constructor(pcm: Int16Array, onFrame: (frame: Int16Array) => void, onEnd: () => void) {
    this.#pcm = pcm;
    this.#onFrame = onFrame;
    this.#onEnd = onEnd;
    this.#timer = setTimeout(() => this.#run(), 0);
  }

  stop(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#onEnd();
  }

  #run(): void {
    const count = Math.ceil(this.#pcm.length / FRAME_SAMPLES);
    while (this.#timer && this.#next < count && this.#dueAt() <= performance.now()) {
      const at = this.#next * FRAME_SAMPLES;
      const part = this.#pcm.subarray(at, at + FRAME_SAMPLES);
      this.#next += 1;
      this.#onFrame(part.length === FRAME_SAMPLES ? part : padded(part));
    }
    if (!this.#timer) return;
    if (this.#next >= count) this.stop();
    else this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#dueAt() - performance.now()));
  }

  /** As from a microphone, a frame is there when its last sample is. */
  #dueAt(): number {
    return this.#startedAt + (this.#next + 1) * FRAME_MS;
  }
}

function padded(part: Int16Array): Int16Array {
  const frame = new Int16Array(FRAME_SAMPLES);
  frame.set(part);
  return frame;
}
