import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PINNED_RANK } from '../../main/election/index.ts';
import {
  LOSSES,
  SEEDS,
  leaderOf,
  percentile,
  seedsFor,
  settled,
  tell,
  timeToAgree,
} from './settled-office.ts';
import { Simulation } from './simulation.ts';

describe('an office changes its switch by plan', () => {
  /** Whether at every change of a role somebody was the switch, and everybody knew one. */
  function watch(office: Simulation): () => boolean {
    let gapless = true;
    office.onRole = () => {
      const knows = office.alive().every(({ election }) => election?.state().switch !== undefined);
      if (office.switches().length === 0 || !knows) gapless = false;
    };
    return () => gapless;
  }

  it('leaves no moment without a switch when the switch quits', () => {
    const times: number[] = [];
    for (const nodes of [2, 3, 12, 50])
      for (const loss of LOSSES)
        for (let seed = 0; seed < seedsFor(nodes, 15); seed += 1) {
          const office = settled({ nodes, seed, loss });
          const leader = leaderOf(office);
          const gapless = watch(office);
          const from = office.now;
          office.input(leader, { type: 'leave' });
          assert.ok(office.run(from + 3000, () => office.left.includes(leader)));
          times.push(office.now - from);
          assert.ok(gapless());
          timeToAgree(office, 1000);
        }
    tell('hand-over, until the old switch may stop', times);
    assert.ok(percentile(times, 0.95) <= 300);
  });

  it('hands over to a pinned node that comes later, and not back', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const nodes = 6;
      const office = new Simulation({
        nodes,
        seed,
        loss: 0.1,
        rank: (index) => (index === 5 ? PINNED_RANK : 500),
      });
      for (let index = 0; index < 5; index += 1) office.start(index);
      office.run(3000);
      const first = leaderOf(office);
      office.start(5);
      office.run(office.now + 1500);
      assert.equal(leaderOf(office), first, 'not before it was a member for a while');
      const gapless = watch(office);
      office.run(office.now + 4500);
      assert.ok(gapless());
      assert.equal(leaderOf(office), 5);
      office.run(office.now + 10_000);
      assert.equal(leaderOf(office), 5);
    }
  });

  it('lets a node by itself, and a member, leave at once', () => {
    const office = new Simulation({ nodes: 1, seed: 1 });
    office.start(0);
    office.run(1000);
    office.input(0, { type: 'leave' });
    assert.deepEqual(office.left, [0]);

    const two = settled({ nodes: 2, seed: 2 });
    const member = 1 - leaderOf(two);
    two.lost.length = 0;
    two.input(member, { type: 'leave' });
    assert.deepEqual(two.left, [member]);
    two.run(two.now + 10);
    assert.equal(two.lost[0]?.node, two.machines[member]?.id);
  });

  it('goes on where the successor burns during the hand-over', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 4, seed });
      const leader = leaderOf(office);
      const standby = office.machines[leader]?.election?.state().standby;
      office.kill(office.machines.findIndex((machine) => machine.id === standby));
      office.input(leader, { type: 'leave' });
      assert.ok(office.run(office.now + 2500, () => office.left.includes(leader)));
      timeToAgree(office, 2000);
    }
  });
});

describe('an office is split, sleeps, and is whole again', () => {
  it('has a switch on each side, and one after the heal', () => {
    const [splits, heals]: number[][] = [[], []];
    for (const nodes of [2, 5, 12, 50])
      for (const loss of LOSSES)
        for (let seed = 0; seed < seedsFor(nodes, 12); seed += 1) {
          const office = settled({ nodes, seed, loss });
          const leader = leaderOf(office);
          // The switch's side and the other; at least one node on each.
          office.split((index) => (index === leader ? 0 : index === (leader + 1) % nodes ? 1 : index % 2));
          splits?.push(Math.max(timeToAgree(office, 5000, 1), timeToAgree(office, 5000, 0)));
          office.run(office.now + office.random() * 8000);
          office.heal();
          heals?.push(timeToAgree(office, 5000));
        }
    tell('split, until the other side has a switch', splits ?? []);
    tell('heal, until one switch is left', heals ?? []);
    assert.ok(percentile(splits ?? [], 0.95) <= 1500);
    assert.ok(percentile(heals ?? [], 0.95) <= 1500);
  });

  it('a member that slept, or whose loop stalled, does not displace the switch', () => {
    for (const forMs of [800, 3000, 3_600_000]) {
      const office = settled({ nodes: 4, seed: 3 });
      const leader = leaderOf(office);
      for (const { index } of office.machines) if (index !== leader) office.sleep(index, forMs);
      office.run(office.now + forMs + 3000);
      assert.equal(leaderOf(office), leader);
    }
  });

  it('a switch that slept comes back as a member', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = settled({ nodes: 4, seed, loss: 0.1 });
      const leader = leaderOf(office);
      office.sleep(leader, 60_000);
      office.run(office.now + 60_000);
      timeToAgree(office, 2500);
      assert.notEqual(leaderOf(office), leader);
    }
  });

  it('is found through one address of any member', () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const office = new Simulation({
        nodes: 5,
        seed,
        loss: 0.1,
        knows: (index) => (index === 4 ? [] : [0, 1, 2, 3]),
      });
      for (let index = 0; index < 4; index += 1) office.start(index);
      office.run(3000);
      const leader = leaderOf(office);
      const member = (leader + 1) % 4;
      office.machines[4]?.knows.add(member);
      office.start(4);
      timeToAgree(office, 3000);
    }
  });

  it('survives a day of everything at once', () => {
    const times: number[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const nodes = 3 + Math.floor(seed / 4);
      const office = settled({ nodes, seed, loss: (seed % 5) * 0.05, delayMs: [0.2, 20] });
      for (let event = 0; event < 15; event += 1) {
        const index = Math.floor(office.random() * nodes);
        const dice = office.random();
        if (dice < 0.3) office.kill(index);
        else if (dice < 0.6) office.start(index);
        else if (dice < 0.7) office.input(index, { type: 'leave' });
        else if (dice < 0.8) office.split(() => (office.random() < 0.5 ? 0 : 1));
        else if (dice < 0.9) office.heal();
        else office.sleep(index, office.random() * 4000);
        office.run(office.now + office.random() * 2000);
      }
      office.heal();
      for (const machine of office.machines) if (!machine.election) office.start(machine.index);
      office.run(Math.max(office.now, ...office.machines.map((machine) => machine.asleepUntil)));
      times.push(timeToAgree(office, 6000));
      const leader = leaderOf(office);
      office.run(office.now + 2000);
      assert.equal(leaderOf(office), leader, 'and it stays');
    }
    tell('after a day of everything, until one switch is left', times);
  });
});
