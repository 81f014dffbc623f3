import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DelayEstimator } from './delay-estimator.ts';

const FRAME_MS = 10;

function arrive(delay: DelayEstimator, from: number, to: number, latenessMs: (n: number) => number): void {
  for (let n = from; n < to; n++) delay.arrived(n, n * FRAME_MS + latenessMs(n), false);
}

describe('the target delay', () => {
  it('is small if all fragments take equally long', () => {
    const delay = new DelayEstimator();
    arrive(delay, 0, 1000, () => 30);
    assert.ok(delay.targetMs < 6, `${delay.targetMs} ms`);
    assert.equal(delay.delayOf(1000, 10_035), 5);
  });

  it('covers the jitter of nearly all fragments, and shrinks slowly once the jitter is gone', () => {
    const delay = new DelayEstimator();
    arrive(delay, 0, 400, (n) => (n % 10 === 0 ? 40 : 0));
    const grown = delay.targetMs;
    assert.equal(grown, 42);
    arrive(delay, 400, 640, () => 0);
    assert.ok(delay.targetMs < grown && delay.targetMs > grown / 2, `${delay.targetMs} ms`);
    arrive(delay, 640, 4000, () => 0);
    assert.ok(delay.targetMs < 5, `${delay.targetMs} ms`);
  });

  it('grows at once for a fragment that comes too late, within a bound', () => {
    const delay = new DelayEstimator();
    arrive(delay, 0, 10, () => 0);
    delay.arrived(10, 100 + 30, true);
    assert.equal(delay.targetMs, 32);
    delay.arrived(11, 110 + 5000, true);
    assert.equal(delay.targetMs, 120);
  });
});
