import type { Voice } from '../../native-audio/index.ts';

const SAMPLES_PER_MS = 48;
/** Loudspeaker and microphone have clocks of their own, and give and take parts of a frame: this much waits before any is taken. */
const AHEAD_SAMPLES = 20 * SAMPLES_PER_MS;
/** Where more than this waits the giver's clock is faster: what is older goes. */
const MOST_SAMPLES = 100 * SAMPLES_PER_MS;

/** Samples (48 kHz mono) that come at one clock and are taken at another one. What is not there is silence. */
export class SampleQueue implements Voice {
  readonly #samples = new Int16Array(MOST_SAMPLES);
  #first = 0;
  #count = 0;
  #isFilling = true;

  /** At most 100 ms at once. */
  push(samples: Int16Array): void {
    const over = this.#count + samples.length - MOST_SAMPLES;
    if (over > 0) this.#drop(this.#count + samples.length - AHEAD_SAMPLES);
    for (const sample of samples) {
      this.#samples[(this.#first + this.#count) % MOST_SAMPLES] = sample;
      this.#count += 1;
    }
  }

  pull(out: Int16Array): boolean {
    if (this.#count >= AHEAD_SAMPLES) this.#isFilling = false;
    const taken = this.#isFilling ? 0 : Math.min(out.length, this.#count);
    for (let i = 0; i < taken; i++) out[i] = this.#samples[(this.#first + i) % MOST_SAMPLES]!;
    out.fill(0, taken);
    this.#drop(taken);
    if (taken < out.length) this.#isFilling = true;
    return true;
  }

  #drop(count: number): void {
    const dropped = Math.min(count, this.#count);
    this.#first = (this.#first + dropped) % MOST_SAMPLES;
    this.#count -= dropped;
  }
}
