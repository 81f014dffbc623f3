import { SAMPLE_RATE_HZ } from './frame.ts';

const FULL_SCALE = 32767;
/** The share of the missing gain that comes back with each sample: half of it in about a tenth of a second. */
const RELEASE = 1 - 2 ** (-1 / (0.1 * SAMPLE_RATE_HZ));

/**
 * Keeps the sum of several voices below full scale: it lowers all of them for a moment instead of clipping the peaks, which would sound
 * harsh. One voice alone passes unchanged. Allocates nothing.
 */
export class Limiter {
  #gain = 1;

  /** Writes the limited sums (48 kHz mono) into `out`, whose length says how many sums are used. */
  fill(out: Int16Array, sums: Int32Array): void {
    const { length } = out;
    for (let i = 0; i < length; i++) {
      const sum = sums[i]!;
      const level = sum < 0 ? -sum : sum;
      this.#gain += (1 - this.#gain) * RELEASE;
      if (level * this.#gain > FULL_SCALE) this.#gain = FULL_SCALE / level;
      out[i] = sum * this.#gain;
    }
  }
}
