import { FRAME_SAMPLES } from './frame.ts';

/** Fills the next 480 samples; false if there are none now. */
type SampleSource = (frame: Int16Array) => boolean;

/** One step of the output: half of the overlapping window (20 ms) that is cut out of the input. */
const HOP = FRAME_SAMPLES;
const WINDOW = 2 * HOP;
/** How far the cut may move, either way, to meet the waveform it continues: half a period of 100 Hz. */
const SEARCH = 240;
/** The search compares every fourth sample at every fourth place, then finely around the best. */
const COARSE = 4;
const MIN_SPEED = 0.5;
const MAX_SPEED = 2.5;
/** What one step at the highest speed can need, and some frames more. */
const CAPACITY = Math.ceil(HOP * MAX_SPEED) + 2 * SEARCH + WINDOW + 4 * FRAME_SAMPLES;

const FADE_IN = Float32Array.from(
  { length: HOP },
  (_, i) => 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / HOP),
);

/**
 * Changes the speed of speech (48 kHz mono) and keeps its pitch: WSOLA (Verhelst and Roelands, 1993). At speed 1 it hands
 * on each frame unchanged and without delay. `bufferedSamples` is what it took from the source and has not played: it
 * counts as part of the source's own buffer, and is played first when the speed goes back to 1.
 */
export class TimeStretcher {
  #speed = 1;
  readonly #input = new Int16Array(CAPACITY);
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  #length = 0;
  /** Where in the input the natural continuation of what was last played begins. */
  #next = 0;
  /** Where the next cut would be if only the speed counted. */
  #ideal = 0;

  get speed(): number {
    return this.#speed;
  }

  /** May change at any time. It stays between 0.5 and 2.5. */
  set speed(value: number) {
    const speed = Math.min(MAX_SPEED, Math.max(MIN_SPEED, value));
    if (speed === this.#speed || Number.isNaN(speed)) return;
    this.#speed = speed;
    this.#ideal = this.#next;
  }

  get bufferedSamples(): number {
    return this.#length - this.#next;
  }

  /** Fills the next 480 samples, and asks the source for as many frames as that takes; false when all is played. */
  pull(out: Int16Array, source: SampleSource): boolean {
    if (this.#speed === 1) return this.#pass(out, source);
    const ideal = Math.round(this.#ideal);
    if (!this.#reach(Math.max(this.#next + HOP, ideal + SEARCH + WINDOW), source)) return this.#finish(out);
    const cut = this.#search(ideal);
    const input = this.#input;
    for (let i = 0; i < HOP; i++) {
      const gain = FADE_IN[i]!;
      out[i] = input[this.#next + i]! * (1 - gain) + input[cut + i]! * gain;
    }
    this.#next = cut + HOP;
    this.#ideal += HOP * this.#speed;
    this.#forget();
    return true;
  }

  /** Forgets what it holds, for example to begin another message. */
  reset(): void {
    this.#length = 0;
    this.#next = 0;
    this.#ideal = 0;
  }

  #pass(out: Int16Array, source: SampleSource): boolean {
    if (this.bufferedSamples === 0) {
      this.reset();
      return source(out);
    }
    if (!this.#reach(this.#next + HOP, source)) return this.#finish(out);
    out.set(this.#input.subarray(this.#next, this.#next + HOP));
    this.#next += HOP;
    this.#ideal = this.#next;
    this.#forget();
    return true;
  }

  /** Plays what is left, when the source has no more. */
  #finish(out: Int16Array): boolean {
    const left = Math.min(HOP, this.bufferedSamples);
    if (left <= 0) {
      this.reset();
      return false;
    }
    out.fill(0);
    out.set(this.#input.subarray(this.#next, this.#next + left));
    this.#next += left;
    this.#ideal = this.#next;
    this.#forget();
    return true;
  }

  #reach(end: number, source: SampleSource): boolean {
    while (this.#length < end) {
      if (!source(this.#frame)) return false;
      this.#input.set(this.#frame, this.#length);
      this.#length += FRAME_SAMPLES;
    }
    return true;
  }

  /** The cut near `ideal` whose beginning is most like the natural continuation. */
  #search(ideal: number): number {
    const from = Math.max(0, ideal - SEARCH);
    const to = ideal + SEARCH;
    let best = from;
    let bestLikeness = -Infinity;
    for (let cut = from; cut <= to; cut += COARSE) {
      const likeness = this.#likeness(cut, COARSE);
      if (likeness > bestLikeness) [best, bestLikeness] = [cut, likeness];
    }
    const middle = best;
    bestLikeness = -Infinity;
    for (let cut = Math.max(from, middle - COARSE + 1); cut < Math.min(to, middle + COARSE); cut++) {
      const likeness = this.#likeness(cut, 1);
      if (likeness > bestLikeness) [best, bestLikeness] = [cut, likeness];
    }
    return best;
  }

  /** Normalised correlation of the cut with the continuation, over one hop. */
  #likeness(cut: number, step: number): number {
    const input = this.#input;
    let product = 0;
    let energy = 1;
    for (let i = 0; i < HOP; i += step) {
      const value = input[cut + i]!;
      product += value * input[this.#next + i]!;
      energy += value * value;
    }
    return product / Math.sqrt(energy);
  }

  /** Drops input that neither the continuation nor the next search can reach. */
  #forget(): void {
    const drop = Math.min(this.#next, Math.max(0, Math.round(this.#ideal) - SEARCH));
    if (drop < FRAME_SAMPLES) return;
    this.#input.copyWithin(0, drop, this.#length);
    this.#length -= drop;
    this.#next -= drop;
    this.#ideal -= drop;
  }
}
