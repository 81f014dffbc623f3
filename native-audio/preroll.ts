import { FRAME_MS, FRAME_SAMPLES, type FrameSink } from './frame.ts';

/** The latest frames of the microphone, in memory only: what a person said just before key down. */
export class Preroll {
  readonly #ring: Int16Array;
  readonly #capacity: number;
  #next = 0;
  #held = 0;

  constructor(ms: number) {
    this.#capacity = Math.floor(ms / FRAME_MS);
    this.#ring = new Int16Array(this.#capacity * FRAME_SAMPLES);
  }

  push(frame: Int16Array): void {
    this.#ring.set(frame, this.#next * FRAME_SAMPLES);
    this.#next = (this.#next + 1) % this.#capacity;
    if (this.#held < this.#capacity) this.#held++;
  }

  /** Hands on the last `ms`, the oldest frame first; a frame is valid only during the call. */
  replay(ms: number, sink: FrameSink): void {
    const count = Math.min(this.#held, Math.floor(ms / FRAME_MS));
    for (let back = count; back > 0; back--) {
      const at = ((this.#next - back + this.#capacity) % this.#capacity) * FRAME_SAMPLES;
      sink(this.#ring.subarray(at, at + FRAME_SAMPLES));
    }
  }

  /** Overwrites and forgets what it held. */
  clear(): void {
    this.#ring.fill(0);
    this.#held = 0;
  }
}
