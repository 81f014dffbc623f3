import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { CorridorError } from './errors.ts';
import { MAX_WORDS_BYTES, MAX_WORDS_LENGTH, plainText, wordsSchema } from './words.ts';

const RLO = '\u202E';
const codeOf = (text: string): string | undefined => {
  try {
    plainText(text);
    return undefined;
  } catch (error) {
    return error instanceof CorridorError ? error.code : String(error);
  }
};

test('words are as they were typed, but for what shows nothing or reorders other text', () => {
  const table: readonly (readonly [typed: string, plain: string])[] = [
    ['The parcel is here', 'The parcel is here'],
    ['  coming \n', 'coming'],
    ['one\r\ntwo\rthree\u2028four', 'one\ntwo\nthree\nfour'],
    ['a\tb\0c\x1b[31md\x7f\x9b', 'a bc[31md'],
    [`Ana${RLO}gnp.exe\u202C \u2066x\u2069`, 'Anagnp.exe x'],
    ['<b>bold</b> & [[rate 90]] `x`', '<b>bold</b> & [[rate 90]] `x`'],
    ['e\u0301', 'é'],
    ['\ud800half', 'half'],
    ['👩\u200D💻 שלום\u200F!', '👩\u200D💻 שלום\u200F!'],
    ['hidden\u{E0041}\u{E0042}', 'hidden'],
  ];
  for (const [typed, plain] of table) {
    assert.equal(plainText(typed), plain);
    assert.equal(plainText(plain), plain);
    assert.equal(v.is(wordsSchema, plain), true);
    assert.equal(v.is(wordsSchema, typed), typed === plain, JSON.stringify(typed));
  }
});

test('the limit counts code points, and holds in UTF-8', () => {
  const longest = '👋'.repeat(MAX_WORDS_LENGTH);
  assert.equal(plainText(longest), longest);
  assert.equal(Buffer.byteLength(longest), MAX_WORDS_BYTES);
  assert.equal(v.is(wordsSchema, longest), true);
  assert.equal(codeOf(`${longest}!`), 'words-too-long');
  assert.equal(v.is(wordsSchema, `${longest}!`), false);
  assert.equal(codeOf('x'.repeat(50_000_000)), 'words-too-long');
});

test('words that nobody would see are none', () => {
  for (const text of ['', ' \n\t', '\u200B\u200D', RLO, '\u00AD', '\u0301', '\u3164']) {
    assert.equal(codeOf(text), 'words-empty', JSON.stringify(text));
    assert.equal(v.is(wordsSchema, text), false);
  }
  assert.equal(plainText('.'), '.');
});
