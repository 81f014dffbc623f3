import { FRAME_SAMPLES } from './frame.ts';
import { Limiter } from './limiter.ts';

/** Something that the loudspeaker plays. */
export interface Voice {
  /** Fills the next samples (48 kHz mono, at most 480). False once it has ended: the mixer then ignores `out`. */
  pull(out: Int16Array): boolean;
  /** How many of the next samples are final, unless the voice ends or its gain changes; left out: none. */
  readonly decided?: number;
  /** `pull` threw: the mixer has dropped this voice. */
  failed?(error: unknown): void;
}

/** Adds voices up and limits the sum. Allocates nothing per frame. */
export class Mixer {
  readonly #voices = new Set<Voice>();
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  /** The part of the frame that one call fills. */
  #one = this.#frame;
  readonly #limiter = new Limiter();
  readonly #sum = new Int32Array(FRAME_SAMPLES);
  readonly #onEnded: (voice: Voice) => void;

  constructor(onEnded: (voice: Voice) => void) {
    this.#onEnded = onEnded;
  }

  get size(): number {
    return this.#voices.size;
  }

  /** How many of the next samples are final, unless voices come or go. */
  get decided(): number {
    let decided = this.#voices.size === 0 ? 0 : Infinity;
    for (const voice of this.#voices) decided = Math.min(decided, voice.decided ?? 0);
    return decided;
  }

  add(voice: Voice): void {
    this.#voices.add(voice);
  }

  remove(voice: Voice): void {
    this.#voices.delete(voice);
  }

  /** Fills the next samples, at most 480; false if they are silence. A voice that throws has ended. */
  fill(out: Int16Array): boolean {
    if (this.#voices.size === 0) {
      out.fill(0);
      return false;
    }
    const { length } = out;
    if (this.#one.length !== length) this.#one = this.#frame.subarray(0, length);
    this.#sum.fill(0);
    let heard = false;
    for (const voice of this.#voices) {
      if (this.#pull(voice)) {
        heard = true;
        for (let i = 0; i < length; i++) this.#sum[i]! += this.#one[i]!;
      } else {
        this.#voices.delete(voice);
        this.#onEnded(voice);
      }
    }
    this.#limiter.fill(out, this.#sum);
    return heard;
  }

  #pull(voice: Voice): boolean {
    try {
      return voice.pull(this.#one);
    } catch (error) {
      voice.failed?.(error);
      return false;
    }
  }
}
