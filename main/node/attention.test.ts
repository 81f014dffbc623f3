import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attention } from './attention.ts';

test('a person who is available but not in front of the computer is shown as away; other presences stand', () => {
  const attention = new Attention();
  assert.equal(attention.presenceOf('available'), 'available');
  attention.isCalling = true;
  assert.deepEqual(
    (['available', 'busy', 'dnd', 'away'] as const).map((chosen) => attention.presenceOf(chosen)),
    ['busy', 'busy', 'dnd', 'away'],
    'who is in a call is busy',
  );
  attention.isCalling = false;
  for (const news of ['idle', 'lock'] as const) {
    assert.equal(attention.take(news), true);
    assert.equal(attention.take(news), false, 'it is known already');
  }
  assert.deepEqual(
    (['available', 'busy', 'dnd', 'away'] as const).map((chosen) => attention.presenceOf(chosen)),
    ['away', 'busy', 'dnd', 'away'],
  );
  assert.equal(attention.take('unlock'), true);
  assert.equal(attention.presenceOf('available'), 'away', 'still nobody touches it');
  assert.equal(attention.take('active'), true);
  assert.equal(attention.presenceOf('available'), 'available');
});
