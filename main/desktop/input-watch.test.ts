import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputWatch } from './input-watch.ts';

test('one input is reported once, however its time is rounded, and each later one again', () => {
  const watch = new InputWatch();
  assert.equal(watch.look(0, 10_000), true, 'somebody is there');
  // Touched at 9,900 ms: the whole seconds since then.
  for (const [idleS, now] of [
    [2, 12_000],
    [3, 13_800],
    [5, 15_000],
    [40, 50_000],
  ] as const)
    assert.equal(watch.look(idleS, now), false, `nobody touched it until ${now}`);
  assert.equal(watch.look(1, 52_000), true);
  assert.equal(watch.look(3, 54_000), false);
  assert.equal(watch.look(0, 56_000), true, 'who types all the time is told of at each look');
  assert.equal(watch.look(0, 58_000), true);
});

test('an input that is long past at the first check is not reported', () => {
  const watch = new InputWatch();
  assert.equal(watch.look(3600, 10_000), false);
  assert.equal(watch.look(3602, 12_000), false);
  assert.equal(watch.look(0, 14_000), true);
});
