import { writeWav } from '../../native-audio/index.ts';

const RATE_HZ = 48_000;
const TONE_HZ = 220;
const SWELL_HZ = 3;

/** A swelling tone that speech codecs take for sound: a WAV in base64, as `talkRecording` takes it. */
export function toneWav(durationMs: number): string {
  const samples = Int16Array.from({ length: (RATE_HZ * durationMs) / 1000 }, (_, n) => {
    const swell = (1 + Math.sin((2 * Math.PI * SWELL_HZ * n) / RATE_HZ)) / 2;
    return Math.round(9000 * swell * Math.sin((2 * Math.PI * TONE_HZ * n) / RATE_HZ));
  });
  return writeWav(samples).toString('base64');
}
