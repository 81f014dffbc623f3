import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageSummary } from '../test/support/message-summary.ts';
import { findSaid } from './find-said.ts';

const typed = { text: 'The parcel is here', language: 'en', isAlone: false };
const done = {
  state: 'done',
  part: 1,
  isPaused: false,
  confidence: null,
  isUnsure: false,
  why: null,
} as const;
const messages = [
  messageSummary({ id: 'typed', name: 'Ana Lind', number: '1111', words: typed }),
  messageSummary({
    id: 'said',
    name: 'Bo Li',
    number: '2222',
    transcript: { ...done, text: 'Über den Berg' },
  }),
  messageSummary({ id: 'untold', name: 'Kim', number: '3333' }),
];
const found = (query: string) => findSaid(messages, query).map(({ id }) => id);

test('what was typed or understood is found, by any of its words in any case, with and without accents', () => {
  assert.deepEqual(found('PARCEL'), ['typed']);
  assert.deepEqual(found('here parcel'), ['typed']);
  assert.deepEqual(found('uber'), ['said']);
  assert.deepEqual(found('Über berg'), ['said']);
  assert.deepEqual(found('parcel berg'), []);
});

test('a name and a retrieval number find their messages, and nothing typed finds all', () => {
  assert.deepEqual(found('kim'), ['untold']);
  assert.deepEqual(found('#2222'), ['said']);
  assert.deepEqual(found('  '), ['typed', 'said', 'untold']);
});
