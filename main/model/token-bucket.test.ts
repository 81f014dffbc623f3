import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenBucket } from './token-bucket.ts';

const taken = (bucket: TokenBucket, now: number, tries: number): number =>
  Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length;

describe('a token bucket', () => {
  it('gives its burst at once, then what has come in since', () => {
    const bucket = new TokenBucket({ atOnce: 10, perSecond: 2 });
    assert.equal(taken(bucket, 0, 100), 10);
    assert.equal(taken(bucket, 499, 100), 0);
    assert.equal(Math.round(bucket.waitMs(499)), 1);
    assert.equal(taken(bucket, 500, 100), 1);
    assert.equal(taken(bucket, 2000, 100), 3);
    assert.equal(taken(bucket, 3_600_000, 100), 10, 'never more than its burst');
  });

  it('lets one thing that is larger than its burst pass when it is full, and owes it', () => {
    const bucket = new TokenBucket({ atOnce: 10, perSecond: 10 });
    assert.equal(bucket.take(0, 30), true);
    assert.equal(bucket.waitMs(0), 2100);
    assert.equal(bucket.take(2099), false);
    assert.equal(bucket.take(2100), true);
  });

  it('without a rate gives no second time, and a clock that goes back gives nothing', () => {
    const once = new TokenBucket({ atOnce: 1 });
    assert.equal(taken(once, 0, 2), 1);
    assert.equal(once.waitMs(1e9), Infinity);
    const bucket = new TokenBucket({ atOnce: 1, perSecond: 1 });
    assert.equal(bucket.take(5000), true);
    assert.equal(bucket.take(1000), false);
    assert.equal(bucket.take(1999), false);
    assert.equal(bucket.take(2000), true);
  });
});
