import { SAMPLE_RATE_HZ } from './frame.ts';
import type { Voice } from './mixer.ts';

export type ToneName = 'start' | 'stop' | 'waiting';

/** Milliseconds long. */
export interface Note {
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
  // F5, longer: it is heard beside a voice.
  waiting: { hz: 698, ms: 150 },
};
/** F5 and B flat 5: who waited has the turn. */
const TURN: readonly Note[] = [
  { hz: 698, ms: 90 },
  { hz: 932, ms: 130 },
];
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
/** The tones that were asked for, by their notes and gain: each is made once. */
const made = new Map<string, Int16Array>();

/** A quiet short tone for the loudspeaker. */
export function toneVoice(name: ToneName): Voice {
  return samplesVoice(tonesOf([NOTES[name]], GAIN));
}

/** The samples that sound before a page (48 kHz mono). */
export function attentionTone(): Int16Array {
  return tonesOf(ATTENTION, SIGNAL_GAIN);
}

/** The quiet samples that sound before who waited is heard (48 kHz mono). */
export function turnTone(): Int16Array {
  return tonesOf(TURN, GAIN);
}

/** The samples that sound before a call is answered by itself (48 kHz mono). */
export function answerTone(): Int16Array {
  return tonesOf(ANSWER, SIGNAL_GAIN);
}

/** A voice that says that a call is recorded: clearly at once, then softly again and again, until it is removed. */
export function recordingVoice(): Voice {
  const soft = tonesOf([RECORDED], RECORDED_AGAIN_GAIN);
  return repeatedVoice(tonesOf([RECORDED], SIGNAL_GAIN), RECORDED_EVERY_MS, soft);
}

/** A voice that plays these samples (48 kHz mono) once. `ended`: all of them were taken. */
export function samplesVoice(samples: Int16Array, ended: () => void = () => undefined): Voice {
  let at = 0;
  return {
    get decided() {
      return Math.max(0, samples.length - at);
    },
    pull: (out) => {
      if (at >= samples.length) {
        ended();
        return false;
      }
      const part = samples.subarray(at, at + out.length);
      out.fill(0);
      out.set(part);
      at += out.length;
      return true;
    },
  };
}

/** A voice that plays `samples` (48 kHz mono), then every `everyMs` milliseconds `again`, with silence between, until it is removed. */
export function repeatedVoice(samples: Int16Array, everyMs: number, again = samples): Voice {
  const period = samplesIn(everyMs);
  let tone = samples;
  let at = 0;
  return {
    decided: Infinity,
    pull: (out) => {
      for (let i = 0; i < out.length; i++) {
        out[i] = tone[at] ?? 0;
        at = (at + 1) % period;
        if (at === 0) tone = again;
      }
      return true;
    },
  };
}

/** The samples (48 kHz mono) of these notes, one after the other. */
export function tonesOf(notes: readonly Note[], gain: number): Int16Array {
  const key = JSON.stringify([notes, gain]);
  const tones = made.get(key) ?? Int16Array.from(notes.flatMap((note) => samplesOf(note, gain)));
  made.set(key, tones);
  return tones;
}

function samplesOf({ hz, ms }: Note, gain: number): number[] {
  const length = samplesIn(ms);
  const fade = samplesIn(FADE_MS);
  return Array.from({ length }, (_, i) => {
    const edge = Math.min(1, i / fade, (length - 1 - i) / fade);
    return 32767 * gain * edge * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ);
  });
}

function samplesIn(ms: number): number {
  return (ms * SAMPLE_RATE_HZ) / 1000;
}
