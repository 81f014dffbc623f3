import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { leaderOf, LOSSES, SEEDS, settled } from './settled-office.ts';
import type { Simulation } from './simulation.ts';

/** The disk of a node is full, or has room again. */
function fill(office: Simulation, index: number, isFull = true): void {
  office.input(index, { type: 'describe', isFull });
}

/** Which node the switch names as its standby. */
function standbyOf(office: Simulation): number {
  const { standby } = office.machines[leaderOf(office)]!.election!.state();
  return office.machines.findIndex(({ id }) => id === standby);
}

/** Every change of the switch from now on: when, and to whom. */
function changesOf(office: Simulation): { readonly at: number; readonly to: number }[] {
  const changes: { readonly at: number; readonly to: number }[] = [];
  let before = office.agreed();
  office.onRole = () => {
    const leader = office.agreed();
    if (leader === undefined || leader === before) return;
    before = leader;
    changes.push({ at: office.now, to: leader });
  };
  return changes;
}

const pass = (office: Simulation, ms: number) => office.run(office.now + ms);

/** The most changes that fall within a minute. */
function mostInAMinute(changes: readonly { readonly at: number }[]): number {
  return Math.max(
    0,
    ...changes.map(({ at }) => changes.filter((other) => other.at >= at && other.at < at + 60_000).length),
  );
}

describe('an office whose disks fill up', () => {
  it('gets its standby as the switch in place of a full one, without being without a switch', () => {
    for (const loss of LOSSES)
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const office = settled({ nodes: 6, seed, loss });
        pass(office, 45_000);
        const [leader, standby] = [leaderOf(office), standbyOf(office)];
        const changes = changesOf(office);
        const lost = office.lost.length;
        fill(office, leader);
        pass(office, 8000);
        if (loss === 0)
          assert.deepEqual(changes, [], 'a disk that was full for a moment costs nobody the switch');
        pass(office, 12_000);
        const now = leaderOf(office);
        assert.notEqual(now, leader);
        assert.notEqual(standbyOf(office), leader);
        if (loss > 0) continue;
        assert.equal(now, standby, 'it holds a copy of everything');
        assert.equal(changes.length, 1);
        assert.equal(office.lost.length, lost);
      }
  });

  it('has no full standby while another node has room, and a full one rather than none', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 4, seed, loss: 0.1, rank: (index) => 100 + index });
      pass(office, 5000);
      const leader = leaderOf(office);
      const full = new Set<number>();
      for (let step = 0; step < 2; step += 1) {
        const standby = standbyOf(office);
        full.add(standby);
        fill(office, standby);
        pass(office, 5000);
        assert.ok(!full.has(standbyOf(office)), 'another one with room');
      }
      fill(office, standbyOf(office));
      pass(office, 5000);
      assert.ok(standbyOf(office) >= 0, 'a full one');
      const free = [...full][0]!;
      fill(office, free, false);
      pass(office, 70_000);
      assert.deepEqual([standbyOf(office), leaderOf(office)], [free, leader]);
    }
  });

  it('keeps its switch where nobody has room, and gets another one once somebody has', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 5, seed });
      const leader = leaderOf(office);
      const changes = changesOf(office);
      for (const { index } of office.machines) fill(office, index);
      pass(office, 180_000);
      assert.deepEqual(changes, []);
      const free = (leader + 1) % 5;
      fill(office, free, false);
      pass(office, 90_000);
      assert.deepEqual([leaderOf(office), changes.length], [free, 1]);
    }
  });

  it('hands over to a full node rather than to nobody where a full switch leaves', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 3, seed });
      const leader = leaderOf(office);
      for (const { index } of office.machines) fill(office, index);
      pass(office, 3000);
      office.input(leader, { type: 'leave' });
      assert.ok(
        office.run(office.now + 1000, () => office.agreed() !== undefined && office.left.length === 1),
      );
      assert.notEqual(leaderOf(office), leader);
    }
  });

  it('elects none that is full where its switch falls silent', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 5, seed });
      const full = standbyOf(office);
      fill(office, full);
      pass(office, 3000);
      office.kill(leaderOf(office));
      pass(office, 4000);
      assert.notEqual(leaderOf(office), full);
    }
  });

  it('prefers a pinned node, but not while it is full and for a minute after that', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 4, seed, rank: (index) => (index === 2 ? 1000 : 500) });
      office.run(office.now + 20_000, () => office.agreed() === 2);
      assert.equal(leaderOf(office), 2);
      pass(office, 45_000);
      fill(office, 2);
      pass(office, 15_000);
      assert.notEqual(leaderOf(office), 2);
      fill(office, 2, false);
      pass(office, 50_000);
      assert.notEqual(leaderOf(office), 2);
      pass(office, 20_000);
      assert.equal(leaderOf(office), 2);
    }
  });

  it('never has more than two changes a minute, however their disks fill up and empty', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 5, seed, rank: (index) => (index === 0 ? 1000 : 500) });
      pass(office, 20_000);
      const changes = changesOf(office);
      for (let step = 0; step < 300; step += 1) {
        const index = Math.floor(office.random() * 5);
        // The switch's disk fills up most of all, and empties when it is the switch no longer.
        const isFull = index === office.agreed() || office.random() < 0.3;
        fill(office, index, isFull);
        pass(office, office.random() * 6000);
      }
      assert.ok(mostInAMinute(changes) <= 2, JSON.stringify(changes));
    }
  });
});
