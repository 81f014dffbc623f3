import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remaining } from './presence-time.ts';

test('a near end is told in minutes, a far one as a time', () => {
  const now = 1_000_000;
  assert.deepEqual(remaining(now + 30 * 60_000, now), { minutes: 30 });
  assert.deepEqual(remaining(now + 29.2 * 60_000, now), { minutes: 30 });
  assert.deepEqual(remaining(now - 5, now), { minutes: 1 });
  assert.deepEqual(remaining(now + 8 * 3_600_000, now), { at: now + 8 * 3_600_000 });
});
