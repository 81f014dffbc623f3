import { FRAME_SAMPLES } from '../model/index.ts';

/** Shortening takes out between 2.5 ms (a period of 400 Hz) and 7.5 ms (133 Hz), by steps of a sixth of one. */
const MIN_CUT = 120;
const MAX_CUT = 360;
const CUT_STEP = 8;
/** Below this mean square (−50 dB of full scale) it is a pause. */
const QUIET = (32768 * 10 ** (-50 / 20)) ** 2;
/** From this likeness on, one frame continues as the other. */
const ALIKE = 0.6;

const FADE = Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => {
  return 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / FRAME_SAMPLES);
});

/** Whether nobody would hear that the two are laid over each other: both are pauses, or a sound with a period that fits. */
export function canMerge(first: Int16Array, second: Int16Array): boolean {
  return likeness(first, second) > ALIKE;
}

/** Goes over from the first to the second, of the same length, in place. */
export function mergeFrames(first: Int16Array, second: Int16Array): void {
  const { length } = first;
  for (let i = 0; i < length; i++) {
    const gain = FADE[Math.floor((i * FRAME_SAMPLES) / length)]!;
    first[i] = first[i]! * (1 - gain) + second[i]! * gain;
  }
}

/**
 * Shortens the frame in place by at most `limit` samples where nobody hears it: its beginning is blended with its end at the
 * distance where the two are most alike. Returns how many samples were taken out; 0 where none can be.
 */
export function shortenFrame(frame: Int16Array, limit: number): number {
  let best = 0;
  let bestLikeness = ALIKE;
  for (let cut = Math.min(limit, MAX_CUT); cut >= MIN_CUT; cut -= CUT_STEP) {
    const like = likeness(frame.subarray(0, FRAME_SAMPLES - cut), frame.subarray(cut));
    if (like > bestLikeness) [best, bestLikeness] = [cut, like];
  }
  if (best > 0) mergeFrames(frame.subarray(0, FRAME_SAMPLES - best), frame.slice(best));
  return best;
}

/** Normalised correlation; pauses are alike. */
function likeness(first: Int16Array, second: Int16Array): number {
  const { length } = first;
  let product = 0;
  let firstEnergy = 1;
  let secondEnergy = 1;
  for (let i = 0; i < length; i++) {
    product += first[i]! * second[i]!;
    firstEnergy += first[i]! * first[i]!;
    secondEnergy += second[i]! * second[i]!;
  }
  if (Math.max(firstEnergy, secondEnergy) < QUIET * length) return 1;
  return product / Math.sqrt(firstEnergy * secondEnergy);
}
