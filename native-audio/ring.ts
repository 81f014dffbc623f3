import type { Voice } from './mixer.ts';
import { repeatedVoice, tonesOf, type Note } from './tone.ts';

/** `ring`: an incoming call. `ringback`: an outgoing call rings at the other side. `waiting`: an incoming call during another one. */
export type RingName = 'ring' | 'ringback' | 'waiting';

interface Ring {
  readonly notes: readonly Note[];
  readonly gain: number;
  /** From its beginning until it begins again, milliseconds. */
  readonly everyMs: number;
}

const RINGS: Record<RingName, Ring> = {
  ring: { notes: [659, 784, 988, 784].map((hz) => ({ hz, ms: 250 })), gain: 0.25, everyMs: 3000 },
  // The German ringback tone: ETSI TR 101 041-2.
  ringback: { notes: [{ hz: 425, ms: 1000 }], gain: 0.06, everyMs: 5000 },
  waiting: { notes: [{ hz: 425, ms: 200 }], gain: 0.06, everyMs: 5200 },
};

/** A voice that rings until it is removed. */
export function ringVoice(name: RingName): Voice {
  const { notes, gain, everyMs } = RINGS[name];
  return repeatedVoice(tonesOf(notes, gain), everyMs);
}
