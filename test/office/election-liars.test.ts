import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { roundOf } from '../../main/election/index.ts';
import { nextTerm } from '../../main/election/term.ts';
import { HIGHEST, claimOf, claimsOver, idOf, liesByChance, repents, termOf } from './liars.ts';
import { leaderOf, percentile, settled, tell, timeToAgree } from './settled-office.ts';
import type { Simulation } from './simulation.ts';
import { type SimulationOptions } from './simulation.ts';

const FEW = 12;
const MANY = 60;

/** A settled office, its switch, and two others: one of them lies. */
function withLiar(options: SimulationOptions) {
  const office = settled(options);
  const leader = leaderOf(office);
  const [liar, victim] = office.machines.map(({ index }) => index).filter((index) => index !== leader);
  assert.ok(liar !== undefined && victim !== undefined);
  return { office, leader, liar, victim };
}

/** For how long the honest nodes did not agree on one switch that they reach: in all, and at most at once. ms. */
function disagreement(office: Simulation, forMs: number): { readonly all: number; readonly longest: number } {
  let since = office.agreed() === undefined ? office.now : undefined;
  let [all, longest] = [0, 0];
  const look = () => {
    const isAgreed = office.agreed() !== undefined;
    if (isAgreed && since !== undefined) {
      all += office.now - since;
      longest = Math.max(longest, office.now - since);
      since = undefined;
    } else if (!isAgreed) since ??= office.now;
  };
  office.onRole = look;
  office.run(office.now + forMs);
  office.onRole = () => undefined;
  if (since !== undefined) [all, longest] = [all + office.now - since, Math.max(longest, office.now - since)];
  return { all, longest };
}

describe('a liar in an office', () => {
  it('claims the highest term that there is, and nobody follows', () => {
    for (let seed = 0; seed < FEW; seed += 1) {
      const { office, leader, liar } = withLiar({ nodes: 5, seed, loss: 0.05 });
      const own = nextTerm(HIGHEST, idOf(office, liar), true);
      for (const term of [HIGHEST, own]) {
        office.lies.set(liar, (beat) => claimOf(beat, term));
        assert.equal(disagreement(office, 10_000).all, 0);
        assert.equal(leaderOf(office), leader);
      }
      office.kill(leader);
      timeToAgree(office, 3000);
      for (const { index } of office.alive())
        if (index !== liar) assert.ok(roundOf(termOf(office, index)) < 20);
    }
  });

  it('claims by another’s term, and nobody follows', () => {
    const { office, leader, liar } = withLiar({ nodes: 5, seed: 1 });
    office.lies.set(liar, (beat, to) =>
      claimOf(beat, nextTerm(termOf(office, to), idOf(office, leader), false)),
    );
    assert.equal(disagreement(office, 10_000).all, 0);
    assert.equal(leaderOf(office), leader);
  });

  it('cannot raise the terms by more than 1,024 rounds in ten seconds', () => {
    const { office, liar } = withLiar({ nodes: 5, seed: 2 });
    const before = Math.max(...office.machines.map(({ index }) => roundOf(termOf(office, index))));
    office.lies.set(liar, (beat, to) =>
      claimOf(beat, nextTerm(termOf(office, to) + 1000 * 2 ** 24, idOf(office, liar), false)),
    );
    office.run(office.now + 60_000);
    const after = Math.max(...office.machines.map(({ index }) => roundOf(termOf(office, index))));
    assert.ok(after - before <= 7 * 1024 + 100, `${after - before} rounds`);
  });

  it('cannot keep a node for itself: what only one is told is overbid', () => {
    const times: number[] = [];
    for (let seed = 0; seed < FEW; seed += 1) {
      const { office, liar, victim } = withLiar({ nodes: 5, seed, loss: 0.05 });
      office.lies.set(liar, (beat, to) =>
        to === victim ? claimsOver({ office, index: liar }, beat, to) : beat,
      );
      times.push(disagreement(office, 30_000).longest);
      assert.equal(disagreement(office, 20_000).all, 0);
    }
    tell('claims to one node alone, apart at most', times);
  });

  it('takes over and is silent then, again and again: it is soon not followed for a minute', () => {
    const apart: number[] = [];
    let calm = 0;
    for (let seed = 0; seed < MANY; seed += 1) {
      const { office, liar } = withLiar({ nodes: 5, seed });
      office.lies.set(liar, (beat, to) =>
        office.now % 2500 < 300 ? claimsOver({ office, index: liar }, beat, to) : undefined,
      );
      const atFirst = disagreement(office, 25_000).all;
      const afterwards = disagreement(office, 40_000).all;
      apart.push(atFirst + afterwards);
      if (afterwards === 0 && leaderOf(office) !== liar) calm += 1;
    }
    tell('claims and falls silent, apart in all', apart);
    assert.ok(percentile(apart, 0.5) < 500);
    assert.ok(Math.max(...apart) < 5000);
    assert.ok(calm >= 0.97 * MANY, `${calm} of ${MANY}`);
  });

  it('names successors that it is not asked for, and none of them claims', () => {
    const { office, leader: first, liar } = withLiar({ nodes: 5, seed: 3 });
    office.kill(first);
    timeToAgree(office, 3000);
    const leader = leaderOf(office);
    assert.notEqual(leader, liar);
    office.lies.set(liar, (beat, to) => ({
      ...claimOf(beat, nextTerm(0, idOf(office, liar), false)),
      successor: idOf(office, to),
    }));
    assert.equal(disagreement(office, 10_000).all, 0);
    assert.equal(leaderOf(office), leader);
  });

  it('accuses everybody, alone, and nothing changes', () => {
    for (let seed = 0; seed < FEW; seed += 1) {
      const { office, leader, liar } = withLiar({ nodes: 4, seed });
      office.lies.set(liar, (beat) => ({ ...beat, accuses: idOf(office, leader) }));
      assert.equal(disagreement(office, 10_000).all, 0);
      assert.equal(leaderOf(office), leader);
    }
  });

  it('lies in every way, with others, and the office is soon one, and stays it for nearly all the time', () => {
    const [shares, longest, afterwards]: number[][] = [[], [], []];
    for (let seed = 0; seed < 16; seed += 1) {
      const nodes = 5 + (seed % 8);
      const office = settled({ nodes, seed, loss: (seed % 3) * 0.05, isBlocked: () => false });
      const liars = office.machines.slice(0, 1 + Math.floor(office.random() * Math.floor((nodes - 1) / 2)));
      for (const { index } of liars) liesByChance({ office, index });
      const seen = disagreement(office, 60_000);
      shares?.push(seen.all / 600);
      longest?.push(seen.longest);
      for (const { index } of liars) repents(office, index);
      afterwards?.push(timeToAgree(office, 15_000));
    }
    console.log(
      `liars, share of time apart: p50 ${percentile(shares ?? [], 0.5).toFixed(0)} %, p95 ${percentile(shares ?? [], 0.95).toFixed(0)} %`,
    );
    tell('liars, apart at most', longest ?? []);
    tell('liars gone, until one switch is left', afterwards ?? []);
    assert.ok(percentile(shares ?? [], 0.5) < 20);
    assert.ok(percentile(longest ?? [], 0.95) < 30_000);
    assert.ok(percentile(afterwards ?? [], 0.95) < 5000);
  });
});
