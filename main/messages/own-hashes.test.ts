import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { hashFragments } from '../../test/support/hash-fragments.ts';
import { hashOfFragment, MAX_BY_UNICAST, type NodeId } from '../model/index.ts';
import { OwnHashes } from './own-hashes.ts';

const node = 'A'.repeat(22) as NodeId;
const fragments = Array.from({ length: 120 }, () => randomBytes(60));
const joined = (some: readonly Buffer[]) => Buffer.concat(some.map(hashOfFragment));

for (const [to, recipients, atOnce] of [
  ['several', 2, 20],
  ['many', MAX_BY_UNICAST + 1, 50],
] as const)
  test(`to ${to} ${atOnce} fragments at a time are ready to be signed, and at the end the rest, each once`, () => {
    const own = new OwnHashes(Array.from({ length: recipients }, () => ({ node })));
    for (const fragment of fragments.slice(0, atOnce - 1)) own.add(fragment);
    assert.deepEqual(own.take(), []);
    for (const fragment of fragments.slice(atOnce - 1, 2 * atOnce + 10)) own.add(fragment);
    assert.deepEqual(own.take(), [
      { from: 0, hashes: joined(fragments.slice(0, atOnce)) },
      { from: atOnce, hashes: joined(fragments.slice(atOnce, 2 * atOnce)) },
    ]);
    own.end();
    const rest = fragments.slice(2 * atOnce, 2 * atOnce + 10);
    assert.deepEqual(own.take(), [{ from: 2 * atOnce, hashes: joined(rest) }]);
    own.end();
    assert.deepEqual(own.take(), [], 'nothing is left, and nothing is said twice');
    assert.equal(own.whole.digest(), hashFragments(fragments.slice(0, 2 * atOnce + 10)));
  });

test('for one recipient no hashes are signed', () => {
  const own = new OwnHashes([{ node }]);
  for (const fragment of fragments) own.add(fragment);
  own.end();
  assert.deepEqual(own.take(), []);
  assert.equal(own.whole.digest(), hashFragments(fragments));
});
