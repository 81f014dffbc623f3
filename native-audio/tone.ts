import { SAMPLE_RATE_HZ } from './frame.ts';
import type { Voice } from './mixer.ts';

export type ToneName = 'start' | 'stop';

interface Note {
  readonly hz: number;
  readonly ms: number;
}

const GAIN = 0.08;
/** For who listens to something else. */
const SIGNAL_GAIN = 0.25;
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
/** C6, E6 and G6, quick: no ring and no page begins so. */
const ANSWER: readonly Note[] = [
  { hz: 1047, ms: 130 },
  { hz: 1319, ms: 130 },
  { hz: 1568, ms: 240 },
];
/** While a call is recorded: the recorder warning tone of Federal Standard 1037C. */
const RECORDED: Note = { hz: 1400, ms: 500 };
const RECORDED_EVERY_MS = 15_000;
const RECORDED_AGAIN_GAIN = 0.05;
const made = new Map<ToneName, Int16Array>();
const signals = new Map<readonly Note[], Int16Array>();

/** A quiet short tone for the loudspeaker. */
export function toneVoice(name: ToneName): Voice {
  const samples = made.get(name) ?? makeTone(NOTES[name], GAIN);
  made.set(name, samples);
  return samplesVoice(samples);
}

/** The samples that sound before a page (48 kHz mono). */
export function attentionTone(): Int16Array {
  return signalOf(ATTENTION);
}

/** The samples that sound before a call is answered by itself (48 kHz mono). */
export function answerTone(): Int16Array {
  return signalOf(ANSWER);
}

/** A voice that says that a call is recorded: clearly at once, then softly again and again, until it is removed. */
export function recordingVoice(): Voice {
  const soft = makeTone(RECORDED, RECORDED_AGAIN_GAIN);
  const period = (RECORDED_EVERY_MS * SAMPLE_RATE_HZ) / 1000;
  let tone = makeTone(RECORDED, SIGNAL_GAIN);
  let at = 0;
  return {
    pull: (out) => {
      for (let i = 0; i < out.length; i++) {
        out[i] = tone[at] ?? 0;
        at = (at + 1) % period;
        if (at === 0) tone = soft;
      }
      return true;
    },
  };
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

/** These notes one after the other. */
function signalOf(notes: readonly Note[]): Int16Array {
  const known = signals.get(notes);
  if (known) return known;
  const parts = notes.map((note) => makeTone(note, SIGNAL_GAIN));
  const signal = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    signal.set(part, at);
    at += part.length;
  }
  signals.set(notes, signal);
  return signal;
}
