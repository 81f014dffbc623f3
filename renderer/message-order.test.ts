import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageSummary } from '../preload/api.ts';
import { messageSummary } from '../test/support/message-summary.ts';
import { compareMessages, isUnheard, placed, without } from './message-order.ts';

const message = (id: string, facts: Partial<MessageSummary> = {}) => messageSummary({ id, ...facts });
const ids = (list: readonly MessageSummary[]): string => list.map(({ id }) => id).join(' ');

test('speech that goes on stands on top, then the unheard, oldest first, then the rest, newest first', () => {
  const list = [
    message('old', { startedAt: 1 }),
    message('new', { startedAt: 5 }),
    message('sent', { startedAt: 4, direction: 'out', heard: false }),
    message('second', { startedAt: 3, heard: false }),
    message('first', { startedAt: 2, heard: false }),
    message('live', { startedAt: 0, live: true }),
  ];
  assert.equal(ids(list.sort(compareMessages)), 'live first second new sent old');
});

test('what is being spoken, or still sounds as it is spoken, counts as unheard only where its end comes unheard', () => {
  const came = { heard: false } as const;
  const looks = [{ live: true, soundsLive: true }, { live: false, soundsLive: true }, { live: true }, {}];
  assert.deepEqual(
    looks.map((look) => isUnheard(message('a', { ...came, ...look }))),
    [false, false, false, true],
  );
});

test('a message is put in its place, and moves when it is heard', () => {
  let list: readonly MessageSummary[] = [];
  const unheard = message('b', { startedAt: 2, heard: false });
  for (const each of [message('a', { startedAt: 1 }), message('c', { startedAt: 3 }), unheard]) {
    list = placed(list, each, undefined);
  }
  assert.equal(ids(list), 'b c a');
  list = placed(list, { ...unheard, heard: true }, unheard);
  assert.equal(ids(list), 'c b a');
  assert.equal(ids(without(list, { ...unheard, heard: true })), 'c a');
});

test('one by one gives the same order as all at once, for messages of the same moment too', () => {
  const all = Array.from({ length: 300 }, (_, n) =>
    message(`m${n}`, { startedAt: (n * 37) % 20, heard: n % 3 > 0, live: n % 50 === 0 }),
  );
  let list: readonly MessageSummary[] = [];
  for (const each of all) list = placed(list, each, undefined);
  assert.equal(ids(list), ids(all.slice().sort(compareMessages)));
  for (const each of all) list = without(list, each);
  assert.equal(list.length, 0);
});

test('removing a message that is not in the list changes nothing', () => {
  const list = [message('a')];
  assert.equal(ids(without(list, message('b'))), 'a');
});
