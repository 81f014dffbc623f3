import { join } from 'node:path';
import { correlate } from '../support/correlate.ts';
import { delay, eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { Listener } from '../support/listener.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';
import type { Speech } from '../support/speech.ts';
import { Neighbours } from './neighbours.ts';
import { quantile } from './statistics.ts';

/** What is spoken into the microphone. */
export const SPOKEN =
  'The quick brown fox jumps over the lazy dog, and nobody in the office has ever asked it why. ' +
  'Please bring the blue folder to the second floor, and tell Martin that his visitor waits at the door.';
const WINDOW_MS = 800;
const STEP_MS = 400;
/** A window that correlates less was hurried or concealed: its delay says nothing. */
const CLEAR = 0.6;
/** The jitter buffer remembers for this long what it met. */
const REMEMBERED_MS = 2000;
const ROUNDS = 3;
/** This many samples taken while others left the processors alone say enough. */
export const ENOUGH = 20;
/** While others take the processors it is tried again, until this many times as much was measured. */
export const MOST = 3;

export interface Ears {
  readonly mouth: Listener;
  readonly ear: Listener;
}

/** Virtual devices, who listens to them, and who sees whether others take the processors. */
export interface Room {
  /** A folder of their own. */
  readonly dir: string;
  readonly pulse: Pulse;
  readonly ears: Ears;
  readonly neighbours: Neighbours;
}

export interface Sample {
  readonly value: number;
  readonly calm: boolean;
}

export const valuesOf = (samples: readonly Sample[]): number[] => samples.map(({ value }) => value);
export const calmOf = (samples: readonly Sample[]): Sample[] => samples.filter(({ calm }) => calm);

/** The values that were measured while no other machine took processor time, if these are enough; else all. Prints the median of both. */
export function calmOnes(samples: readonly Sample[], say: (line: string) => void, name: string): number[] {
  const all = valuesOf(samples);
  const calm = valuesOf(calmOf(samples));
  const isEnough = calm.length >= ENOUGH;
  const of = (values: number[]) =>
    `${quantile(values, 0.5).toFixed(1)}, p95 ${quantile(values, 0.95).toFixed(1)}`;
  say(
    `${name}: ${of(all)} in all ${all.length}` +
      (calm.length === all.length
        ? '; others left the processors alone'
        : `; ${of(calm)} in the ${calm.length} while others left the processors alone, ` +
          (isEnough ? 'which the table says' : 'too few: the table says all')),
  );
  return isEnough ? calm : all;
}

/** Plays the speech into the microphone; how much later each window of it left the loudspeaker. */
export async function delays(
  pulse: Pulse,
  ears: Ears,
  speech: Speech,
  neighbours: Neighbours,
): Promise<Sample[]> {
  const from = performance.now();
  await pulse.play(speech.file).done;
  await delay(400);
  const to = performance.now() - 400 - WINDOW_MS;
  const found: Sample[] = [];
  for (let at = from + 500; at < to; at += STEP_MS) {
    const spoken = ears.mouth.between(at, WINDOW_MS);
    const { lagMs, peak } = correlate(spoken, ears.ear.between(at, WINDOW_MS + 400));
    const calm = neighbours.areCalm(at - REMEMBERED_MS, at + WINDOW_MS);
    if (peak > CLEAR && lagMs > 0) found.push({ value: lagMs, calm });
  }
  ears.mouth.forget();
  ears.ear.forget();
  return found;
}

/**
 * Measures each way in alternation, until each has enough samples. Prints how calm the machine was for a way, and returns its values.
 */
export async function byTurns<Way extends string>(
  say: (line: string) => void,
  ways: readonly Way[],
  measure: (way: Way) => Promise<readonly Sample[]>,
): Promise<(way: Way) => number[]> {
  const found = new Map<Way, Sample[]>(ways.map((way) => [way, []]));
  const isEnough = () => [...found.values()].every((samples) => calmOf(samples).length >= ENOUGH);
  for (let round = 0; round < ROUNDS || (!isEnough() && round < MOST * ROUNDS); round++)
    for (const way of ways) found.get(way)!.push(...(await measure(way)));
  return (way) => calmOnes(found.get(way)!, say, way);
}

/** Measures with virtual devices, which are there meanwhile. */
export async function inRoom<T>(dir: string, measure: (room: Room) => Promise<T>): Promise<T> {
  const pulse = await startPulse({ dir, names: ['elsewhere'] });
  await pulse.loadSink('elsewhere');
  const neighbours = new Neighbours();
  const ears = {
    mouth: await Listener.start(pulse, 'voice.monitor'),
    ear: await Listener.start(pulse, 'speaker.monitor'),
  };
  try {
    return await measure({ dir, pulse, ears, neighbours });
  } finally {
    neighbours.stop();
    ears.mouth.stop();
    ears.ear.stop();
    await pulse.stop();
  }
}

export interface Pair {
  readonly talker: Headless;
  readonly listener: Headless;
}

/**
 * Measures with two new nodes of one office, whose microphones hear the same, and of which the listener's loudspeaker is listened to.
 */
export async function withPair<T>(
  { dir, pulse }: Pick<Room, 'dir' | 'pulse'>,
  measure: (nodes: Pair) => Promise<T>,
): Promise<T> {
  const nodes = await startPair(dir, pulse);
  try {
    return await measure(nodes);
  } finally {
    await Promise.all([nodes.talker.stop(), nodes.listener.stop()]);
  }
}

async function startPair(dir: string, pulse: Pulse): Promise<Pair> {
  const common = { interface: '127.0.0.1', env: pulse.env };
  const talker = await Headless.start({
    ...common,
    name: 'Talker',
    extension: '101',
    office: 'new',
    profile: join(dir, 'talker'),
    speaker: 'elsewhere',
  });
  const { link } = await talker.api.call('joinLink');
  const listener = await Headless.start({
    ...common,
    name: 'Listener',
    extension: '102',
    office: link,
    profile: join(dir, 'listener'),
  });
  await eventually(
    async () => (await talker.api.call('people')).some(({ presence }) => presence === 'available'),
    'the talker sees the listener',
  );
  await delay(1500);
  return { talker, listener };
}
