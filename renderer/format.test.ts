import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, initials, when } from './format.ts';

test('lengths are minutes and seconds', () => {
  assert.equal(duration(0), '0:00');
  assert.equal(duration(999), '0:00');
  assert.equal(duration(83_400), '1:23');
  assert.equal(duration(3_723_000), '1:02:03');
});

test('a time is as short as it can be without doubt', () => {
  const now = new Date(2026, 4, 20, 15, 0).getTime();
  assert.equal(when(new Date(2026, 4, 20, 9, 5).getTime(), now, 'en-GB'), '9:05');
  assert.equal(when(new Date(2026, 4, 18, 9, 5).getTime(), now, 'en-GB'), 'Mon 9:05');
  assert.equal(when(new Date(2026, 3, 2, 9, 5).getTime(), now, 'en-GB'), '2 Apr 9:05');
});

test('initials are those of the first and last name, in any script', () => {
  assert.equal(initials('Dana Ruiz'), 'DR');
  assert.equal(initials('ana'), 'A');
  assert.equal(initials('Jean de la Tour'), 'JT');
  assert.equal(initials('李 小龙'), '李小');
  assert.equal(initials('😀'), '😀');
});
