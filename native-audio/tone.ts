import { SAMPLE_RATE_HZ } from './frame.ts';
import type { Voice } from './mixer.ts';

export type ToneName = 'start' | 'stop';

const GAIN = 0.08;
const FADE_MS = 15;
const NOTES: Record<ToneName, { readonly hz: number; readonly ms: number }> = {
  start: { hz: 880, ms: 60 },
  stop: { hz: 587, ms: 60 },
};
const made = new Map<ToneName, Int16Array>();

/** A quiet short tone for the loudspeaker. */
export function toneVoice(name: ToneName): Voice {
  const samples = made.get(name) ?? makeTone(name);
  made.set(name, samples);
  return samplesVoice(samples);
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

function makeTone(name: ToneName): Int16Array {
  const { hz, ms } = NOTES[name];
  const length = (ms * SAMPLE_RATE_HZ) / 1000;
  const fade = (FADE_MS * SAMPLE_RATE_HZ) / 1000;
  return Int16Array.from({ length }, (_, i) => {
    const edge = Math.min(1, i / fade, (length - 1 - i) / fade);
    return 32767 * GAIN * edge * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ);
  });
}
