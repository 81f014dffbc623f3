import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { hashFragments } from '../../test/support/hash-fragments.ts';
import { hashOfFragment, type NodeId } from '../model/index.ts';
import { OwnHashes } from './own-hashes.ts';

const node = 'A'.repeat(22) as NodeId;
const fragments = Array.from({ length: 120 }, () => randomBytes(60));
const joined = (some: readonly Buffer[]) => Buffer.concat(some.map(hashOfFragment));

test('fifty fragments at a time are ready to be signed, and at the end the rest, each once', () => {
  const own = new OwnHashes([{ node }, { node }]);
  for (const fragment of fragments.slice(0, 49)) own.add(fragment);
  assert.deepEqual(own.take(), []);
  for (const fragment of fragments.slice(49)) own.add(fragment);
  assert.deepEqual(own.take(), [
    { from: 0, hashes: joined(fragments.slice(0, 50)) },
    { from: 50, hashes: joined(fragments.slice(50, 100)) },
  ]);
  own.end();
  assert.deepEqual(own.take(), [{ from: 100, hashes: joined(fragments.slice(100)) }]);
  own.end();
  assert.deepEqual(own.take(), [], 'nothing is left, and nothing is said twice');
  assert.equal(own.whole.digest(), hashFragments(fragments));
});

test('for one recipient no hashes are signed', () => {
  const own = new OwnHashes([{ node }]);
  for (const fragment of fragments) own.add(fragment);
  own.end();
  assert.deepEqual(own.take(), []);
  assert.equal(own.whole.digest(), hashFragments(fragments));
});
