import assert from 'node:assert/strict';
import test from 'node:test';
import { endOf, runsOf, type Place } from './runs.ts';

void test('places come in the order of the file, in runs that one read of 256 KiB covers', () => {
  const places: Place[] = Array.from({ length: 1000 }, (_, n) => ({
    n,
    from: (999 - n) * 1000,
    length: 900,
  }));
  const runs = runsOf(places);
  const offsets = runs.flat().map(({ from }) => from);
  assert.deepEqual(
    offsets,
    [...offsets].sort((a, b) => a - b),
  );
  assert.equal(offsets.length, 1000);
  for (const run of runs) assert.ok(endOf(run[run.length - 1]!) - run[0]!.from <= 256 * 1024);
  assert.equal(runs.length, 4);
  assert.deepEqual(runsOf([]), []);
});
