import assert from 'node:assert/strict';
import { Simulation, type SimulationOptions } from './simulation.ts';

export const SEEDS = 40;
export const LOSSES = [0, 0.05, 0.2];
export const SIZES = [2, 3, 5, 12, 50];

/** Fewer runs of the largest office: each costs as much as all the others. */
export const seedsFor = (nodes: number, seeds: number) => (nodes >= 50 ? Math.ceil(seeds / 6) : seeds);

/** An office that has found its switch: all started within 300 ms, and given some seconds to settle. */
export function settled(options: SimulationOptions, Office = Simulation): Simulation {
  const office = new Office(options);
  for (const { index } of office.machines) {
    office.run(office.now + office.random() * (300 / options.nodes));
    office.start(index);
  }
  office.run(office.now + 2500);
  assert.ok(
    office.run(office.now + 4000, () => office.agreed() !== undefined),
    `no switch: ${JSON.stringify(options)}`,
  );
  return office;
}

export function leaderOf(office: Simulation): number {
  const leader = office.agreed();
  assert.ok(leader !== undefined, 'the office agrees on no switch');
  return leader;
}

/** How long until all of a side agree on one switch, ms. */
export function timeToAgree(office: Simulation, withinMs: number, side = 0): number {
  const from = office.now;
  let agreed = office.agreed(side) !== undefined;
  office.onRole = () => (agreed = office.agreed(side) !== undefined);
  assert.ok(
    office.run(from + withinMs, () => agreed),
    `no agreement within ${withinMs} ms: ${office.machines.map((m) => m.election?.state().switch?.slice(0, 4)).join()}`,
  );
  office.onRole = () => undefined;
  return office.now - from;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function tell(name: string, times: readonly number[]): void {
  const [p50, p95, most] = [percentile(times, 0.5), percentile(times, 0.95), Math.max(...times)];
  console.log(
    `${name}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, most ${most.toFixed(0)} ms (${times.length})`,
  );
}
