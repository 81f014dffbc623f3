import { join } from 'node:path';
import { delay, eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { cpuSeconds } from './idle.ts';
import type { Measured } from './main.ts';
import { measured } from './statistics.ts';

const NODES = 20;
const FIRST_EXTENSION = 101;
/** V8 compiles what is called again and again, and newcomers greet everybody: what is measured at once is not what rest is like. */
const SETTLE_MS = 12_000;
const SAMPLES = 3;
const EVERY_MS = 10_000;
const MINUTE_MS = 60_000;

/** The switch of an office of twenty headless nodes on loopback, with nobody talking. Linux only: it reads /proc. */
export async function measureSwitch(dir: string): Promise<Measured[]> {
  if (process.platform !== 'linux') return [];
  const nodes: Headless[] = [];
  const start = async (n: number, office: string): Promise<Headless> => {
    const node = await Headless.start({
      ...{ interface: '127.0.0.1', ready: 'cold', name: `Node ${n}`, office },
      ...{ extension: String(FIRST_EXTENSION + n), profile: join(dir, `switch-${n}`) },
      speaker: `file:${join(dir, `switch-${n}.wav`)}`,
    });
    nodes.push(node);
    return node;
  };
  try {
    const first = await start(0, 'new');
    const { link } = await first.api.call('joinLink');
    const address = `127.0.0.1:${(await first.api.call('status')).endpoints?.beat}`;
    for (let n = 1; n < NODES; n += 1) await (await start(n, link)).api.call('addAddress', { address });
    await eventually(() => isSettled(nodes), 'the office of twenty settles', 60_000);
    await delay(SETTLE_MS);
    const spent: number[] = [];
    for (let n = 0; n < SAMPLES; n += 1) {
      const pid = (await switchOf(nodes))?.process.pid;
      const [before, at] = [cpuSeconds(pid), performance.now()];
      await delay(EVERY_MS);
      spent.push(((cpuSeconds(pid) - before) * MINUTE_MS) / (performance.now() - at));
    }
    return [measured('switch-cpu', 's/min', spent, '≤ 1.2 × before')];
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

async function switchOf(nodes: readonly Headless[]): Promise<Headless | undefined> {
  const roles = await Promise.all(nodes.map(async ({ api }) => (await api.call('status')).role));
  return nodes[roles.indexOf('switch')];
}

async function isSettled(nodes: readonly Headless[]): Promise<boolean> {
  const [leader, people] = [await switchOf(nodes), await nodes[0]!.api.call('people')];
  return leader !== undefined && people.filter(({ presence }) => presence !== 'offline').length >= NODES - 1;
}
