import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupRepair } from './group-repair.ts';

test('what one or two listeners lost they get by unicast; what more of them lost goes to the group, once', () => {
  const repair = new GroupRepair();
  const asked = ['ann', 'bob', 'kim', 'leo', 'mia'].map((one, n) => repair.wayOf(7, one, 100 + n * 4));
  assert.deepEqual(asked, ['own', 'own', 'group', 'none', 'none']);
  assert.equal(repair.wayOf(8, 'kim', 120), 'own', 'another fragment');
});

test('a listener that asks again and again is one listener', () => {
  const repair = new GroupRepair();
  assert.deepEqual(
    [0, 5, 10, 15].map((at) => repair.wayOf(7, 'ann', at)),
    ['own', 'own', 'own', 'own'],
  );
});

test('who lost the repair too and asks again gets it, and who asks long after the others is answered alone', () => {
  const repair = new GroupRepair();
  for (const one of ['ann', 'bob', 'kim']) repair.wayOf(7, one, 0);
  assert.equal(repair.wayOf(7, 'leo', 19), 'none', 'it is on its way');
  assert.equal(repair.wayOf(7, 'ann', 25), 'own');
  assert.equal(repair.wayOf(9, 'ann', 0), 'own');
  assert.equal(repair.wayOf(9, 'bob', 0), 'own');
  assert.equal(repair.wayOf(9, 'kim', 25), 'own', 'the two before are long answered');
});
