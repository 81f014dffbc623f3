import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Group, Person } from '../preload/api.ts';
import { findPeople, sortRows } from './find-people.ts';

function person(name: string, extension: string, favourite = false): Person {
  const facts = {
    presence: 'available',
    isNew: false,
    speaking: false,
    divertedTo: null,
    volume: 100,
    mutedUntil: null,
    isAutoAnswered: false,
  } as const;
  return { id: `id-${extension}`, name, extension, favourite, ...facts };
}

const office = sortRows(
  [
    person('Zoë Brandt', '110'),
    person('Dana Ruiz', '204'),
    person('Brandon Lee', '2041'),
    person('Mei-Lin Østergaard', '307', true),
    person('Adana Kaya', '118'),
  ],
  [],
  'en',
);
const found = (typed: string): string =>
  findPeople(office, typed)
    .map(({ name }) => name)
    .join(', ');

test('favourites stand first, then names in order', () => {
  assert.equal(found(''), 'Mei-Lin Østergaard, Adana Kaya, Brandon Lee, Dana Ruiz, Zoë Brandt');
});

test('a name is found by the beginning of any of its words, without accents, before parts of words', () => {
  assert.equal(found('zoe'), 'Zoë Brandt');
  assert.equal(found('bran'), 'Brandon Lee, Zoë Brandt');
  assert.equal(found('lin'), 'Mei-Lin Østergaard');
  assert.equal(found('dana'), 'Dana Ruiz, Adana Kaya');
  assert.equal(found('ru da'), 'Dana Ruiz');
  assert.equal(found('nobody'), '');
});

test('a name is found as it is written: with its hyphen, and with either apostrophe or none', () => {
  for (const typed of ['mei-', 'mei-lin', 'Mei-Lin Ø'])
    assert.equal(found(typed), 'Mei-Lin Østergaard', typed);
  for (const typed of ["o'con", 'o’con', 'ocon']) {
    const people = findPeople(sortRows([person('Ann O’Connor', '120'), person('Bo Berg', '121')], []), typed);
    assert.deepEqual(
      people.map(({ name }) => name),
      ['Ann O’Connor'],
      typed,
    );
  }
  assert.equal(found('-'), '');
});

test('a whole extension comes before those that only begin with the typed digits', () => {
  assert.equal(found('204'), 'Dana Ruiz, Brandon Lee');
  assert.equal(found('20'), 'Brandon Lee, Dana Ruiz');
  assert.equal(found('04'), '');
});

test('groups stand with the favourites, and before people, and are found by name and number', () => {
  const group = (name: string, extension: string | null, favourite = false): Group => ({
    ...{ id: name, name, extension, people: [], talk: 'everybody', change: 'creator', favourite },
    ...{ isMember: false, mayTalk: true, mayChange: false },
  });
  const rows = sortRows(
    [person('Ada', '101'), person('Zoë', '102', true)],
    [group('Sales', '600'), group('Board', null), group('Night', '601', true)],
    'en',
  );
  const named = (typed: string) => findPeople(rows, typed).map(({ name }) => name);
  assert.deepEqual(named(''), ['Night', 'Zoë', 'Board', 'Sales', 'Ada']);
  assert.deepEqual([named('60'), named('600'), named('boa')], [['Night', 'Sales'], ['Sales'], ['Board']]);
});
