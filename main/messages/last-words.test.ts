import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageId } from '../model/index.ts';
import { LastWords } from './last-words.ts';

const [A, B, C] = ['a', 'b', 'c'] as MessageId[] as [MessageId, MessageId, MessageId];

/** A message is heard from one fragment to another, told every 200 ms. */
function hear(words: LastWords, id: MessageId, from: number, to: number): void {
  for (let n = from; n < to; n += 20) words.at(id, n);
  words.at(id, to);
}

test('nothing was heard at first', () => {
  const words = new LastWords();
  assert.deepEqual(words.runs, []);
  words.at(A, 0);
  assert.deepEqual(words.runs, [], 'nor is anything when a message has just begun');
});

test('the last 30 s of heard speech are kept, over several messages, in order', () => {
  const words = new LastWords();
  hear(words, A, 0, 2000);
  words.ended(A, 2010);
  hear(words, B, 0, 500);
  words.ended(B, 500);
  assert.deepEqual(words.runs, [
    { id: A, from: 0, to: 2010 },
    { id: B, from: 0, to: 500 },
  ]);
  hear(words, C, 0, 1000);
  assert.deepEqual(words.runs, [
    { id: A, from: 510, to: 2010 },
    { id: B, from: 0, to: 500 },
    { id: C, from: 0, to: 1000 },
  ]);
  hear(words, C, 1000, 6000);
  assert.deepEqual(words.runs, [{ id: C, from: 3000, to: 6000 }]);
});

test('skipped parts do not count as heard, and parts heard twice count twice', () => {
  const words = new LastWords();
  hear(words, A, 0, 100);
  hear(words, A, 5000, 5100);
  hear(words, A, 50, 200);
  assert.deepEqual(words.runs, [
    { id: A, from: 0, to: 100 },
    { id: A, from: 5000, to: 5100 },
    { id: A, from: 50, to: 200 },
  ]);
});

test('two voices beside each other are two runs', () => {
  const words = new LastWords();
  for (let n = 0; n <= 200; n += 20) {
    words.at(A, n);
    words.at(B, n + 1000);
  }
  assert.deepEqual(words.runs, [
    { id: A, from: 0, to: 200 },
    { id: B, from: 1000, to: 1200 },
  ]);
});

test('a message that is played again after its end is heard anew', () => {
  const words = new LastWords();
  hear(words, A, 0, 100);
  words.ended(A, 100);
  hear(words, B, 0, 50);
  words.ended(B, 50);
  hear(words, A, 100, 150);
  assert.deepEqual(
    words.runs.map(({ id, from, to }) => [id, from, to]),
    [
      [A, 0, 100],
      [B, 0, 50],
      [A, 100, 150],
    ],
  );
});

test('it keeps little, however long the person listens', () => {
  const words = new LastWords();
  for (let n = 0; n < 2000; n += 1) {
    const id = `m${n}` as MessageId;
    words.at(id, 0);
    words.ended(id, n % 3);
  }
  assert.ok(words.runs.length <= 64);
});
