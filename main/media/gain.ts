import { saturated } from '../../native-audio/index.ts';

/**
 * Makes the first `count` samples louder or softer, in place and with saturation. Gains are factors of the amplitude. It changes
 * evenly from one gain to the other, so that a change makes no click.
 */
export function amplify(samples: Int16Array, count: number, from: number, to: number): void {
  if (from === 1 && to === 1) return;
  const step = (to - from) / Math.max(1, count);
  let gain = from;
  for (let i = 0; i < count; i++) {
    gain += step;
    samples[i] = saturated(Math.round(samples[i]! * gain));
  }
}

/** Silences the samples, and says that they are to be heard all the same. */
export function silence(samples: Int16Array): true {
  samples.fill(0);
  return true;
}

/** The gain of one voice. Within a frame it moves from the gain of the frame before to the one that is wanted now. */
export class Gain {
  wanted: number;
  #last: number;

  constructor(gain: number) {
    this.wanted = this.#last = gain;
  }

  /** The first `count` samples, in place. */
  amplify(samples: Int16Array, count: number): void {
    amplify(samples, count, this.#last, this.wanted);
    this.#last = this.wanted;
  }
}
