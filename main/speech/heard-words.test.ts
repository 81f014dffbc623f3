import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { heardSchema } from './child-protocol.ts';
import { chunksOf } from './chunks.ts';
import { heardWords, joined } from './heard-words.ts';

const heard = (fields: object): ReturnType<typeof heardWords> =>
  heardWords(v.parse(heardSchema, { text: '', ...fields }), 10_000, 20_000);

test('tokens become words with times and confidence', () => {
  const { text, words, confidence } = heard({
    text: ' THE PARCEL.',
    tokens: ['▁THE', '▁PAR', 'CEL', '.'],
    timestamps: [0.5, 0.8, 1, 1.2],
    ys_log_probs: [0, Math.log(0.5), Math.log(0.7), Math.log(0.6)],
  });
  assert.equal(text, 'THE PARCEL.');
  assert.deepEqual(
    words.map(({ text: word, fromMs, toMs }) => [word, fromMs, toMs]),
    [
      ['THE', 10_500, 10_800],
      ['PARCEL.', 10_800, 11_800],
    ],
  );
  assert.equal(words[1]?.confidence?.toFixed(2), '0.60');
  assert.equal(confidence?.toFixed(2), '0.70');
});

test('a script without spaces has a word for each token', () => {
  const { words } = heard({
    text: '包裹到了。',
    tokens: ['包', '裹', '到', '了', '。'],
    timestamps: [0, 0.2, 0.4, 0.6, 0.8],
  });
  assert.deepEqual(
    words.map(({ text }) => text),
    ['包', '裹', '到', '了。'],
  );
});

test('without times, or with pieces of characters, there are no words; the text stays', () => {
  const none: readonly object[] = [
    { tokens: [' a', ' b'], timestamps: [] },
    { tokens: [' a', '<0xE4>'], timestamps: [0, 1] },
    {},
  ];
  for (const fields of none) {
    const { text, words, confidence } = heard({ text: 'a b', ...fields });
    assert.deepEqual([text, words, confidence], ['a b', [], null]);
  }
});

test('parts are joined; words stay only where every part has them', () => {
  const timed = heard({ text: 'a', tokens: [' a'], timestamps: [0], ys_log_probs: [0] });
  const silent = heard({});
  const untimed = heard({ text: 'b' });
  assert.deepEqual(joined([timed, silent, timed]), {
    text: 'a a',
    words: [...timed.words, ...timed.words],
    confidence: 1,
  });
  assert.deepEqual(joined([timed, untimed]), { text: 'a b', words: [], confidence: 1 });
  assert.deepEqual(joined([silent]), { text: '', words: [], confidence: null });
});

test('sound is divided at its quiet places into stretches of at most 25 s, without a gap', () => {
  const rateHz = 1000;
  const sound = new Int16Array(70_000).fill(1000);
  for (const at of [18_000, 40_000, 41_000]) sound.fill(0, at, at + 300);
  const chunks = chunksOf(sound, rateHz);
  assert.equal(chunks[0]?.from, 0);
  assert.equal(chunks.at(-1)?.to, sound.length);
  chunks.forEach(({ from, to }, i) => {
    assert.ok(to - from <= 25 * rateHz);
    if (i > 0) assert.equal(from, chunks[i - 1]?.to);
  });
  assert.ok(chunks[0].to > 18_000 && chunks[0].to < 18_300);
  assert.ok(chunks[1]!.to > 41_000 && chunks[1]!.to < 41_300);
  assert.deepEqual(chunksOf(new Int16Array(0), rateHz), []);
  assert.deepEqual(chunksOf(new Int16Array(500), rateHz), [{ from: 0, to: 500 }]);
});
