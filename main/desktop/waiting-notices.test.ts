import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL, WaitingNotices } from './waiting-notices.ts';

const message = (n: number) => ({ id: `m${n}`, name: 'Dana', extension: '204', number: `482${n}` });

test('each of three messages has its notification; a fourth collapses them into one', () => {
  const notices = new WaitingNotices();
  assert.deepEqual(notices.add(message(1)), [
    { type: 'show', key: 'm1', title: 'Dana (204) is talking to you — #4821', play: 'm1' },
  ]);
  assert.deepEqual(notices.add(message(1)), []);
  notices.add(message(2));
  notices.add(message(3));
  assert.deepEqual(notices.add(message(4)), [
    ...['m1', 'm2', 'm3'].map((key) => ({ type: 'withdraw', key })),
    { type: 'show', key: ALL, title: '4 messages are waiting', play: 'next' },
  ]);
  assert.deepEqual(notices.add(message(5)), [
    { type: 'show', key: ALL, title: '5 messages are waiting', play: 'next' },
  ]);
});

test('what was heard is withdrawn, the collapsed one with the last', () => {
  const notices = new WaitingNotices();
  notices.add(message(1));
  assert.deepEqual(notices.done('m1'), [{ type: 'withdraw', key: 'm1' }]);
  assert.deepEqual(notices.done('m1'), []);
  for (let n = 1; n <= 4; n += 1) notices.add(message(n));
  for (let n = 1; n <= 3; n += 1) assert.deepEqual(notices.done(`m${n}`), []);
  assert.deepEqual(notices.done('m4'), [{ type: 'withdraw', key: ALL }]);
  assert.equal(notices.add(message(6))[0]?.type, 'show');
});
