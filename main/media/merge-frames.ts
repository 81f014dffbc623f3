import { FRAME_SAMPLES } from '../model/index.ts';

/** Below this mean square (−50 dB of full scale) it is a pause. */
const QUIET = (32768 * 10 ** (-50 / 20)) ** 2;
/** From this likeness on, one frame continues as the other. */
const ALIKE = 0.6;

const FADE = Float32Array.from({ length: FRAME_SAMPLES }, (_, i) => {
  return 0.5 - 0.5 * Math.cos((Math.PI * (i + 0.5)) / FRAME_SAMPLES);
});

/** Whether nobody would hear the two frames laid over each other: a pause, or a sound of a period that fits. */
export function canMerge(first: Int16Array, second: Int16Array): boolean {
  let product = 0;
  let firstEnergy = 1;
  let secondEnergy = 1;
  for (let i = 0; i < FRAME_SAMPLES; i++) {
    product += first[i]! * second[i]!;
    firstEnergy += first[i]! * first[i]!;
    secondEnergy += second[i]! * second[i]!;
  }
  if (Math.max(firstEnergy, secondEnergy) < QUIET * FRAME_SAMPLES) return true;
  return product / Math.sqrt(firstEnergy * secondEnergy) > ALIKE;
}

/** Goes over from the first frame to the second within its 10 ms, in place. */
export function mergeFrames(first: Int16Array, second: Int16Array): void {
  for (let i = 0; i < FRAME_SAMPLES; i++) {
    const gain = FADE[i]!;
    first[i] = first[i]! * (1 - gain) + second[i]! * gain;
  }
}
