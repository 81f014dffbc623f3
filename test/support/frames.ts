import { FRAME_SAMPLES } from '../../main/model/index.ts';

/** These frames of 480 samples, one after the other. */
export function concat(frames: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(frames.length * FRAME_SAMPLES);
  frames.forEach((frame, n) => all.set(frame, n * FRAME_SAMPLES));
  return all;
}

/** What a step makes of these samples, frame by frame. A last part that is no whole frame becomes silence. */
export function through(step: { process(frame: Int16Array): Int16Array }, samples: Int16Array): Int16Array {
  const out = new Int16Array(samples.length);
  for (let at = 0; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES)
    out.set(step.process(samples.subarray(at, at + FRAME_SAMPLES)), at);
  return out;
}
