import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FreshSimulation } from './fresh-simulation.ts';
import { leaderOf, percentile, settled, tell, timeToAgree } from './settled-office.ts';
import { Simulation } from './simulation.ts';

const NODES = 100;
/** More of them, and the comparison with beats that are believed at once, where somebody measures: each costs seconds. */
const MEASURED = Number(process.env['CORRIDOR_SEEDS'] ?? 0);
const SEEDS = MEASURED || 1;
const OFFICES = MEASURED ? [Simulation, FreshSimulation] : [FreshSimulation];
/** Until all have greeted each other. */
const JOINED_MS = 8000;

function failovers(Office: typeof Simulation, loss: number): number[] {
  const times: number[] = [];
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const office = settled({ nodes: NODES, seed, loss }, Office);
    office.run(office.now + JOINED_MS + office.random() * 400);
    if (office.agreed() === undefined) continue;
    office.kill(leaderOf(office));
    times.push(timeToAgree(office, 10_000));
  }
  return times;
}

describe('an office of a hundred that believes only what is fresh', () => {
  for (const loss of [0.05, 0.2])
    it(`has another switch within a second (p95), with ${loss * 100} % lost`, () => {
      for (const Office of OFFICES) {
        const times = failovers(Office, loss);
        tell(`${Office.name}, switch killed, ${loss * 100} % lost`, times);
        assert.ok(percentile(times, 0.95) <= 1000);
      }
    });

  it('that starts within a second has its switch soon after the last one', () => {
    for (const loss of [0, 0.2])
      for (const Office of OFFICES) {
        const [settledAfter, datagrams]: [number[], number[]] = [[], []];
        for (let seed = 0; seed < SEEDS; seed += 1) {
          const office = new Office({ nodes: NODES, seed, loss });
          for (const { index } of office.machines) {
            office.run(office.now + office.random() * (2000 / NODES));
            office.start(index);
          }
          settledAfter.push(office.agreed() === undefined ? timeToAgree(office, 5000) : 0);
          datagrams.push(office.sent / NODES);
        }
        tell(`${Office.name}, settled after the last start, ${loss * 100} % lost`, settledAfter);
        console.log(`  ${(datagrams.reduce((sum, n) => sum + n, 0) / SEEDS).toFixed(0)} datagrams a node`);
        assert.ok(Math.max(...settledAfter) < 2500);
      }
  });
});
