import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { toBase64url } from './bytes.ts';
import {
  fragmentHashesSchema,
  fragmentsHashedAtOnce,
  hashesIn,
  hashOfFragment,
  isHashed,
} from './fragment-hashes.ts';
import { nodeIdSchema } from './ids.ts';
import { headerSchema, MAX_BY_UNICAST } from './message.ts';

const id = 'A'.repeat(22);
const ofSome = (count: number) => toBase64url(new Uint8Array(count * 8).fill(7));
const plain = { v: 1, id, talker: id, from: 0, hashes: ofSome(50) };
const takes = (change: object) => v.is(fragmentHashesSchema, { ...plain, ...change });

describe('what a talker signs of some fragments', () => {
  it('is the first 8 bytes of SHA-256 over each', () => {
    assert.equal(hashOfFragment(Buffer.from('abc')).toString('hex'), 'ba7816bf8f01cfea');
  });

  it('begins at a multiple of 10, within the longest message', () => {
    for (const from of [0, 20, 50, 110, 59_950]) assert.ok(takes({ from }), String(from));
    for (const from of [-50, 1, 49, 50.5, 59_960, 60_000, 60_050, Number.NaN, '0', null])
      assert.ok(!takes({ from }), String(from));
  });

  it('speaks of 20 fragments, and of 50 where it is for many', () => {
    assert.deepEqual(
      [2, MAX_BY_UNICAST, MAX_BY_UNICAST + 1, 250].map(fragmentsHashedAtOnce),
      [20, 20, 50, 50],
    );
  });

  it('speaks of fewer at the end, and of 50 at most', () => {
    for (const count of [1, 2, 20, 49, 50]) {
      assert.ok(takes({ hashes: ofSome(count) }), String(count));
      assert.equal(hashesIn(ofSome(count)), count);
    }
    for (const hashes of ['', 'AA', toBase64url(new Uint8Array(9)), ofSome(51), ofSome(1).slice(1), 7, null])
      assert.ok(!takes({ hashes }), String(hashes));
  });

  it('has canonical ids and hashes: one text for what it says', () => {
    const other = `${'A'.repeat(21)}B`;
    for (const change of [{ id: other }, { talker: other }, { hashes: `${ofSome(1).slice(0, -1)}d` }])
      assert.ok(!takes(change), JSON.stringify(change));
  });
});

describe('a message whose fragments are vouched for', () => {
  const node = v.parse(nodeIdSchema, id);

  it('has several recipients, and says so in its header', () => {
    assert.ok(isHashed({ recipients: [node, node], hashed: true }));
    assert.ok(!isHashed({ recipients: [node, node] }), 'its talker has a version of before');
    assert.ok(!isHashed({ recipients: [node], hashed: true }));
  });

  it('is any message to who does not know of it', () => {
    const header = {
      ...{ v: 1, id, talker: id, from: '101', to: '102', ssrc: 1, startedAt: 0, recipients: [id], keys: [] },
    };
    const before = v.omit(headerSchema, ['hashed']);
    assert.deepEqual(v.parse(before, { ...header, hashed: true }), header);
  });
});
