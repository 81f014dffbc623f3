import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../main/model/index.ts';

export { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE_HZ };

/** Takes a frame of 480 samples, 48 kHz mono. The frame is valid only during the call. */
export type FrameSink = (frame: Int16Array) => void;

/** The loudest sample as a share of full scale, 0..1. */
export function peakOf(frame: Int16Array): number {
  let peak = 0;
  for (let i = 0; i < frame.length; i++) {
    const value = frame[i]!;
    if (value > peak) peak = value;
    else if (-value > peak) peak = -value;
  }
  return peak / 32768;
}
