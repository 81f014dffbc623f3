import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '../../native-audio/index.ts';
import { delay } from '../support/eventually.ts';
import { speak, type Speech } from '../support/speech.ts';
import { cpuSeconds } from './idle.ts';
import type { Measured } from './main.ts';
import {
  byTurns,
  calmOf,
  calmOnes,
  delays,
  inRoom,
  MOST,
  SPOKEN,
  valuesOf,
  withPair,
  type Pair,
  type Room,
  type Sample,
} from './mouth-to-ear.ts';
import { measured } from './statistics.ts';

const PRESSES = 40;
const PRESS_MS = 500;
const MESSAGES = 20;
const QUIET_SAMPLES = 4;
const QUIET_MS = 2000;
const FLOOR_PORT = 47_999;

/** Everything that is heard, on virtual devices, in processes of their own. */
export async function measureVoice(dir: string, say: (line: string) => void): Promise<Measured[]> {
  const speech = speak(dir, SPOKEN);
  const hum = join(dir, 'hum.wav');
  writeFileSync(hum, writeWav(steady(60)));
  return inRoom(join(dir, 'voice'), async (room) => {
    const floor = valuesOf(await measureFloor(room, speech));
    say(`floor: ${floor.length} windows`);
    return withPair(room, async (nodes) => {
      const warm = await measureWarm(nodes);
      const of = await byTurns(say, ['mouth-to-ear'], () => measureMouthToEar(room, nodes, speech));
      const mouthToEar = of('mouth-to-ear');
      const keyToEar = calmOnes(await measureKeyToEar(room, nodes, hum), say, 'key-to-ear');
      const away = await measureAway(room, nodes, hum);
      say(`away: ${away.notified.length} messages`);
      return [
        measured('floor', 'ms', floor, 'measured'),
        measured('warm-cpu', '%', warm, 'measured: both devices open, nobody talks'),
        measured('mouth-to-ear', 'ms', mouthToEar, '≤ 40 and ≤ floor + 20'),
        measured('key-to-ear', 'ms', keyToEar, 'p95 ≤ mouth-to-ear + 10'),
        measured('key-to-notification', 'ms', away.notified, 'p95 ≤ 150'),
        measured('click-to-sound', 'ms', away.sounded, 'p95 ≤ 150'),
      ];
    });
  });
}

async function measureFloor({ pulse, ears, neighbours }: Room, speech: Speech): Promise<Sample[]> {
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
  { pulse, ears, neighbours }: Room,
  { talker }: Pair,
  speech: Speech,
): Promise<Sample[]> {
  await talker.api.call('talkPress', { dial: '102' });
  const found = await delays(pulse, ears, speech, neighbours);
  await talker.api.call('talkRelease');
  await delay(1000);
  return found;
}

/** A voice that never pauses runs all the time; the key goes down in the middle of it. */
async function measureKeyToEar(
  { pulse, ears, neighbours }: Room,
  { talker }: Pair,
  hum: string,
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
  { pulse, ears }: Room,
  { talker, listener }: Pair,
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
