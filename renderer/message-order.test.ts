import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageSummary } from '../preload/api.ts';
import { messageSummary } from '../test/support/message-summary.ts';
import { compareMessages, isUnheard, placed, together, without } from './message-order.ts';

const message = (id: string, facts: Partial<MessageSummary> = {}) => messageSummary({ id, ...facts });
const ids = (list: readonly MessageSummary[]): string => list.map(({ id }) => id).join(' ');

test('speech that goes on stands on top, then the unheard, oldest first, then the rest, newest first', () => {
  const list = [
    message('old', { place: 1 }),
    message('new', { place: 5 }),
    message('sent', { place: 4, direction: 'out', heard: false }),
    message('second', { place: 3, heard: false }),
    // Its talker's clock is a year ahead.
    message('first', { place: 2, startedAt: 40_000_000_000, heard: false }),
    message('live', { place: 0, live: true }),
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
  const unheard = message('b', { place: 2, heard: false });
  for (const each of [message('a', { place: 1 }), message('c', { place: 3 }), unheard]) {
    list = placed(list, each, undefined);
  }
  assert.equal(ids(list), 'b c a');
  list = placed(list, { ...unheard, heard: true }, unheard);
  assert.equal(ids(list), 'c b a');
  assert.equal(ids(without(list, { ...unheard, heard: true })), 'c a');
});

test('one by one gives the same order as all at once, for messages of the same moment too', () => {
  const all = Array.from({ length: 300 }, (_, n) =>
    message(`m${n}`, { place: (n * 37) % 20, heard: n % 3 > 0, live: n % 50 === 0 }),
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

test('what is found beside the list stands among it once', () => {
  const list = [message('c', { place: 3 }), message('a', { place: 1 })];
  assert.equal(ids(together(list, [message('b', { place: 2 }), message('a', { place: 1 })])), 'c b a');
  assert.equal(together(list, [message('a', { place: 1 })]), list);
});
