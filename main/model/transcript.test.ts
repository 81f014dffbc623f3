import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnsure } from './transcript.ts';

test('an engine guesses below a confidence of 0.6, and not where it gives none', () => {
  assert.deepEqual([0, 0.59, 0.6, 1, null].map(isUnsure), [true, true, false, false, false]);
});
