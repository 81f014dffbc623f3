import { writeWav } from '../../native-audio/index.ts';
import { seededRandom } from './seeded-random.ts';

const RATE_HZ = 48_000;
const NOTE_SAMPLES = 4800;
const FADE_SAMPLES = 240;

export interface Melody {
  /** 48 kHz mono. */
  readonly samples: Int16Array;
  readonly wav: Buffer;
}

/** A synthetic voice that differs from all others: ten random notes a second, the same for the same seed. */
export function melody(seed: number, seconds: number): Melody {
  const random = seededRandom(seed);
  const samples = new Int16Array(RATE_HZ * seconds);
  for (let at = 0; at < samples.length; at += NOTE_SAMPLES) {
    const hz = 200 + random() * 1800;
    for (let i = 0; i < NOTE_SAMPLES; i++) {
      const edge = Math.min(1, i / FADE_SAMPLES, (NOTE_SAMPLES - i) / FADE_SAMPLES);
      samples[at + i] = 9000 * edge * Math.sin((2 * Math.PI * hz * i) / RATE_HZ);
    }
  }
  return { samples, wav: writeWav(samples) };
}
