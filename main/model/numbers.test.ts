import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import {
  extensionSchema,
  isDialString,
  isExtension,
  lowestFree,
  readNumber,
  retrievalNumberSchema,
  typedExtensionSchema,
  typedRetrievalNumberSchema,
} from './numbers.ts';

/** 102, as mail programs, web pages, telephones and keyboards of other scripts put it on the clipboard. */
const WAYS_TO_WRITE_102 = [
  '102',
  // Between a first strong isolate and its end, and in an embedding from left to right.
  '\u2068102\u2069',
  '\u202a102\u202c',
  // Full-width, Arabic-Indic and Extended Arabic-Indic digits.
  '\uff11\uff10\uff12',
  '\u0661\u0660\u0662',
  '\u06f1\u06f0\u06f2',
  '(102)',
  'tel:102',
  ' 1 0 2\t',
  '1.02',
  '1-02',
  '1\u201102',
  '1\u201302',
  '1/02',
  '[102]',
  '\uff08102\uff09',
  '\u200e102\u200f',
  '\u202e102\u202c',
  '\u2066102\u2069',
  '\u00a0102\u202f',
  '1\u00ad02\ufeff',
  'TEL:1-02',
  'tel://102',
  '\u2068tel:\uff11\u0660\u06f2\u2069',
  'tel:102;phone-context=example.org',
] as const;

test('a typed or pasted number is read as its digits', () => {
  for (const typed of WAYS_TO_WRITE_102) {
    assert.equal(readNumber(typed), '102', JSON.stringify(typed));
    assert.equal(v.parse(typedExtensionSchema, typed), '102', JSON.stringify(typed));
  }
  assert.equal(readNumber(' # 48-21 '), '#4821');
  assert.equal(readNumber('\uff034821'), '#4821', 'a full-width number sign');
  assert.equal(readNumber('\uff0a72'), '*72', 'a full-width asterisk');
});

test('every digit of every script that is read becomes its own', () => {
  for (const zero of [0x30, 0x660, 0x6f0, 0xff10]) {
    const digits = Array.from({ length: 10 }, (_, n) => String.fromCharCode(zero + n)).join('');
    assert.equal(readNumber(digits), '0123456789');
  }
});

test('what is no number stays what it is', () => {
  const others = [
    '',
    ' ',
    '()',
    'Dana',
    'Mei-Lin \u00d8',
    '20a',
    '102 Dana',
    'tel:',
    'tel:dana',
    'sip:102',
    'tel:tel:102',
    '+49 30 102',
    '10\u00b2',
    '\u2460\u2461',
    '1,02',
    '1:02',
    '102\u0000',
    '102;ext=3',
    '\u0967\u0966\u0968',
    '1'.repeat(65),
    '1 '.repeat(500_000),
  ];
  for (const text of others) assert.equal(readNumber(text), text, JSON.stringify(text.slice(0, 40)));
});

test('reading twice reads the same', () => {
  for (const typed of [...WAYS_TO_WRITE_102, '#4821', 'Dana', '*', '\u202eDana'])
    assert.equal(readNumber(readNumber(typed)), readNumber(typed));
});

test('an extension has 2 to 6 digits, a retrieval number 4 to 12', () => {
  for (let length = 0; length <= 14; length += 1) {
    const digits = '4'.repeat(length);
    assert.equal(isExtension(digits), length >= 2 && length <= 6, digits);
    assert.equal(v.is(extensionSchema, digits), isExtension(digits), digits);
    const isRetrievalNumber = length >= 4 && length <= 12;
    assert.equal(v.is(retrievalNumberSchema, digits), isRetrievalNumber, digits);
    assert.equal(v.is(typedRetrievalNumberSchema, `#${digits}`), isRetrievalNumber, digits);
  }
});

test('what is kept and sent is digits alone, however it was typed', () => {
  for (const typed of WAYS_TO_WRITE_102.filter((way) => way !== '102'))
    assert.equal(v.is(extensionSchema, typed), false, JSON.stringify(typed));
  assert.equal(v.is(retrievalNumberSchema, '#4821'), false);
  assert.equal(v.parse(typedRetrievalNumberSchema, '\u2068# \uff14\uff18\uff12\uff11\u2069'), '4821');
});

test('a telephone dials digits, # and *', () => {
  for (const text of ['0', '#', '*', '*72#']) assert.equal(isDialString(text), true, text);
  for (const text of ['', ' 1', 'a', '\uff11', '1\n']) assert.equal(isDialString(text), false, text);
});

test('the lowest free extension is looked for from 101 to the last there is', () => {
  assert.equal(
    lowestFree(() => false),
    '101',
  );
  const taken = new Set(['101', '102', '104']);
  assert.equal(
    lowestFree((extension) => taken.has(extension)),
    '103',
  );
  assert.equal(
    lowestFree((extension) => extension !== '999999'),
    '999999',
  );
  assert.throws(() => lowestFree(() => true), RangeError);
});
