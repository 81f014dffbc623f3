import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NackScheduler } from './nack.ts';

/** Asks at each due time, until nothing is asked for any more. Returns when fragments were asked for. */
function askedAt(nacks: NackScheduler): number[] {
  const times: number[] = [];
  for (let at = nacks.nextAt(); at !== undefined && times.length < 100; at = nacks.nextAt()) {
    if (nacks.due(at).length > 0) times.push(at);
  }
  return times;
}

describe('the schedule of NACKs', () => {
  it('waits a moment before the first NACK, since two packets may only have changed places', () => {
    const nacks = new NackScheduler();
    nacks.received(0, 0);
    nacks.received(2, 10);
    assert.deepEqual(nacks.due(10), []);
    nacks.received(1, 11);
    assert.equal(nacks.missing, 0);
    assert.equal(nacks.nextAt(), undefined);
  });

  it('asks for a gap again, ever more seldom, and gives up', () => {
    const nacks = new NackScheduler();
    nacks.received(1, 0);
    const times = askedAt(nacks);
    assert.equal(times[0], 3);
    assert.equal(times.length, 14);
    const pauses = times.slice(1).map((at, i) => at - times[i]!);
    assert.deepEqual(
      pauses,
      [...pauses].sort((a, b) => a - b),
    );
    assert.equal(pauses[0], 25);
    assert.equal(pauses.at(-1), 2000);
    assert.equal(nacks.missing, 0);
  });

  it('asks for the end once the number of fragments is known', () => {
    const nacks = new NackScheduler();
    nacks.received(0, 0);
    nacks.end(4, 100);
    assert.deepEqual(nacks.due(100), [1, 2, 3]);
  });

  it('asks for a limited number of fragments at once', () => {
    const nacks = new NackScheduler();
    nacks.end(2000, 0);
    assert.equal(nacks.due(0).length, 300);
    assert.equal(nacks.due(10).length, 4);
  });

  it('learns the round trip only from fragments that it asked for once', () => {
    const nacks = new NackScheduler();
    const before = nacks.roundTripMs;
    nacks.received(1, 0);
    nacks.due(3);
    nacks.received(0, 23);
    assert.equal(nacks.roundTripMs, before + (20 - before) / 4);
  });

  it('ignores a fragment number far beyond the others', () => {
    const nacks = new NackScheduler();
    nacks.received(0, 0);
    nacks.received(50_000, 1);
    assert.equal(nacks.missing, 0);
  });
});
