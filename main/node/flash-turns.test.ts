import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FLASH_MS, FlashTurns } from './flash-turns.ts';

const once = (name: string) => ({ cause: 'speaks', name, lasts: false }) as const;
const RING = { cause: 'calls', name: 'Bo', lasts: true } as const;

describe('the turns of flashes', () => {
  it('one begins when the time of the one before is over, and the newest is the one that waited', () => {
    const turns = new FlashTurns();
    assert.deepEqual(turns.once(once('Ana'), 0), [once('Ana')]);
    assert.deepEqual(turns.once(once('Bo'), 100), []);
    assert.deepEqual(turns.once(once('Cy'), 200), []);
    assert.equal(turns.nextAt, FLASH_MS);
    assert.deepEqual(turns.tick(FLASH_MS - 1), []);
    assert.deepEqual(turns.tick(FLASH_MS), [once('Cy')]);
    assert.equal(turns.nextAt, null);
    assert.deepEqual(turns.once(once('Ana'), 2 * FLASH_MS), [once('Ana')]);
  });

  it('one that lasts takes the place of those that wait, and its end is told', () => {
    const turns = new FlashTurns();
    turns.once(once('Ana'), 0);
    turns.once(once('Cy'), 100);
    assert.deepEqual(turns.last(RING, 200), []);
    assert.deepEqual(turns.tick(turns.nextAt!), [RING]);
    assert.deepEqual(turns.last(RING, 5000), [], 'it is there already');
    assert.deepEqual(turns.once(once('Ana'), 6000), []);
    assert.equal(turns.nextAt, null);
    assert.deepEqual(turns.last(null, 7000), [null]);
    assert.deepEqual(turns.once(once('Ana'), 7100), [], 'it may just have been lit');
    assert.deepEqual(turns.tick(turns.nextAt!), [once('Ana')]);
  });

  it('one that is over before its turn is not shown, and nothing is told', () => {
    const turns = new FlashTurns();
    turns.once(once('Ana'), 0);
    assert.deepEqual(turns.last(RING, 100), []);
    assert.deepEqual(turns.last(null, 200), []);
    assert.equal(turns.nextAt, null);
    assert.deepEqual(turns.last(null, FLASH_MS), []);
  });

  it('another caller takes the place of the first one', () => {
    const turns = new FlashTurns();
    assert.deepEqual(turns.last(RING, 0), [RING]);
    const other = { ...RING, name: 'Cy' };
    assert.deepEqual(turns.last(other, 3000), []);
    assert.deepEqual(turns.tick(turns.nextAt!), [other]);
    assert.deepEqual(turns.last(RING, 9000), []);
    assert.deepEqual(turns.last(null, 9100), [null], 'the one on the screen is over, too');
  });
});
