import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageSummary } from '../test/support/message-summary.ts';
import { ArrivedWords } from './arrived-words.ts';

/** Messages come in the order of their letters. */
const placeOf = (id: string) => id.charCodeAt(0);
const typed = (id: string, text: string | null) =>
  messageSummary({ id, place: placeOf(id), words: { text, language: 'en', isAlone: false } });
const written = (id: string, text: string | null) =>
  messageSummary({
    ...{ id, place: placeOf(id) },
    transcript: {
      ...{ state: text === null ? 'working' : 'done', part: 0, isPaused: false, text },
      ...{ confidence: null, isUnsure: false, why: null },
    },
  });
const taken = (arrived: ArrivedWords, ...messages: readonly Parameters<ArrivedWords['take']>[0][]) =>
  messages.flatMap((message) => arrived.take(message)?.text ?? []);

test('a text that comes is read out once, with its message or later', () => {
  const arrived = new ArrivedWords();
  assert.deepEqual(taken(arrived, typed('a', 'Coming'), typed('a', 'Coming')), ['Coming']);
  assert.deepEqual(taken(arrived, typed('b', null), typed('b', 'Lunch?'), typed('b', 'Lunch?')), ['Lunch?']);
  assert.deepEqual(taken(arrived, written('c', null), written('c', 'The parcel'), written('c', 'A parcel')), [
    'The parcel',
  ]);
});

test('what was there when the panel was opened is not read out, also where it is written down later', () => {
  const arrived = new ArrivedWords();
  arrived.shown([typed('b', 'Coming'), written('c', null)]);
  assert.deepEqual(taken(arrived, typed('b', 'Coming'), written('c', 'The parcel')), []);
  assert.deepEqual(taken(arrived, typed('a', 'Too old to be listed')), []);
});

test('what is being said while the panel is opened is, and so is what came before the list is shown anew', () => {
  const arrived = new ArrivedWords();
  arrived.shown([{ ...written('a', null), live: true }]);
  assert.deepEqual(taken(arrived, written('b', null)), []);
  arrived.shown([written('a', null), written('b', null)]);
  assert.deepEqual(taken(arrived, written('b', 'The parcel')), ['The parcel']);
});

test('own messages, and those of which nothing was understood, are not', () => {
  const arrived = new ArrivedWords();
  assert.deepEqual(taken(arrived, { ...typed('a', 'Coming'), direction: 'out' }, written('b', '')), []);
});
