import { join } from 'node:path';
import { toneWav } from '../support/tone.ts';
import { delay } from '../support/eventually.ts';
import { isComplete } from '../support/messages.ts';
import { residentMiB } from './idle.ts';
import type { Measured } from './main.ts';
import { OfficeOf } from './office-of.ts';
import { measured } from './statistics.ts';

const MINUTES = 30;
const EVERY_MS = 5000;
const SPOKEN_MS = 1000;

/**
 * A node that hears a message every five seconds for half an hour: its resident memory in the first and in the second half, each minute.
 * Linux only: it reads /proc.
 */
export async function measureSoak(dir: string, say: (line: string) => void): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const office = new OfficeOf(join(dir, 'soak'));
  try {
    const [talker, listener] = [await office.add(), await office.add()];
    const wavBase64 = toneWav(SPOKEN_MS);
    const memory: number[] = [];
    for (let minute = 0; minute < MINUTES; minute += 1) {
      const ends = performance.now() + 60_000;
      while (performance.now() < ends) {
        const next = performance.now() + EVERY_MS;
        const { id } = await talker.api.call('talkRecording', { dial: listener.extension, wavBase64 });
        await listener.node.until(isComplete(id));
        await delay(Math.max(0, next - performance.now()));
      }
      memory.push(residentMiB(listener.node.process.pid));
      say(`after ${minute + 1} min: ${memory.at(-1)?.toFixed(1)} MiB`);
    }
    const [first, second] = [memory.slice(0, MINUTES / 2), memory.slice(MINUTES / 2)];
    const growth = Math.max(...second.slice(-5)) - Math.max(...second.slice(0, 5));
    return [
      measured('soak-rss-first-half', 'MiB', first, ''),
      measured('soak-rss-second-half', 'MiB', second, ''),
      measured('soak-rss-growth', 'MiB', [growth], '≤ 0, in the second half'),
    ];
  } finally {
    await office.stop();
  }
}
