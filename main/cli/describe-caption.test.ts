import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caption } from '../../preload/api.ts';
import { CaptionPhrases, describeCaption } from './describe-caption.ts';

const caption = (id: string, from: number, texts: readonly string[], partial = ''): Caption => ({
  ...{ id, name: 'Kim', extension: '103', partial },
  phrases: texts.map((text, n) => ({ n: from + n, text })),
});

test('a caption in words says what goes on still', () => {
  assert.equal(describeCaption(caption('a', 0, ['one', 'two'])), 'Kim: one / two');
  assert.equal(describeCaption(caption('a', 0, [], 'thr')), 'Kim: thr …');
});

test('each phrase is told once, also where the same message sounds again', () => {
  const phrases = new CaptionPhrases();
  assert.deepEqual(phrases.lines(caption('a', 0, [], 'o')), []);
  assert.deepEqual(phrases.lines(caption('a', 0, ['one'])), ['Kim says: one']);
  assert.deepEqual(phrases.lines(caption('a', 0, ['one'], 'tw')), []);
  assert.deepEqual(phrases.lines(caption('a', 0, ['one', 'two'])), ['Kim says: two']);
  assert.deepEqual(phrases.lines(caption('a', 1, ['two', 'three'])), ['Kim says: three']);
  assert.deepEqual(phrases.lines(null), []);
  assert.deepEqual(phrases.lines(caption('a', 0, ['one'])), ['Kim says: one']);
  assert.deepEqual(phrases.lines(caption('b', 0, ['four'])), ['Kim says: four']);
});
