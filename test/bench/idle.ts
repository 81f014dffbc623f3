import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Headless } from '../support/headless.ts';
import { delay } from '../support/eventually.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

/** V8 goes on compiling what is called again and again: what is measured at once is not what a day is like. */
const SETTLE_MS = 60_000;
const SAMPLES = 10;
const EVERY_MS = 2000;
/** USER_HZ of every Linux: jiffies a second in /proc/PID/stat. */
const JIFFIES_PER_SECOND = 100;

/** A headless node, microphone cold, in an office of two with nobody talking. Linux only: it reads /proc. */
export async function measureIdle(dir: string): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const common = { interface: '127.0.0.1' };
  const one = await Headless.start({
    ...common,
    name: 'A',
    extension: '101',
    office: 'new',
    profile: join(dir, 'a'),
  });
  const { link } = await one.api.call('joinLink');
  const start = () =>
    Headless.start({ ...common, name: 'B', extension: '102', office: link, profile: join(dir, 'b') });
  // Started anew once it is cold: what a warm microphone had loaded is not of this node.
  const before = await start();
  await before.api.call('setSettings', { ready: 'cold' });
  await before.stop();
  const two = await start();
  try {
    await one.api.call('setSettings', { ready: 'cold' });
    await delay(SETTLE_MS);
    const memory: number[] = [];
    const proportional: number[] = [];
    const shares: number[] = [];
    for (let n = 0; n < SAMPLES; n++) {
      const spent = cpuSeconds(two.process.pid);
      const at = performance.now();
      await delay(EVERY_MS);
      shares.push((100 * (cpuSeconds(two.process.pid) - spent)) / ((performance.now() - at) / 1000));
      memory.push(residentMiB(two.process.pid));
      proportional.push(proportionalMiB(two.process.pid));
    }
    return [
      measured('idle-memory', 'MiB', memory, '≤ 70'),
      measured('idle-memory-pss', 'MiB', proportional, 'measured'),
      measured('idle-cpu', '%', shares, '≤ 0.5'),
    ];
  } finally {
    await two.stop();
    await one.stop();
  }
}

/** Resident set size. */
export function residentMiB(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Proportional set size: pages of the runtime that several processes share are counted by their share. */
export function proportionalMiB(pid: number | undefined): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]) / 1024;
}

/** User and system time of all its threads. */
export function cpuSeconds(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / JIFFIES_PER_SECOND;
}
