import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '../../native-audio/index.ts';
import { correlate } from '../support/correlate.ts';
import { Headless } from '../support/headless.ts';
import { Listener } from '../support/listener.ts';
import { delay } from '../support/eventually.ts';
import { startPulse, type Pulse } from '../support/pulse.ts';
import { speak, type Speech } from '../support/speech.ts';
import { cpuSeconds } from './idle.ts';
import type { Measured } from './main.ts';
import { Neighbours } from './neighbours.ts';
import { measured, quantile } from './statistics.ts';

const TEXT =
  'The quick brown fox jumps over the lazy dog, and nobody in the office has ever asked it why. ' +
  'Please bring the blue folder to the second floor, and tell Martin that his visitor waits at the door.';
const WINDOW_MS = 800;
const STEP_MS = 400;
/** A window that correlates less was hurried or concealed: its delay says nothing. */
const CLEAR = 0.6;
const PRESSES = 40;
const ROUNDS = 3;
/** While others take the processors it is tried again, until so many times as much was measured. */
const MOST = 3;
const ENOUGH = 20;
const PRESS_MS = 500;
/** The jitter buffer remembers so long what it met. */
const REMEMBERED_MS = 2000;
const MESSAGES = 20;
const QUIET_SAMPLES = 4;
const QUIET_MS = 2000;
const FLOOR_PORT = 47_999;

interface Ears {
  readonly mouth: Listener;
  readonly ear: Listener;
}

/** Everything that is heard, on virtual devices, in processes of their own. */
export async function measureVoice(dir: string, say: (line: string) => void): Promise<Measured[]> {
  const pulse = await startPulse({ dir: join(dir, 'pulse'), names: ['elsewhere'] });
  await pulse.loadSink('elsewhere');
  const speech = speak(dir, TEXT);
  const hum = join(dir, 'hum.wav');
  writeFileSync(hum, writeWav(steady(60)));
  const neighbours = new Neighbours();
  const ears = {
    mouth: await Listener.start(pulse, 'voice.monitor'),
    ear: await Listener.start(pulse, 'speaker.monitor'),
  };
  try {
    const floor = valuesOf(await measureFloor(pulse, ears, speech, neighbours));
    say(`floor: ${floor.length} windows`);
    const nodes = await startPair(dir, pulse);
    try {
      const warm = await measureWarm(nodes);
      const mouthToEar = calmOnes(
        await measureMouthToEar(pulse, ears, nodes, speech, neighbours),
        say,
        'mouth-to-ear',
      );
      const keyToEar = calmOnes(
        await measureKeyToEar(pulse, ears, nodes, hum, neighbours),
        say,
        'key-to-ear',
      );
      const away = await measureAway(ears, nodes, pulse, hum);
      say(`away: ${away.notified.length} messages`);
      return [
        measured('floor', 'ms', floor, 'measured'),
        measured('warm-cpu', '%', warm, 'measured: both devices open, nobody talks'),
        measured('mouth-to-ear', 'ms', mouthToEar, '≤ 40 and ≤ floor + 20'),
        measured('key-to-ear', 'ms', keyToEar, 'p95 ≤ mouth-to-ear + 10'),
        measured('key-to-notification', 'ms', away.notified, 'p95 ≤ 150'),
        measured('click-to-sound', 'ms', away.sounded, 'p95 ≤ 150'),
      ];
    } finally {
      await Promise.all([nodes.talker.stop(), nodes.listener.stop()]);
    }
  } finally {
    neighbours.stop();
    ears.mouth.stop();
    ears.ear.stop();
    await pulse.stop();
  }
}

interface Sample {
  readonly value: number;
  readonly calm: boolean;
}

const valuesOf = (samples: readonly Sample[]): number[] => samples.map(({ value }) => value);
const calmOf = (samples: readonly Sample[]): Sample[] => samples.filter(({ calm }) => calm);

/** Where enough was measured while others left the processors alone, that is told; else all of it. Both are said. */
function calmOnes(samples: readonly Sample[], say: (line: string) => void, name: string): number[] {
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

interface Pair {
  readonly talker: Headless;
  readonly listener: Headless;
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
  for (let tries = 0; tries < 200; tries++) {
    const people = await talker.api.call('people');
    if (people.some(({ presence }) => presence === 'available')) break;
    await delay(50);
  }
  await delay(1500);
  return { talker, listener };
}

async function measureFloor(
  pulse: Pulse,
  ears: Ears,
  speech: Speech,
  neighbours: Neighbours,
): Promise<Sample[]> {
  const program = new URL('floor.ts', import.meta.url).pathname;
  const run = (role: string) =>
    spawn(process.execPath, [program, role, String(FLOOR_PORT)], {
      env: { ...process.env, ...pulse.env },
      stdio: 'ignore',
    });
  const children = [run('play'), run('send')];
  try {
    await delay(2000);
    return await delays(pulse, ears, speech, neighbours);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await delay(300);
  }
}

/** What it costs to be ready: the share of one processor that a node takes with both devices open. */
async function measureWarm({ listener }: Pair): Promise<number[]> {
  const { pid } = listener.process;
  const shares: number[] = [];
  for (let n = 0; n < QUIET_SAMPLES; n++) {
    const spent = cpuSeconds(pid);
    const at = performance.now();
    await delay(QUIET_MS);
    shares.push((100 * (cpuSeconds(pid) - spent)) / ((performance.now() - at) / 1000));
  }
  return shares;
}

async function measureMouthToEar(
  pulse: Pulse,
  ears: Ears,
  { talker }: Pair,
  speech: Speech,
  neighbours: Neighbours,
): Promise<Sample[]> {
  const found: Sample[] = [];
  for (let round = 0; round < ROUNDS || (calmOf(found).length < ENOUGH && round < MOST * ROUNDS); round++) {
    await talker.api.call('talkPress', { dial: '102' });
    found.push(...(await delays(pulse, ears, speech, neighbours)));
    await talker.api.call('talkRelease');
    await delay(1000);
  }
  return found;
}

/** Plays the speech into the microphone; how much later each window of it left the loudspeaker. */
async function delays(pulse: Pulse, ears: Ears, speech: Speech, neighbours: Neighbours): Promise<Sample[]> {
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

/** A voice that never pauses runs all the time; the key goes down in the middle of it. */
async function measureKeyToEar(
  pulse: Pulse,
  ears: Ears,
  { talker }: Pair,
  hum: string,
  neighbours: Neighbours,
): Promise<Sample[]> {
  const found: Sample[] = [];
  let playing = pulse.play(hum);
  let isOver = false;
  const track = () => {
    isOver = false;
    void playing.done.then(() => (isOver = true));
  };
  track();
  for (
    let press = 0;
    press < PRESSES || (calmOf(found).length < PRESSES && press < MOST * PRESSES);
    press++
  ) {
    if (isOver) {
      playing = pulse.play(hum);
      track();
      await delay(300);
    }
    const pressed = performance.now();
    await talker.api.call('talkPress', { dial: '102' });
    await delay(PRESS_MS);
    await talker.api.call('talkRelease');
    await delay(700);
    const sounded = ears.ear.firstSound(pressed, 500, 0.003);
    const calm = neighbours.areCalm(pressed - PRESS_MS, pressed + PRESS_MS);
    if (sounded !== undefined) found.push({ value: sounded - pressed, calm });
    ears.mouth.forget();
    ears.ear.forget();
  }
  playing.stop();
  return found;
}

async function measureAway(
  ears: Ears,
  { talker, listener }: Pair,
  pulse: Pulse,
  hum: string,
): Promise<{ notified: number[]; sounded: number[] }> {
  await listener.api.call('setPresence', { presence: 'away' });
  await delay(300);
  const notified: number[] = [];
  const sounded: number[] = [];
  const playing = pulse.play(hum);
  for (let n = 0; n < MESSAGES; n++) {
    const pressed = performance.now();
    const { id } = await talker.api.call('talkPress', { dial: '102' });
    const { heardAt } = await listener.until((event) => event.type === 'notification' && event.id === id);
    notified.push(heardAt - pressed);
    await delay(300);
    await talker.api.call('talkRelease');
    await listener.until(
      (event) => event.type === 'message' && event.message.id === id && event.message.complete,
    );
    await delay(200);
    const clicked = performance.now();
    await listener.api.call('play', { which: id });
    await delay(500);
    const at = ears.ear.firstSound(clicked, 450, 0.003);
    if (at !== undefined) sounded.push(at - clicked);
    await listener.api.call('playback', { action: 'stop' });
    await delay(200);
    ears.ear.forget();
    ears.mouth.forget();
  }
  playing.stop();
  return { notified, sounded };
}

/** Vowel-like sound without a pause: speech would sometimes be silent when the key goes down. */
export function steady(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 48_000 }, (_, n) => {
    const turn = (2 * Math.PI * 140 * n) / 48_000;
    return Math.round(3000 * (Math.sin(turn) + Math.sin(2 * turn) + Math.sin(5 * turn)));
  });
}
