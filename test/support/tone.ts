import { writeWav } from '../../native-audio/index.ts';

const RATE_HZ = 48_000;
const SWELL_HZ = 3;

/**
 * A tone of varying loudness, never quite silent, so that speech codecs keep it, after `silentMs` of silence: a WAV in base64, for
 * `talkRecording`.
 */
export function toneWav(durationMs: number, { hz = 220, silentMs = 0 } = {}): string {
  const silent = (RATE_HZ * silentMs) / 1000;
  const samples = Int16Array.from({ length: silent + (RATE_HZ * durationMs) / 1000 }, (_, n) => {
    if (n < silent) return 0;
    const swell = (2 + Math.sin((2 * Math.PI * SWELL_HZ * n) / RATE_HZ)) / 3;
    return Math.round(9000 * swell * Math.sin((2 * Math.PI * hz * n) / RATE_HZ));
  });
  return writeWav(samples).toString('base64');
}

/**
 * The strength of this pitch in 48 kHz mono samples: the amplitude of one Fourier coefficient, by Goertzel's algorithm (one
 * multiplication a sample).
 */
export function strengthAt(hz: number, samples: Int16Array | Float64Array): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / RATE_HZ);
  let [last, before] = [0, 0];
  for (let n = 0; n < samples.length; n++) {
    const next = samples[n]! + turn * last - before;
    before = last;
    last = next;
  }
  return Math.sqrt(Math.max(0, last * last + before * before - turn * last * before)) / samples.length;
}
