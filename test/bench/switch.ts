import { join } from 'node:path';
import { delay, eventually } from '../support/eventually.ts';
import { areOneOffice } from '../support/one-office.ts';
import { cpuSeconds } from './idle.ts';
import type { Measured } from './main.ts';
import { OfficeOf } from './office-of.ts';
import { measured } from './statistics.ts';

const NODES = 20;
/** V8 compiles what is called again and again, and newcomers greet everybody: what is measured at once is not what rest is like. */
const SETTLE_MS = 12_000;
const SAMPLES = 3;
const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;

/** The switch of an office of twenty headless nodes on loopback, with nobody talking. Linux only: it reads /proc. */
export async function measureSwitch(dir: string): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const office = new OfficeOf(join(dir, 'switch'));
  try {
    for (let n = 0; n < NODES; n += 1) await office.add();
    await eventually(async () => (await areOneOffice(office.nodes)).areOne, 'twenty are one office', 60_000);
    await delay(SETTLE_MS);
    const spent: number[] = [];
    for (let n = 0; n < SAMPLES; n += 1) {
      const pid = (await office.switch())?.node.process.pid;
      const [before, at] = [cpuSeconds(pid), performance.now()];
      await delay(EVERY_MS);
      spent.push(((cpuSeconds(pid) - before) * MINUTE_MS) / (performance.now() - at));
    }
    return [measured('switch-cpu', 's/min', spent, '≤ 1.2 × before')];
  } finally {
    await office.stop();
  }
}
