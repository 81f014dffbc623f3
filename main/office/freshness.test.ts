import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { AddressCalls } from './address-calls.ts';
import { ChallengeBudget } from './challenge-budget.ts';
import { Offers } from './offers.ts';
import { ReplayWindow } from './replay-window.ts';
import { nodePorts, type NodeId } from '../model/index.ts';

const [ann, bob] = ['E'.repeat(21) + 'A', 'I'.repeat(21) + 'A'] as [NodeId, NodeId];
const at = { address: '10.0.0.1', port: 1 };

test('each packet counts once, in any order within 64, and a higher start makes all lower ones old', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const random = seededRandom(seed);
    const window = new ReplayWindow();
    const taken = new Set<number>();
    let highest = -1;
    for (let n = 0; n < 500; n += 1) {
      const seq = Math.max(0, Math.floor(n / 2 + random() * 100 - 70));
      const expected = !taken.has(seq) && seq > highest - 64;
      assert.equal(window.isNew(5, seq), expected, `seed ${seed}: ${seq} after ${highest}`);
      if (expected) window.note(5, seq);
      taken.add(seq);
      highest = Math.max(highest, seq);
    }
    assert.equal(window.isNew(4, highest + 1), false);
    assert.equal(window.isNew(6, 0), true);
    window.note(6, 0);
    assert.equal(window.isNew(5, highest + 1), false);
    assert.equal(window.boot, 6);
  }
});

test('an offer holds for one node at one address, until this node has slept or stalled for five seconds', () => {
  const offers = new Offers(nodePorts.random);
  offers.look(0, 1_000_000);
  const offer = Buffer.from(offers.to(ann, at));
  assert.equal(offer.length, 8);
  for (const other of [offers.to(bob, at), offers.to(ann, { ...at, port: 2 }), offers.to(undefined, at)])
    assert.notDeepEqual(Buffer.from(other), offer);
  for (let now = 4900; now < 60_000; now += 4900) offers.look(now, 1_000_000 + now);
  assert.deepEqual(Buffer.from(offers.to(ann, at)), offer);
  offers.look(60_000, 1_066_000);
  assert.notDeepEqual(Buffer.from(offers.to(ann, at)), offer, 'the monotonic clock stood still meanwhile');
  assert.notDeepEqual(Buffer.from(new Offers(nodePorts.random).to(ann, at)), offer);
});

test('a node gets one challenge each 30 ms, all nodes 300 a second, and packets from elsewhere use none up', () => {
  const budget = new ChallengeBudget();
  assert.deepEqual(
    [budget.take(ann, false, 0), budget.take(ann, false, 29), budget.take(ann, true, 29)],
    [true, false, true],
  );
  assert.equal(budget.take(ann, false, 30), true);
  let given = 0;
  for (let n = 0; n < 1000; n += 1) if (budget.take(String(n) as NodeId, false, 2000 + n / 2)) given += 1;
  assert.equal(given, 300);
});

test('addresses are called less and less often, then no more; a node that is alone never stops, and saved ones are kept', () => {
  const calls = new AddressCalls();
  calls.add(at, 0);
  calls.add({ ...at, port: 2 }, 0, { isLasting: true });
  const times: number[] = [];
  const run = (from: number, to: number, isAlone: boolean) => {
    let found = 0;
    for (let now = from; now < to; now += 50)
      for (const { port } of calls.due(now, () => isAlone)) {
        found += 1;
        if (port === 1) times.push(now);
      }
    return found;
  };
  run(0, 60_000, false);
  assert.deepEqual(times, [0, 150, 300, 450, 600, 1600, 6600, 36_600]);
  assert.equal(run(60_000, 700_000, false), 0);
  assert.equal(calls.size, 1, 'the one that was only found has an end');
  assert.equal(run(700_000, 1_000_000, true), 10, 'every 30 s');
});

test('an attacker’s addresses displace the oldest found one, and no saved one', () => {
  const calls = new AddressCalls();
  calls.add(at, 0, { isLasting: true });
  for (let port = 2; port < 3000; port += 1) calls.add({ ...at, port }, port);
  assert.equal(calls.size, 1000);
  const due = new Set(calls.due(5000, () => true).map(({ port }) => port));
  assert.ok(due.has(1) && due.has(2999) && !due.has(2));
});

test('the calls of an address start again once in five seconds, however often that is asked for', () => {
  const calls = new AddressCalls();
  calls.add(at, 0);
  let made = 0;
  for (let now = 0; now < 60_000; now += 10) {
    calls.add(at, now, { isUrgent: true });
    calls.hurry(now);
    made += calls.due(now, () => false).length;
  }
  assert.ok(made <= 12 * 6 + 1, `${made} calls in a minute`);
});
