import { writeWav } from '../../native-audio/index.ts';
import { seededRandom } from './seeded-random.ts';
import { strengthAt } from './tone.ts';

const RATE_HZ = 48_000;
const NOTE_SAMPLES = 4800;
const FADE_SAMPLES = 240;
/** Long enough to tell two notes apart, and shorter than a note that is played faster. */
const WINDOW_SAMPLES = 3600;
const STEP_SAMPLES = 480;
/** The share of a window's energy that is in the note that sounds there; of a mix, where others sound as well. */
const PURE = 0.5;
export const IN_A_MIX = 0.2;
/** Hertz: the lowest note, from one note of a voice to its next, and from there to the nearest one of another voice. A window tells them apart. */
const LOWEST_HZ = 200;
const BETWEEN_NOTES_HZ = 80;
const BETWEEN_VOICES_HZ = 20;
const VOICES = BETWEEN_NOTES_HZ / BETWEEN_VOICES_HZ;
const NOTES = 22;
/** How many notes end a voice. They are above all others, so that its end is not found before it. */
export const END_NOTES = 3;

export interface Melody {
  /** Hertz, in order. */
  readonly notes: readonly number[];
  /** 48 kHz mono. */
  readonly samples: Int16Array;
  readonly wav: Buffer;
}

/**
 * A synthetic voice that differs from all others: ten random notes a second, the same for the same seed. Of voices with four successive
 * seeds no two have a note in common, so that one that is absent is not found in the others by chance.
 */
export function melody(seed: number, seconds: number): Melody {
  const random = seededRandom(seed);
  const samples = new Int16Array(RATE_HZ * seconds);
  const notes: number[] = [];
  for (let at = 0; at < samples.length; at += NOTE_SAMPLES) {
    const left = Math.ceil((samples.length - at) / NOTE_SAMPLES);
    const note = left <= END_NOTES ? NOTES + END_NOTES - left : Math.floor(random() * NOTES);
    const hz = LOWEST_HZ + BETWEEN_NOTES_HZ * note + BETWEEN_VOICES_HZ * (seed % VOICES);
    notes.push(hz);
    for (let i = 0; i < NOTE_SAMPLES; i++) {
      const edge = Math.min(1, i / FADE_SAMPLES, (NOTE_SAMPLES - i) / FADE_SAMPLES);
      samples[at + i] = 9000 * edge * Math.sin((2 * Math.PI * hz * i) / RATE_HZ);
    }
  }
  return { notes, samples, wav: writeWav(samples) };
}

/** The same again and again, `count` times. */
export function rounds(samples: Int16Array, count: number): Int16Array {
  return Int16Array.from({ length: samples.length * count }, (_, n) => samples[n % samples.length]!);
}

/**
 * The share (0..1) of a melody's notes that a recording (48 kHz mono) contains in their order. Where a jitter buffer catches up, speech is
 * faster for a moment: that moves notes and shortens them, but each keeps its pitch.
 */
export function notesHeard({ notes }: Melody, recording: Int16Array, pure = PURE): number {
  // The longest common subsequence: `found[n]` of the first n notes are in what was looked at so far.
  const found = new Uint16Array(notes.length + 1);
  for (let at = 0; at + WINDOW_SAMPLES <= recording.length; at += STEP_SAMPLES) {
    const window = recording.subarray(at, at + WINDOW_SAMPLES);
    const energy = window.reduce((sum, sample) => sum + sample * sample, 0) / window.length;
    if (energy === 0) continue;
    for (let n = notes.length; n > 0; n--)
      if (2 * strengthAt(notes[n - 1]!, window) ** 2 > pure * energy)
        found[n] = Math.max(found[n]!, found[n - 1]! + 1);
    for (let n = 1; n < found.length; n++) found[n] = Math.max(found[n]!, found[n - 1]!);
  }
  return found[notes.length]! / notes.length;
}
