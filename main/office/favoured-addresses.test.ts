import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { FavouredAddresses } from './favoured-addresses.ts';

test('an address is favoured while the node there was heard within the last second', () => {
  const [ann, bob] = ['A', 'B'].map((letter) => letter.repeat(22)) as [NodeId, NodeId];
  const addresses = new Map([[ann, '10.0.0.1']]);
  let [now, looks, alive] = [0, 0, true];
  const favoured = new FavouredAddresses({
    health: () => {
      looks += 1;
      return [ann, bob].map((node) => ({ node, alive }));
    },
    addressOf: (node) => addresses.get(node),
    now: () => now,
  });
  const tell = () => ['10.0.0.1', '10.0.0.2'].map((address) => favoured.has(address));
  assert.deepEqual(tell(), [true, false], 'where Bob is, is not known');
  addresses.set(bob, '10.0.0.2');
  for (now = 0; now < 1000; now += 1) assert.deepEqual(tell(), [true, false]);
  assert.equal(looks, 1, 'a crowd costs one look a second');
  assert.deepEqual(tell(), [true, true]);
  [now, alive] = [2000, false];
  assert.deepEqual(tell(), [false, false]);
});
