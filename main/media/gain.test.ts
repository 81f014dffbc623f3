import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amplify } from './gain.ts';

const amplified = (
  samples: readonly number[],
  from: number,
  to: number,
  count = samples.length,
): number[] => {
  const changed = Int16Array.from(samples);
  amplify(changed, count, from, to);
  return [...changed];
};

test('it makes samples louder and softer, and none beyond full scale', () => {
  assert.deepEqual(amplified([100, -100, 1], 1, 1), [100, -100, 1]);
  assert.deepEqual(amplified([100, -100, 3], 0.5, 0.5), [50, -50, 2]);
  assert.deepEqual(amplified([20_000, -20_000, 1], 2, 2), [32_767, -32_768, 2]);
});

test('it goes from one gain to the other evenly', () => {
  assert.deepEqual(amplified([1000, 1000, 1000, 1000], 1, 0), [750, 500, 250, 0]);
  assert.deepEqual(amplified([1000, 1000, 1000, 1000], 0, 2), [500, 1000, 1500, 2000]);
});

test('what lies behind the count stays', () => {
  assert.deepEqual(amplified([100, 100, 100], 0.5, 0.5, 2), [50, 50, 100]);
});
