import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { areOneOffice } from '../support/one-office.ts';
import type { Measured } from './main.ts';
import { OfficeOf } from './office-of.ts';
import { measured } from './statistics.ts';

const NODES = 20;
/** Each round has one node less. */
const ROUNDS = 8;
const PATIENCE_MS = 120_000;

/**
 * Twenty headless nodes on loopback. They are started at once: from the moment at which the last one is up until each sees all others
 * online under one switch. Then their switch is killed, again and again: until the last of the others has another one.
 */
export async function measureFailover(dir: string): Promise<Measured[]> {
  const office = new OfficeOf(join(dir, 'failover'));
  const areOne = (what: string) =>
    eventually(async () => (await areOneOffice(office.nodes)).areOne, what, PATIENCE_MS);
  try {
    await office.add();
    await Promise.all(Array.from({ length: NODES - 1 }, () => office.add()));
    const up = performance.now();
    await areOne('twenty that were started at once are one office');
    const settled = performance.now() - up;
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      took.push(await killSwitch(office));
      await areOne('those who are left are one office');
    }
    return [
      measured('office-settles-20', 's', [settled / 1000], '≤ 10, all started at once'),
      measured('failover-20', 's', took, 'p95 ≤ 1'),
    ];
  } finally {
    await office.stop();
  }
}

/** How long it takes until everybody else has one other switch, s. */
async function killSwitch(office: OfficeOf): Promise<number> {
  const killed = await office.switch();
  if (!killed) throw new Error('the office has no switch');
  const former = (await killed.api.call('status')).node?.id;
  office.nodes.splice(office.nodes.indexOf(killed), 1);
  const at = performance.now();
  await killed.node.stop({ signal: 'SIGKILL' });
  const seen = await Promise.all(
    office.nodes.map(({ node }) =>
      node.until(
        (event) =>
          event.type === 'status' && event.status.switch !== null && event.status.switch.id !== former,
        PATIENCE_MS,
        at,
      ),
    ),
  );
  return (Math.max(...seen.map(({ heardAt }) => heardAt)) - at) / 1000;
}
