import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callStatus } from '../test/support/call-status.ts';
import { callKeys } from './call-keys.ts';

const settings = { answerKey: 'F7', laterKey: 'F8' };
const rings = callStatus({ id: 'rings' });
const active = callStatus({ id: 'active', state: 'active' });
const held = callStatus({ id: 'held', state: 'active', isHeld: true });
const own = callStatus({ id: 'own', direction: 'out' });
const keysOf = (id: string, ...calls: (typeof rings)[]) => {
  const { answer, later, hangUp } = callKeys(settings, calls, id);
  return [answer, later, hangUp];
};

test('the keys stand beside the call on which they act', () => {
  assert.deepEqual(keysOf('rings', rings), ['F7', 'F8', undefined]);
  assert.deepEqual(keysOf('rings', active, rings), ['F7', 'F8', undefined]);
  assert.deepEqual(keysOf('active', active, rings), [undefined, undefined, undefined]);
  assert.deepEqual(keysOf('active', held, active), [undefined, undefined, 'F7']);
  assert.deepEqual(keysOf('held', held, active), [undefined, undefined, undefined]);
  assert.deepEqual(keysOf('held', held), [undefined, undefined, undefined]);
  assert.deepEqual(keysOf('own', own), [undefined, undefined, 'F7']);
});

test('where no key is chosen none is shown', () => {
  const none = { answer: undefined, later: undefined, hangUp: undefined };
  assert.deepEqual(callKeys({ answerKey: null, laterKey: null }, [rings], 'rings'), none);
  assert.deepEqual(callKeys(null, [rings], 'rings'), none);
});
