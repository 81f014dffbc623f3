import { join } from 'node:path';
import { FRAME_MS } from '../../main/model/index.ts';
import type { MessageSummary } from '../../preload/api.ts';
import { delay } from '../support/eventually.ts';
import { startPulse } from '../support/pulse.ts';
import { speak } from '../support/speech.ts';
import { cpuSeconds } from './idle.ts';
import type { Measured } from './main.ts';
import { SPOKEN, withPair, type Pair } from './mouth-to-ear.ts';
import { measured, quantile } from './statistics.ts';

const ROUNDS = 9;
const QUIET_MS = 8000;
const TALK_MS = 10_000;
/** After key up: the tail, manifest and receipts, and the waveform, which is measured once nothing sounds. */
const SETTLE_MS = 3000;
/** V8 compiles what is called again and again: the first message tells of that. */
const WARM_UP_MS = 8000;

/** One stretch of time at both nodes: processor time, ms, and how long it was. */
interface Stretch {
  readonly wallMs: number;
  readonly talkerMs: number;
  readonly earMs: number;
}

/**
 * What a spoken fragment costs the node that speaks it and the node that plays it: processor time of the whole process, from key
 * down until everything about the message is done, less what the same process took just before and just after, with the same
 * devices open and nobody talking. Processor time is what the kernel charged, so another program that takes the processors makes
 * a stretch longer, not dearer, apart from what it does to the caches. Linux only: it reads /proc.
 */
export async function measureTalk(dir: string, say: (line: string) => void): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const folder = join(dir, 'talk');
  const pulse = await startPulse({ dir: folder, names: ['elsewhere'] });
  await pulse.loadSink('elsewhere');
  const { file } = speak(dir, SPOKEN);
  // The microphones hear the same in both kinds of stretches.
  const voice = { isOver: false, playing: pulse.play(file) };
  const speaking = (async () => {
    for (; !voice.isOver; voice.playing = pulse.play(file)) await voice.playing.done;
  })();
  try {
    return await withPair({ dir: folder, pulse }, async (pair) => {
      await message(pair, WARM_UP_MS);
      const talker: number[] = [];
      const ear: number[] = [];
      let before = await quiet(pair);
      for (let round = 0; round < ROUNDS; round++) {
        const { fragments, ...spoken } = await message(pair, TALK_MS);
        const after = await quiet(pair);
        const rest = (who: 'talkerMs' | 'earMs') =>
          (before[who] + after[who]) / (before.wallMs + after.wallMs);
        talker.push((1000 * (spoken.talkerMs - rest('talkerMs') * spoken.wallMs)) / fragments);
        ear.push((1000 * (spoken.earMs - rest('earMs') * spoken.wallMs)) / fragments);
        before = after;
      }
      for (const [name, values] of Object.entries({ talker, ear })) {
        const [low, high] = [Math.min(...values), Math.max(...values)];
        say(
          `talk-cpu-${name}: ${quantile(values, 0.5).toFixed(0)} µs, ${low.toFixed(0)} to ${high.toFixed(0)}`,
        );
      }
      return [
        measured('talk-cpu-talker', 'µs', talker, '≤ 500'),
        measured('talk-cpu-ear', 'µs', ear, '≤ 500'),
      ];
    });
  } finally {
    voice.isOver = true;
    voice.playing.stop();
    await speaking.catch(() => undefined);
    await pulse.stop();
  }
}

async function stretch(pair: Pair, work: () => Promise<void>): Promise<Stretch> {
  const look = () => ({
    wallMs: performance.now(),
    talkerMs: 1000 * cpuSeconds(pair.talker.process.pid),
    earMs: 1000 * cpuSeconds(pair.listener.process.pid),
  });
  const before = look();
  await work();
  const after = look();
  return {
    wallMs: after.wallMs - before.wallMs,
    talkerMs: after.talkerMs - before.talkerMs,
    earMs: after.earMs - before.earMs,
  };
}

function quiet(pair: Pair): Promise<Stretch> {
  return stretch(pair, () => delay(QUIET_MS));
}

/** One message of that length, until nothing is left to do about it. */
async function message(pair: Pair, ms: number): Promise<Stretch & { readonly fragments: number }> {
  const { talker, listener } = pair;
  let spoken: MessageSummary | undefined;
  const taken = await stretch(pair, async () => {
    const { id } = await talker.api.call('talkPress', { dial: '102' });
    await delay(ms);
    await talker.api.call('talkRelease');
    const { event } = await listener.until(
      (one) => one.type === 'message' && one.message.id === id && one.message.complete && one.message.heard,
    );
    if (event.type === 'message') spoken = event.message;
    await delay(SETTLE_MS);
  });
  return { ...taken, fragments: (spoken?.durationMs ?? Number.NaN) / FRAME_MS };
}
