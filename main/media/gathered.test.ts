import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gathered } from './gathered.ts';

test('fragments go to another thread in one piece of memory, which holds nothing else', () => {
  const received = Buffer.from('not theirs: one two');
  const fragments = [
    { n: 7, bytes: received.subarray(12, 15) },
    { n: 9, bytes: received.subarray(16) },
  ];
  const there = structuredClone(gathered(fragments));
  received.fill(0);
  assert.deepEqual(
    there.map(({ n, bytes }) => [n, Buffer.from(bytes).toString()]),
    [
      [7, 'one'],
      [9, 'two'],
    ],
  );
  const [memory, ...others] = new Set(there.map(({ bytes }) => bytes.buffer));
  assert.equal(others.length, 0);
  assert.equal(memory?.byteLength, 6);
  assert.deepEqual(gathered([]), []);
});
