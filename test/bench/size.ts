import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { appendTimes, fillStore, openLarge } from '../../main/store/size.bench.ts';
import type { NodeId } from '../../main/model/index.ts';
import { delay } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { residentMiB } from './idle.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

const FEW = 1000;
const MANY = 100_000;
const STARTS = 5;
const CALLS = 40;
/** What a start needs for a moment is given back by then, ms. */
const SETTLE_MS = 30_000;

interface AtSize {
  readonly appends: readonly number[];
  readonly opens: readonly number[];
  readonly pages: readonly number[];
  readonly memory: number;
}

/**
 * What a node takes that keeps 100,000 messages, beside one with 1,000: heard ones for the most part. It takes some minutes to make
 * them, and 1 GB of the folder for temporary files.
 */
export async function measureSize(dir: string, say: (line: string) => void): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const few = await atSize(join(dir, 'size-few'), FEW, say);
  const many = await atSize(join(dir, 'size-many'), MANY, say);
  const perThousand = (1000 * (many.memory - few.memory)) / (MANY - FEW);
  return [
    measured('append-1k', 'ms', few.appends, ''),
    measured('append-100k', 'ms', many.appends, '≤ 1.2 × append-1k'),
    measured('start-1k', 'ms', few.opens, 'of the store'),
    measured('start-100k', 'ms', many.opens, '≤ 1000, of the store'),
    measured('messages-page', 'ms', many.pages, '≤ 50'),
    measured('memory-1k', 'MiB', [few.memory], ''),
    measured('memory-100k', 'MiB', [many.memory], '≤ 120'),
    measured('memory-per-1k-messages', 'KiB', [1024 * perThousand], ''),
  ];
}

async function atSize(profile: string, count: number, say: (line: string) => void): Promise<AtSize> {
  const common = { profile, interface: '127.0.0.1', name: 'A', extension: '101', ready: 'cold' } as const;
  const first = await Headless.start({ ...common, office: 'new' });
  const { link } = await first.api.call('joinLink');
  const { node } = await first.api.call('status');
  await first.stop();
  const folder = join(profile, 'store');
  const began = performance.now();
  await fillStore(folder, count, node!.id as NodeId);
  say(`${count} messages were made in ${Math.round((performance.now() - began) / 1000)} s`);
  const store = await openLarge(folder);
  const appends = await appendTimes(store);
  await store.close();
  const opens: number[] = [];
  for (let n = 0; n < STARTS; n++) {
    const at = performance.now();
    const opened = await openLarge(folder);
    opens.push(performance.now() - at);
    await opened.close();
  }
  const again = await Headless.start({ ...common, office: link });
  try {
    const pages: number[] = [];
    for (let n = 0; n < CALLS; n++) {
      const at = performance.now();
      await again.api.call('messages');
      pages.push(performance.now() - at);
    }
    await delay(SETTLE_MS);
    return { appends, opens, pages, memory: residentMiB(again.process.pid) };
  } finally {
    await again.stop();
  }
}
