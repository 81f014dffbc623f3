import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsIn, barsOf, pathOf, shareOfWidth } from './waveform-path.ts';

test('many peaks become few bars, and no loud peak is lost', () => {
  assert.deepEqual(barsOf([0, 9, 1, 2, 255, 3, 4, 5], 4), [9, 2, 255, 5]);
  const peaks = Array.from({ length: 997 }, (_, n) => (n === 500 ? 255 : 1));
  assert.equal(Math.max(...barsOf(peaks, 60)), 255);
});

test('few peaks become many bars, each between those beside it', () => {
  assert.deepEqual(barsOf([10, 20], 4), [10, 13, 18, 20]);
  assert.deepEqual(barsOf([10], 3), [10, 10, 10]);
});

test('without peaks there is a line', () => {
  assert.deepEqual(barsOf([], 3), [0, 0, 0]);
  assert.equal(pathOf([0, 255]), 'M0.5 0.96V1.04M1.5 0.06V1.94');
});

test('bars are three pixels apart, in any width that a list may have', () => {
  assert.equal(barsIn(300), 100);
  assert.equal(barsIn(0), 12);
  assert.equal(barsIn(5000), 240);
});

test('speech grows into the width while it goes on', () => {
  assert.equal(shareOfWidth(3000, true), 0.25);
  assert.equal(shareOfWidth(30_000, true), 1);
  assert.equal(shareOfWidth(3000, false), 1);
});
