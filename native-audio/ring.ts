import { SAMPLE_RATE_HZ } from './frame.ts';
import type { Voice } from './mixer.ts';

/** `ring`: an incoming call. `ringback`: an outgoing call rings at the other side. `waiting`: an incoming call during another one. */
export type RingName = 'ring' | 'ringback' | 'waiting';

interface Note {
  readonly hz: number;
  readonly ms: number;
  readonly gain: number;
}

const FADE_MS = 15;
/** The notes of each tone, and the pause before they repeat. */
const RINGS: Record<RingName, { readonly notes: readonly Note[]; readonly pauseMs: number }> = {
  ring: {
    notes: [659, 784, 988, 784].map((hz) => ({ hz, ms: 250, gain: 0.25 })),
    pauseMs: 2000,
  },
  // The German ringback tone: ETSI TR 101 041-2.
  ringback: { notes: [{ hz: 425, ms: 1000, gain: 0.06 }], pauseMs: 4000 },
  waiting: { notes: [{ hz: 425, ms: 200, gain: 0.06 }], pauseMs: 5000 },
};
const made = new Map<RingName, Int16Array>();

/** A voice that rings until it is removed. */
export function ringVoice(name: RingName): Voice {
  const samples = made.get(name) ?? makeRing(name);
  made.set(name, samples);
  let at = 0;
  return {
    pull: (out) => {
      for (let filled = 0; filled < out.length;) {
        const part = samples.subarray(at, at + out.length - filled);
        out.set(part, filled);
        filled += part.length;
        at = (at + part.length) % samples.length;
      }
      return true;
    },
  };
}

function makeRing(name: RingName): Int16Array {
  const { notes, pauseMs } = RINGS[name];
  const pause = new Array<number>(samplesIn(pauseMs)).fill(0);
  return Int16Array.from([...notes.flatMap(samplesOf), ...pause]);
}

function samplesOf({ hz, ms, gain }: Note): number[] {
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
