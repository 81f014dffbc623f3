import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { Overruns } from './overruns.ts';

test('who sends too much is counted, named for ten minutes, and logged once for each budget', () => {
  const time = new HandTime();
  const log: string[] = [];
  const overruns = new Overruns(time, (line) => log.push(line));
  const [ann, bob] = ['A', 'B'].map((letter) => letter.repeat(22)) as [NodeId, NodeId];
  assert.deepEqual(overruns.recent, []);
  overruns.add(ann, 'hello');
  for (let n = 0; n < 100; n += 1) overruns.add(bob, 'receipt');
  overruns.add(bob, 'hello');
  assert.deepEqual(overruns.recent, [
    { node: bob, count: 101 },
    { node: ann, count: 1 },
  ]);
  assert.equal(log.length, 3, log.join('\n'));
  time.pass(600_000);
  assert.equal(overruns.recent.length, 2);
  time.pass(1);
  assert.deepEqual(overruns.recent, []);
  overruns.add(bob, 'receipt');
  assert.deepEqual(overruns.recent, [{ node: bob, count: 1 }]);
  assert.equal(log.length, 3, 'that was said already');
});
