import { SAMPLE_RATE_HZ } from './frame.ts';
import type { Voice } from './mixer.ts';

export type ToneName = 'start' | 'stop';

interface Note {
  readonly hz: number;
  readonly ms: number;
}

const GAIN = 0.08;
/** A page speaks to people who listen to something else. */
const ATTENTION_GAIN = 0.25;
const FADE_MS = 15;
const NOTES: Record<ToneName, Note> = {
  start: { hz: 880, ms: 60 },
  stop: { hz: 587, ms: 60 },
};
/** G5 and C6: a fourth upwards, as public address systems have it. */
const ATTENTION: readonly Note[] = [
  { hz: 784, ms: 160 },
  { hz: 1047, ms: 260 },
];
const made = new Map<ToneName, Int16Array>();
let attention: Int16Array | undefined;

/** A quiet short tone for the loudspeaker. */
export function toneVoice(name: ToneName): Voice {
  const samples = made.get(name) ?? makeTone(NOTES[name], GAIN);
  made.set(name, samples);
  return samplesVoice(samples);
}

/** The samples that sound before a page (48 kHz mono). */
export function attentionTone(): Int16Array {
  if (attention) return attention;
  const notes = ATTENTION.map((note) => makeTone(note, ATTENTION_GAIN));
  attention = new Int16Array(notes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const note of notes) {
    attention.set(note, at);
    at += note.length;
  }
  return attention;
}

/** A voice that plays these samples (48 kHz mono) once. */
export function samplesVoice(samples: Int16Array): Voice {
  let at = 0;
  return {
    pull: (out) => {
      if (at >= samples.length) return false;
      const part = samples.subarray(at, at + out.length);
      out.fill(0);
      out.set(part);
      at += out.length;
      return true;
    },
  };
}

function makeTone({ hz, ms }: Note, gain: number): Int16Array {
  const length = (ms * SAMPLE_RATE_HZ) / 1000;
  const fade = (FADE_MS * SAMPLE_RATE_HZ) / 1000;
  return Int16Array.from({ length }, (_, i) => {
    const edge = Math.min(1, i / fade, (length - 1 - i) / fade);
    return 32767 * gain * edge * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ);
  });
}
