import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SetTime } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { ColleagueClocks } from './colleague-clocks.ts';

const MINUTE_MS = 60_000;
const id = (letter: string) => `${letter.repeat(21)}A` as NodeId;
const [ann, bo, cy, dee] = [id('a'), id('b'), id('c'), id('d')];

function ground() {
  const time = new SetTime();
  const clocks = new ColleagueClocks(time);
  /** That node's clock is so far ahead. */
  const tells = (node: NodeId, aheadMs: number, roundTripMs = 4) =>
    clocks.measure({ node, wall: time.now() + aheadMs - roundTripMs / 2, roundTripMs });
  return { time, clocks, tells };
}

describe('the clocks of colleagues', () => {
  it('are measured by half of the round trip, if that was short', () => {
    const { time, clocks } = ground();
    assert.equal(clocks.aheadMs(ann), undefined);
    assert.ok(clocks.measure({ node: ann, wall: time.now() + 5000, roundTripMs: 80 }));
    assert.equal(clocks.aheadMs(ann), 5040);
    for (const roundTripMs of [2001, -1])
      assert.equal(clocks.measure({ node: ann, wall: 0, roundTripMs }), false);
    assert.equal(clocks.aheadMs(ann), 5040);
  });

  it('convict this one if two others agree on it, by the nearer of the two', () => {
    const { clocks, tells } = ground();
    assert.equal(clocks.ownAheadMs, undefined);
    tells(ann, 31 * MINUTE_MS);
    assert.equal(clocks.ownAheadMs, undefined, 'between two nobody knows which is wrong');
    tells(bo, 33 * MINUTE_MS);
    assert.equal(clocks.ownAheadMs, -31 * MINUTE_MS);
    tells(cy, 32 * MINUTE_MS);
    tells(dee, 31 * MINUTE_MS);
    assert.equal(clocks.ownAheadMs, -31 * MINUTE_MS);
  });

  it('convince nobody if a single one of them is wrong, or lies', () => {
    for (const lieMs of [MINUTE_MS, -MINUTE_MS, 365 * 24 * 60 * MINUTE_MS, -Date.now()]) {
      const { clocks, tells } = ground();
      tells(ann, lieMs);
      tells(bo, 20);
      assert.ok(Math.abs(clocks.ownAheadMs ?? NaN) <= 20);
      tells(cy, -30);
      assert.ok(Math.abs(clocks.ownAheadMs ?? NaN) <= 30);
      tells(dee, 10);
      assert.ok(Math.abs(clocks.ownAheadMs ?? NaN) <= 30);
    }
  });

  it('convince nobody if they are wrong in different directions', () => {
    const { clocks, tells } = ground();
    tells(ann, 31 * MINUTE_MS);
    tells(bo, -31 * MINUTE_MS);
    assert.equal(clocks.ownAheadMs, 0);
  });

  it('agree, one of them being known', () => {
    const { clocks, tells } = ground();
    tells(ann, 900);
    assert.equal(clocks.ownAheadMs, 0);
  });

  it('are asked for only while one of them differs, five at most', () => {
    const { clocks, tells } = ground();
    const others = ['e', 'f', 'g', 'h'].map(id);
    const online = [ann, bo, cy, dee, ...others];
    tells(ann, 20_000);
    assert.deepEqual(clocks.toAsk(online), []);
    tells(ann, 31_000);
    assert.deepEqual(clocks.toAsk(online), [bo, cy, dee, id('e')]);
    for (const node of [bo, cy, dee, id('e')]) tells(node, 0);
    assert.deepEqual(clocks.toAsk(online), []);
  });

  it('are forgotten after ten minutes, and once this clock was set or the computer slept', () => {
    const { time, clocks, tells } = ground();
    tells(ann, 100);
    time.pass(9 * MINUTE_MS);
    assert.equal(clocks.aheadMs(ann), 100);
    time.pass(2 * MINUTE_MS);
    assert.equal(clocks.aheadMs(ann), undefined);
    tells(ann, 100);
    time.offsetMs += 1000;
    assert.equal(clocks.look(), 0, 'a little is drift');
    assert.equal(clocks.aheadMs(ann), 100);
    time.offsetMs -= 31 * MINUTE_MS;
    assert.equal(clocks.look(), -31 * MINUTE_MS);
    assert.equal(clocks.aheadMs(ann), undefined);
  });
});
