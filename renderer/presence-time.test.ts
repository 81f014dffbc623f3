import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remaining, tomorrowMorning } from './presence-time.ts';

test('what remains is minutes while it is near, a time when it is not', () => {
  const now = 1_000_000;
  assert.deepEqual(remaining(now + 30 * 60_000, now), { minutes: 30 });
  assert.deepEqual(remaining(now + 29.2 * 60_000, now), { minutes: 30 });
  assert.deepEqual(remaining(now - 5, now), { minutes: 1 });
  assert.deepEqual(remaining(now + 8 * 3_600_000, now), { at: now + 8 * 3_600_000 });
});

test('tomorrow is the next morning, at the end of a month too', () => {
  const late = new Date(2026, 0, 31, 23, 50).getTime();
  assert.deepEqual(tomorrowMorning(late), new Date(2026, 1, 1, 8).getTime());
});
