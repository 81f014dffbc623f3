import { syntheticVoice } from './synthetic-voice.ts';
import { strengthAt } from './tone.ts';

const RATE_HZ = 48_000;
/** Their first common multiple is above what is looked at: most harmonics of one are none of the other. */
const PITCHES_HZ = { low: 113, high: 149 } as const;
const FROM_HZ = 250;
const TO_HZ = 3400;
/** Harmonics that are as far from each other do not leak into each other's window. */
const APART_HZ = 20;
const WINDOW = RATE_HZ / 4;
const HANN = Float64Array.from({ length: WINDOW }, (_, n) => (1 - Math.cos((2 * Math.PI * n) / WINDOW)) / 2);
/** The windows that count, as a share of what was spoken: the loudest. Gaps that a busy machine leaves are not among them. */
const COUNTED = 0.25;

type Pitch = keyof typeof PITCHES_HZ;

/**
 * Speech-like sound at one pitch, the same each time, 48 kHz mono. Also where both sound at once, each is measured alone by its
 * harmonics, which codecs, a varied speed and the jumps of a device leave where they are.
 */
export function voiceAt(pitch: Pitch, seconds: number): Int16Array {
  return syntheticVoice(pitch === 'low' ? 1 : 2, seconds, PITCHES_HZ[pitch]);
}

/**
 * How much softer than it was spoken the voice of that pitch is in a recording, dB, whatever else the recording holds. A recording of the
 * other voice alone gives 25 or more.
 */
export function softerDb(pitch: Pitch, spoken: Int16Array, recording: Int16Array): number {
  const counted = Math.floor((spoken.length / WINDOW) * COUNTED);
  const loudness = (samples: Int16Array): number =>
    loudnessOf(pitch, samples).sort((one, other) => other - one)[counted] ?? 0;
  return 20 * Math.log10(loudness(spoken) / loudness(recording));
}

/** The strength of its harmonics in each window. */
function loudnessOf(pitch: Pitch, samples: Int16Array): number[] {
  const harmonics = ownHarmonics(pitch);
  const windows = Array.from({ length: Math.floor(samples.length / WINDOW) }, (_, n) =>
    HANN.map((share, i) => share * samples[n * WINDOW + i]!),
  );
  return windows.map((window) => Math.hypot(...harmonics.map((hz) => strengthAt(hz, window))));
}

function ownHarmonics(pitch: Pitch): number[] {
  const [own, others] = [PITCHES_HZ[pitch], PITCHES_HZ[pitch === 'low' ? 'high' : 'low']];
  return Array.from({ length: Math.floor(TO_HZ / own) }, (_, n) => (n + 1) * own).filter(
    (hz) => hz >= FROM_HZ && Math.abs(hz - others * Math.round(hz / others)) >= APART_HZ,
  );
}
