import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PINNED_RANK, type Beat } from '../../main/election/index.ts';
import { nextTerm } from '../../main/election/term.ts';
import type { NodeId } from '../../main/model/index.ts';
import { GHOST, HIGHEST, claimOf, claimsOver, idOf, termOf } from './liars.ts';
import { LOSSES, SEEDS, leaderOf, percentile, settled, tell, timeToAgree } from './settled-office.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';

/** An office in which nobody can link to node 0, once it is blocked. */
function withDoor(options: Omit<SimulationOptions, 'isBlocked'>) {
  const door = { isBlocked: true };
  const isBlocked = (_from: number, to: number) => to === 0 && door.isBlocked;
  return { door, office: new Simulation({ ...options, isBlocked }) };
}

/** Which nodes were the switch of all, one after the other. */
function reignsDuring(office: Simulation, forMs: number): number[] {
  const reigns: number[] = [];
  office.onRole = () => {
    const leader = office.agreed();
    if (leader !== undefined && reigns[reigns.length - 1] !== leader) reigns.push(leader);
  };
  office.run(office.now + forMs);
  office.onRole = () => undefined;
  return reigns;
}

describe('a switch that nobody can link to', () => {
  it('is given up by all within three seconds, and another one takes over', () => {
    for (const loss of LOSSES) {
      const times: number[] = [];
      for (const nodes of [2, 3, 5, 12])
        for (let seed = 0; seed < SEEDS / 4; seed += 1) {
          const { office } = withDoor({ nodes, seed, loss, rank: (index) => (index === 0 ? 900 : 500) });
          for (const { index } of office.machines) office.start(index);
          if (!office.run(1500, () => office.agreed() === 0)) continue;
          const from = office.now;
          assert.ok(office.run(from + 6000, () => (office.agreed() ?? 0) !== 0));
          times.push(office.now - from);
          const leader = leaderOf(office);
          office.run(office.now + 30_000);
          assert.equal(leaderOf(office), leader, 'it stays so');
        }
      tell(`switch unreachable, ${loss * 100} % lost`, times);
      assert.ok(times.length >= 30, 'nearly always the blocked node is elected first');
      assert.ok(percentile(times, 0.95) < 3000);
    }
  });

  it('is tried again after a minute, then ever later; and stays once a link to it works', () => {
    const { door, office } = withDoor({ nodes: 5, seed: 7, rank: (i) => (i === 0 ? PINNED_RANK : 500) });
    for (const { index } of office.machines) office.start(index);
    const reigns = reignsDuring(office, 20 * 60_000).filter((leader) => leader === 0).length;
    assert.ok(reigns >= 3 && reigns <= 6, `${reigns} reigns in twenty minutes`);
    door.isBlocked = false;
    office.run(office.now + 40 * 60_000);
    assert.equal(leaderOf(office), 0);
  });

  it('is left to its own where it is a liar that does not give way', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const { office } = withDoor({ nodes: 6, seed, loss: 0.05, rank: (index) => (index === 0 ? 900 : 500) });
      for (const { index } of office.machines) office.start(index);
      office.run(1000);
      office.lies.set(0, (beat, to) => claimsOver({ office, index: 0 }, beat, to));
      office.run(office.now + 15_000);
      const reigns = reignsDuring(office, 30_000);
      assert.deepEqual(reigns, [], 'one honest switch from then on');
      assert.notEqual(leaderOf(office), 0);
    }
  });

  it('remains where only a minority cannot link to it', () => {
    for (let seed = 0; seed < 10; seed += 1) {
      const isBlocked = (from: number, to: number) => to === 0 && from <= 2;
      const rank = (index: number) => (index === 0 ? 900 : 500);
      const office = new Simulation({ nodes: 6, seed, loss: 0.05, rank, isBlocked });
      for (const { index } of office.machines) office.start(index);
      office.run(30_000);
      assert.equal(leaderOf(office), 0);
    }
  });
});

describe('members alone are heard', () => {
  /** An office whose members' list a test changes. */
  function withList(options: SimulationOptions) {
    const removed = new Set<NodeId>([GHOST]);
    const office = settled({ ...options, isMember: (node) => !removed.has(node) });
    const remove = (node: NodeId) => {
      removed.add(node);
      for (const { index } of office.alive()) office.input(index, { type: 'removed', node });
    };
    return { office, remove };
  }

  it('beats of a node that is none change nothing, and nobody answers them', () => {
    const { office } = withList({ nodes: 4, seed: 4 });
    const leader = leaderOf(office);
    let last: Beat | undefined;
    office.lies.set(3, (beat) => (last = beat));
    office.run(office.now + 2000);
    office.lies.clear();
    assert.ok(last);
    const beat = claimOf({ ...last, node: GHOST, ask: true }, nextTerm(termOf(office, leader), GHOST, true));
    for (const { index, election } of office.machines)
      for (let seq = 1; seq < 50; seq += 1) {
        const outputs = election?.step({ type: 'heard', beat: { ...beat, seq } }, office.now) ?? [];
        assert.ok(
          !outputs.some((output) => output.type === 'alive' || output.type === 'hint'),
          `node ${index}`,
        );
        assert.ok(
          !outputs.some(
            (output) => output.type === 'send' && Array.isArray(output.to) && output.to.includes(GHOST),
          ),
        );
      }
    office.run(office.now + 3000);
    assert.equal(leaderOf(office), leader);
  });

  it('a switch that is removed is followed by nobody, at once, and its terms are forgotten', () => {
    const times: number[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const { office, remove } = withList({ nodes: 5, seed, loss: 0.05 });
      const leader = leaderOf(office);
      office.lies.set(leader, (beat, to) => claimsOver({ office, index: leader }, beat, to));
      remove(idOf(office, leader));
      const from = office.now;
      assert.ok(office.run(from + 3000, () => (office.agreed() ?? leader) !== leader));
      times.push(office.now - from);
      const next = leaderOf(office);
      office.run(office.now + 5000);
      assert.equal(leaderOf(office), next);
    }
    tell('switch removed', times);
    assert.ok(percentile(times, 0.95) <= 1000);
  });
});

describe('terms from before', () => {
  const far = (office: Simulation, index: number, round: number) =>
    new Map([[idOf(office, index), nextTerm(round * 2 ** 24, idOf(office, index), false)]]);

  it('are kept, and a node that starts again goes by them', () => {
    const office = settled({ nodes: 3, seed: 5 });
    for (const { index } of office.machines) office.kept.set(index, far(office, 0, 5000));
    for (const { index } of office.machines) office.kill(index);
    for (const { index } of office.machines) office.start(index);
    timeToAgree(office, 3000);
    assert.ok(termOf(office, leaderOf(office)) >= 5000 * 2 ** 24);
  });

  it('far above a newcomer’s do not keep it out, nor does a liar', () => {
    const times: number[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = new Simulation({ nodes: 6, seed, loss: 0.1 });
      for (let index = 0; index < 5; index += 1) office.kept.set(index, far(office, 0, 50_000));
      for (let index = 0; index < 5; index += 1) office.start(index);
      office.run(3000);
      const leader = leaderOf(office);
      const liar = (leader + 1) % 5;
      office.lies.set(liar, (beat, to) =>
        to === 5 ? claimOf(beat, nextTerm(HIGHEST, beat.node, true)) : beat,
      );
      office.start(5);
      times.push(timeToAgree(office, 10_000));
      assert.equal(leaderOf(office), leader);
    }
    tell('newcomer to an office of high terms, with a liar', times);
  });

  it('far above all others’ do not leave a node by itself', () => {
    const times: number[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = new Simulation({ nodes: 5, seed, loss: 0.1 });
      office.kept.set(4, far(office, 4, 100_000));
      office.split((index) => (index === 4 ? 1 : 0));
      for (const { index } of office.machines) office.start(index);
      office.run(3000);
      office.heal();
      times.push(timeToAgree(office, 10_000));
    }
    tell('node of far higher terms', times);
  });
});
