import { availableParallelism } from 'node:os';
import { Crowd } from '../support/crowd/crowd.ts';
import type { SpeakingReport } from '../support/crowd/protocol.ts';
import { whyNoLan } from '../support/lan.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

const PAGE_MS = 10_000;
const ROUNDS = 3;
const SIZES = [25, 250] as const;
const MOST = 250;

/** What a page costs its talker, and how late it comes: to one, to 25 and to 250 listeners. Without sound: a recording is spoken. */
export async function measurePage(say: (line: string) => void): Promise<Measured[]> {
  const missing = whyNoLan();
  if (missing !== undefined) {
    say(`No page is measured: ${missing}.`);
    return [];
  }
  return [...(await measureMulticast(say)), ...(await measureUnicast(say))];
}

/** By multicast: as a ratio to the same page to one, the two alternating. */
async function measureMulticast(say: (line: string) => void): Promise<Measured[]> {
  const crowd = await Crowd.start({ listeners: MOST, isCostApart: availableParallelism() > 1 });
  try {
    const ratios = new Map<number, number[]>(SIZES.map((size) => [size, []]));
    const withKey: number[] = [];
    const late: number[] = [];
    const lateFirst: number[] = [];
    const reporting: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const one = await pageTo(crowd, 1, false);
      for (const size of SIZES) {
        const keyMs = await crowd.prepare(size);
        const many = await pageTo(crowd, size, true);
        ratios.get(size)?.push(many.cpuMs / one.cpuMs);
        if (size !== MOST) continue;
        withKey.push((many.cpuMs + keyMs) / one.cpuMs);
        late.push((100 * many.late) / (many.said.count * size));
        reporting.push(many.reportsMs);
        say(
          `page to ${size}: ${many.cpuMs.toFixed(0)} ms of processor time, ${many.reportsMs.toFixed(0)} of it for reports, to one ${one.cpuMs.toFixed(0)}; ` +
            `${many.said.toGroup} packets to the group, ${many.said.own} to single listeners, ${many.said.again} again`,
        );
      }
      await crowd.prepare(MOST, true);
      const first = await pageTo(crowd, MOST, true);
      lateFirst.push((100 * first.late) / (first.said.count * MOST));
    }
    const growth = (ratios.get(250) ?? []).map((ratio, n) => ratio / (ratios.get(25)?.[n] ?? NaN));
    return [
      ...SIZES.map((size) => measured(`page-${size}-cpu`, 'ratio', ratios.get(size) ?? [], '≤ 1.2')),
      measured('page-25-to-250', 'ratio', growth, 'measured: growth of the cost'),
      measured('page-250-reports', 'ms', reporting, 'measured: a part of page-250-cpu'),
      measured('page-250-cpu-new-key', 'ratio', withKey, 'measured: with the key, which is made ahead'),
      measured('page-250-late', '%', late, '≤ 1'),
      measured('page-250-late-first', '%', lateFirst, '≤ 1: nobody has the sheet'),
    ];
  } finally {
    await crowd.stop();
  }
}

/** By unicast, to addresses where nobody is: what each further packet costs the talker alone. */
async function measureUnicast(say: (line: string) => void): Promise<Measured[]> {
  const crowd = await Crowd.start({ listeners: MOST, isNobodyThere: true });
  try {
    const perPacket = new Map<number, number[]>(SIZES.map((size) => [size, []]));
    for (let round = 0; round < ROUNDS; round++) {
      const one = await crowd.page(1, PAGE_MS, false);
      for (const size of SIZES) {
        const many = await crowd.page(size, PAGE_MS, false);
        const more = (many.cpuMs - one.cpuMs) / ((size - 1) * many.count);
        perPacket.get(size)?.push(1000 * more);
        say(`page to ${size} by unicast: ${many.cpuMs.toFixed(0)} ms, to one ${one.cpuMs.toFixed(0)}`);
      }
    }
    return SIZES.map((size) => measured(`page-${size}-packet`, 'µs', perPacket.get(size) ?? [], '≤ 10'));
  } finally {
    await crowd.stop();
  }
}

interface Page {
  readonly said: SpeakingReport;
  /** The talker's processor time, from key down until it has verified what the listeners report, ms. */
  readonly cpuMs: number;
  /** The part of it that the reports take. */
  readonly reportsMs: number;
  /** Fragments, of all listeners together. */
  readonly late: number;
}

async function pageTo(crowd: Crowd, listeners: number, byGroup: boolean): Promise<Page> {
  if (listeners === 1) await crowd.prepare(1);
  const said = await crowd.page(listeners, PAGE_MS, byGroup);
  await crowd.end(said.count, listeners);
  const counts = (await crowd.counts(said.sentAt)).slice(0, listeners);
  const reportsMs = await crowd.report(listeners);
  await crowd.forget();
  const late = counts.reduce((sum, { late }) => sum + late, 0);
  return { said, cpuMs: said.cpuMs + reportsMs, reportsMs, late };
}
