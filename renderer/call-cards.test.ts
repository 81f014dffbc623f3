import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallStatus } from '../preload/api.ts';
import { callStatus } from '../test/support/call-status.ts';
import { callCards } from './call-cards.ts';

const call = (id: string, fields: Partial<CallStatus> = {}) =>
  callStatus({ id, person: id, name: id, direction: 'out', state: 'active', ...fields });
const ids = (calls: readonly CallStatus[]) => callCards(calls).map((card) => card.map(({ id }) => id).join());

test('each call has a card', () => {
  assert.deepEqual(ids([]), []);
  assert.deepEqual(ids([call('a'), call('b', { isHeld: true })]), ['a', 'b']);
});

test('a call of several has one, with whom it rings at', () => {
  const calls = [
    call('a', { party: 'p' }),
    call('b', { party: 'p', direction: 'in' }),
    call('c', { party: 'p', state: 'ringing' }),
    call('d', { isHeld: true }),
  ];
  assert.deepEqual(ids(calls), ['a,b,c', 'd']);
});

test('whoever rings, and why somebody did not come, stands alone', () => {
  const calls = [
    call('a', { party: 'p' }),
    call('b', { party: 'p', direction: 'in', state: 'ringing' }),
    call('c', { party: 'p', state: 'ended', reason: 'declined' }),
  ];
  assert.deepEqual(ids(calls), ['a', 'b', 'c']);
  assert.deepEqual(ids([call('x', { party: 'q', state: 'ringing' })]), ['x']);
});
