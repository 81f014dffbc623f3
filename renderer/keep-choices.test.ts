import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayChoices, megabyteChoices, span } from './keep-choices.ts';

test('a choice that somebody made elsewhere is among the choices, in its place', () => {
  assert.deepEqual(dayChoices(90), [7, 30, 90, 180, 365, 730]);
  assert.deepEqual(dayChoices(45), [7, 30, 45, 90, 180, 365, 730]);
  assert.deepEqual(megabyteChoices(2000), [512, 1024, 2000, 2048, 5120, 10_240, 51_200]);
});

test('days are shown as months and years where they are whole', () => {
  assert.deepEqual(span(7), { count: 7, unit: 'days' });
  assert.deepEqual(span(30), { count: 1, unit: 'months' });
  assert.deepEqual(span(180), { count: 6, unit: 'months' });
  assert.deepEqual(span(365), { count: 1, unit: 'years' });
  assert.deepEqual(span(730), { count: 2, unit: 'years' });
});
