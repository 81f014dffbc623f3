import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CANDIDATE_LIFE_MS, Candidates } from './candidates.ts';

const SOURCE = '10.0.0.9';
const at = (n: number) => ({ address: `10.0.${n >> 8}.${n & 255}`, port: 47_021 });
const has = (candidates: Candidates, n: number, now = 0): boolean =>
  candidates.all(now).some(({ address }) => address === at(n).address);

describe('addresses from which no node was heard yet', () => {
  it('that were found are forgotten after some minutes, and later if they are found again', () => {
    const candidates = new Candidates();
    assert.equal(candidates.found(at(1), SOURCE, 0), true);
    assert.equal(candidates.found(at(2), SOURCE, 0), true);
    assert.equal(candidates.found(at(1), SOURCE, 60_000), false, 'it is no news');
    assert.deepEqual(candidates.all(CANDIDATE_LIFE_MS - 1), [at(2), at(1)]);
    assert.deepEqual(candidates.all(CANDIDATE_LIFE_MS), [at(1)]);
    assert.deepEqual(candidates.all(CANDIDATE_LIFE_MS + 60_000), []);
    assert.equal(candidates.found(at(1), SOURCE, CANDIDATE_LIFE_MS + 60_000), true);
  });

  it('make room for the newest: a flood of forged answers keeps no real one out', () => {
    const candidates = new Candidates();
    for (let n = 0; n < 5000; n += 1) candidates.found(at(n), at(n).address, n);
    assert.equal(candidates.found(at(6000), at(6000).address, 5000), true);
    assert.ok(has(candidates, 6000, 5000));
    assert.equal(candidates.all(5000).length, 512);
    assert.ok(!has(candidates, 4488, 5000) && has(candidates, 4489, 5000), 'the oldest went');
  });

  it('are reported when they are forgotten or displaced, and not when a node was heard there', () => {
    const ended: string[] = [];
    const candidates = new Candidates(({ address }) => void ended.push(address));
    for (let n = 0; n < 65; n += 1) candidates.found(at(n), SOURCE, 0);
    assert.deepEqual(ended, [at(0).address]);
    candidates.heard(at(1));
    candidates.keep(at(2));
    candidates.end(CANDIDATE_LIFE_MS);
    assert.equal(ended.length, 63);
    assert.ok(!ended.includes(at(1).address) && !ended.includes(at(2).address));
  });

  it('of one computer are 64 at most: its own oldest is displaced, and no other computer’s', () => {
    const candidates = new Candidates();
    candidates.found(at(9000), at(9000).address, 0);
    for (let n = 0; n < 1000; n += 1) candidates.found(at(n), SOURCE, n);
    assert.equal(candidates.all(1000).length, 65);
    assert.ok(has(candidates, 9000, 1000) && has(candidates, 999, 1000));
    assert.ok(!has(candidates, 935, 1000) && has(candidates, 936, 1000));
  });

  it('that were saved or typed in are never displaced or forgotten', () => {
    const candidates = new Candidates();
    for (let n = 0; n < 1064; n += 1) assert.equal(candidates.keep(at(n)), true);
    for (let n = 2000; n < 4000; n += 1) candidates.found(at(n), at(n).address, n);
    assert.equal(candidates.keep(at(0)), false);
    assert.equal(candidates.found(at(1), SOURCE, 4000), false);
    for (let n = 0; n < 1064; n += 1) assert.ok(has(candidates, n, CANDIDATE_LIFE_MS * 10), String(n));
  });

  it('that were found first and typed in later stay', () => {
    const candidates = new Candidates();
    candidates.found(at(1), SOURCE, 0);
    assert.equal(candidates.keep(at(1)), true);
    assert.deepEqual(candidates.all(CANDIDATE_LIFE_MS), [at(1)]);
  });

  it('are removed as soon as a node was heard there', () => {
    const candidates = new Candidates();
    candidates.keep(at(1));
    candidates.found(at(2), SOURCE, 0);
    candidates.heard(at(1));
    candidates.heard(at(2));
    assert.deepEqual(candidates.all(0), []);
  });
});
