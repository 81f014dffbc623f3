import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BEAT_PORT,
  ELSEWHERE,
  idOf,
  LEAST_BYTES,
  NAMED,
  type WiredNode,
  WiredOffice,
} from './test-datagrams.ts';

test('an address that a member names is called, less and less often, and then no more', async (t) => {
  const office = new WiredOffice(t);
  const nodes = await office.settled('10.0.0.1', '10.0.0.2');
  const [ann] = nodes as [WiredNode];
  for (let n = 0; n < 20; n += 1) {
    const victim = await office.add(`10.0.1.${n}`);
    ann.datagrams.addPeer(idOf(victim), NAMED);
  }
  office.time.pass(60_000);
  const drawn = office.wire.carried.filter(({ to }) => to.address === ELSEWHERE.address);
  const greetings = drawn.filter(({ bytes }) => bytes.length === LEAST_BYTES).length;
  assert.ok(greetings <= 3 * 20, `${greetings} greetings of nodes that are said to be there`);
  assert.ok(drawn.length - greetings <= 8, `${drawn.length - greetings} calls to one address`);
  office.time.pass(120_000);
  const later = office.wire.carried.filter(({ to }) => to.address === ELSEWHERE.address).length;
  assert.equal(later, drawn.length, 'none any more');
});

test('a node that is alone calls for ever', async (t) => {
  const office = new WiredOffice(t);
  const ann = await office.add('10.0.0.1');
  office.run(ann);
  ann.datagrams.addCandidate({ address: '10.0.0.2', port: BEAT_PORT });
  office.time.pass(300_000);
  const bob = await office.add('10.0.0.2');
  office.run(bob);
  office.time.pass(31_000);
  assert.ok(ann.datagrams.addressOf(idOf(bob)));
  assert.equal(ann.election.state().switch, bob.election.state().switch);
});

test('forged finds keep no real one out and are not called for ever; a typed address is', async (t) => {
  const office = new WiredOffice(t);
  const [ann, given] = [await office.add('10.0.0.1'), { address: '10.0.0.6', port: BEAT_PORT }];
  const { carried } = office.wire;
  office.run(ann);
  ann.datagrams.addCandidate(given, { isLasting: true });
  const forged = (n: number) => ({ address: `10.1.${n >> 8}.${n & 255}`, port: BEAT_PORT });
  for (let n = 0; n < 2000; n += 1) ann.datagrams.foundCandidate(forged(n), forged(n).address, true);
  const callsTo = ({ address }: { readonly address: string }) =>
    carried.filter(({ to }) => to.address === address).length;
  ann.datagrams.foundCandidate(ELSEWHERE, ELSEWHERE.address, true);
  office.time.pass(50);
  assert.equal(callsTo(ELSEWHERE), 1, 'a real find is called at once');
  ann.datagrams.foundCandidate(ELSEWHERE, ELSEWHERE.address, false);
  office.time.pass(50);
  assert.equal(callsTo(ELSEWHERE), 1, 'found again, it is no news');
  const called = (): Set<string> => new Set(carried.map(({ to }) => to.address));
  carried.length = 0;
  office.time.pass(1000);
  assert.equal(called().size, 513, 'those that made room are called no more');
  office.time.pass(240_000);
  carried.length = 0;
  office.time.pass(120_000);
  assert.deepEqual([...called()], [given.address]);
});

test('a found address that a colleague’s record names as well survives a flood of forged ones', async (t) => {
  const office = new WiredOffice(t);
  const ann = await office.add('10.0.0.1');
  office.run(ann);
  ann.datagrams.foundCandidate(ELSEWHERE, ELSEWHERE.address, true);
  ann.datagrams.addCandidate(ELSEWHERE);
  const forged = (n: number) => ({ address: `10.1.${n >> 8}.${n & 255}`, port: BEAT_PORT });
  for (let n = 0; n < 600; n += 1) ann.datagrams.foundCandidate(forged(n), forged(n).address, true);
  office.wire.carried.length = 0;
  office.time.pass(1000);
  assert.ok(office.wire.carried.some(({ to }) => to.address === ELSEWHERE.address));
});

test('an address that only a beat names is forgotten if nobody answers there', async (t) => {
  const office = new WiredOffice(t);
  const [ann, bob] = [await office.add('10.0.0.1'), await office.add('10.0.0.2')];
  const ghost = await office.add('10.0.0.3');
  office.run(ann);
  const beat = {
    ...{ v: 1 as const, node: idOf(bob), boot: 1, seq: 1, period: 1, term: 0, rank: 1, members: 2 },
    ...{ role: 'member' as const, switch: idOf(ghost), switchAt: NAMED, sentAt: 0, revision: 1 },
    endpoints: { ...NAMED, address: bob.at.address },
  };
  ann.datagrams.input({ type: 'heard', beat });
  assert.deepEqual(ann.datagrams.endpointsOf(idOf(ghost)), NAMED);
  const callsThere = () => office.wire.carried.filter(({ to }) => to.address === NAMED.address).length;
  office.time.pass(2000);
  assert.ok(callsThere() > 3, 'it may be there');
  office.time.pass(35_000);
  assert.equal(ann.datagrams.endpointsOf(idOf(ghost)), undefined);
  const calls = callsThere();
  office.time.pass(120_000);
  assert.equal(callsThere(), calls);
});
