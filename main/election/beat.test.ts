import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { NodeId } from '../model/index.ts';
import { decodeBeat, Election, encodeBeat, MAX_BEAT_BYTES, MAX_RANK, roundOf, type Beat } from './index.ts';
import { compareClaims, nextTerm } from './term.ts';

const id = (letter: string) => `${letter.repeat(21)}A` as NodeId;
const endpoints = {
  address: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  control: 65535,
  beat: 65535,
  media: 65535,
};
const most = Number.MAX_SAFE_INTEGER;
const longest: Beat = {
  v: 1,
  node: id('a'),
  boot: most,
  seq: most,
  period: most,
  term: most,
  rank: MAX_RANK,
  role: 'listening',
  switch: id('b'),
  switchAt: endpoints,
  standby: id('c'),
  successor: id('d'),
  members: 100_000,
  ask: true,
  sentAt: 123456789012.345,
  echo: { sentAt: 123456789012.345, heldMs: 123456789012.345 },
  revision: most,
  endpoints,
  accuses: id('e'),
  roster: 'A'.repeat(11),
  wall: most,
  full: true,
};

describe('a beat', () => {
  it('is the same after the wire, and never too large for it', () => {
    const bytes = encodeBeat(longest);
    assert.ok(bytes.byteLength < MAX_BEAT_BYTES - 64, `${bytes.byteLength} bytes`);
    assert.deepEqual(decodeBeat(bytes), longest);
  });

  it('is refused where a field is not of its form', () => {
    const bad = [
      { v: 2 },
      { node: 'x' },
      { seq: -1 },
      { seq: 0.5 },
      { rank: MAX_RANK + 1 },
      { role: 'king' },
      { term: 2 ** 53 },
    ];
    for (const change of [...bad, { endpoints: { ...endpoints, beat: 0 } }, { sentAt: '1' }])
      assert.equal(decodeBeat(Buffer.from(JSON.stringify({ ...longest, ...change }))), undefined);
    for (let n = 0; n < 500; n += 1) assert.equal(decodeBeat(randomBytes(n)), undefined);
    assert.equal(
      decodeBeat(Buffer.concat([encodeBeat(longest), Buffer.alloc(MAX_BEAT_BYTES, ' ')])),
      undefined,
    );
  });

  it('is heard once: a replay, and one from before a restart, change nothing', () => {
    const election = new Election({
      self: id('z'),
      rank: 1,
      boot: 1,
      revision: 1,
      endpoints,
      now: 0,
      random: () => 0,
    });
    const beat = {
      ...longest,
      node: id('a'),
      role: 'switch' as const,
      switch: id('a'),
      boot: 5,
      seq: 9,
      term: nextTerm(0, id('a'), false),
    };
    const heard = (change: Partial<Beat>, now: number) =>
      election.step({ type: 'heard', beat: { ...beat, successor: id('d'), ask: false, ...change } }, now);
    heard({}, 10);
    assert.equal(election.state().switch, id('a'));
    const standby = { standby: id('e') };
    heard(standby, 20);
    heard({ ...standby, seq: 8 }, 30);
    heard({ ...standby, seq: 99, boot: 4 }, 40);
    assert.equal(election.state().standby, id('c'));
    heard({ ...standby, seq: 10 }, 50);
    assert.equal(election.state().standby, id('e'));
    heard({ standby: id('f'), seq: 1, boot: 6 }, 60);
    assert.equal(election.state().standby, id('f'));
  });
});

describe('a term', () => {
  it('rises, is never claimed by two, and is the standby’s before all others of its round', () => {
    const first = nextTerm(0, id('a'), false);
    assert.equal(roundOf(first), 1);
    assert.notEqual(nextTerm(0, id('b'), false), first);
    assert.ok(nextTerm(0, id('a'), true) > nextTerm(0, id('b'), false));
    assert.ok(nextTerm(0, id('b'), true) > nextTerm(0, id('a'), false));
    assert.ok(nextTerm(nextTerm(0, id('a'), true), id('b'), false) > nextTerm(0, id('a'), true));
    assert.ok(Number.isSafeInteger(nextTerm(Number.MAX_SAFE_INTEGER, id('a'), true)));
  });

  it('is compared before rank, and rank before id', () => {
    const claim = (term: number, rank: number, letter: string) => ({ term, rank, node: id(letter) });
    assert.ok(compareClaims(claim(2, 0, 'a'), claim(1, 9, 'b')) > 0);
    assert.ok(compareClaims(claim(1, 9, 'a'), claim(1, 0, 'b')) > 0);
    assert.ok(compareClaims(claim(1, 0, 'b'), claim(1, 0, 'a')) > 0);
    assert.equal(compareClaims(claim(1, 0, 'a'), claim(1, 0, 'a')), 0);
  });
});
