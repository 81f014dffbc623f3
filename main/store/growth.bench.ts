import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { keep, openStore, speak } from './test-office.ts';

const FRAGMENTS = 20;
const PROBES = 60;
const OWN = { mine: 'recipient', keeps: true } as const;

interface StoreGrowth {
  /** How many messages were kept before the measured ones came. */
  readonly messages: number;
  /** One more message: begun, 20 fragments, complete on disk. */
  readonly addMedianMs: number;
  readonly addP95Ms: number;
  /** Listing all shown and all unheard messages. */
  readonly listMedianMs: number;
  readonly listP95Ms: number;
  /** Opening the store again. */
  readonly openMs: number;
  readonly indexFiles: number;
}

/** Measures how long one more message takes when `messages` are kept already, and how long opening takes. */
export async function measureStoreGrowth(messages: number): Promise<StoreGrowth> {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-growth-'));
  try {
    const store = await openStore(folder);
    for (let kept = 0; kept < messages; kept += 25)
      await Promise.all(Array.from({ length: 25 }, () => keep(store, speak(1), OWN)));
    const times: number[] = [];
    for (let probe = 0; probe < PROBES; probe++) {
      const spoken = speak(FRAGMENTS);
      const started = performance.now();
      await keep(store, spoken);
      times.push(performance.now() - started);
    }
    const lists: number[] = [];
    for (let probe = 0; probe < PROBES; probe++) {
      const started = performance.now();
      if (store.shown().length < store.unheard().length) throw new Error('the lists do not agree');
      lists.push(performance.now() - started);
    }
    lists.sort((a, b) => a - b);
    await store.close();
    const started = performance.now();
    const again = await openStore(folder);
    const openMs = performance.now() - started;
    await again.close();
    times.sort((a, b) => a - b);
    const indexFiles = (await readdir(join(folder, 'index'))).length;
    return {
      messages,
      addMedianMs: at(times, 0.5),
      addP95Ms: at(times, 0.95),
      listMedianMs: at(lists, 0.5),
      listP95Ms: at(lists, 0.95),
      openMs,
      indexFiles,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? NaN;
}
