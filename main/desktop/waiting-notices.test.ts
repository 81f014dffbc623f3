import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL, WaitingNotices } from './waiting-notices.ts';

const message = (n: number, person = 'dana') => ({
  ...{
    id: `m${n}`,
    person,
    name: 'Dana',
    extension: '204',
    group: null,
    number: `482${n}`,
    meantFor: null,
    page: null,
    isOverride: false,
    durationMs: null,
    isAlone: false,
    words: null,
    understood: null,
    isUnsure: false,
  },
});
const one = (n: number) => ({ type: 'show', key: `m${n}`, notice: { kind: 'one', message: message(n) } });
const all = (count: number) => ({ type: 'show', key: ALL, notice: { kind: 'many', count } });
const gone = (key: string) => ({ type: 'withdraw', key });

test('each of three messages has its notification; a fourth collapses them into one', () => {
  const notices = new WaitingNotices();
  assert.deepEqual(notices.add(message(1)), [one(1)]);
  assert.deepEqual(notices.add(message(1)), []);
  notices.add(message(2));
  notices.add(message(3));
  assert.deepEqual(notices.add(message(4)), [...['m1', 'm2', 'm3'].map(gone), all(4)]);
  assert.deepEqual(notices.add(message(5)), [all(5)]);
});

test('a heard message’s notification is withdrawn, a collapsed one with its last message', () => {
  const notices = new WaitingNotices();
  notices.add(message(1));
  assert.deepEqual(notices.done('m1'), [gone('m1')]);
  assert.deepEqual(notices.done('m1'), []);
  for (let n = 1; n <= 4; n += 1) notices.add(message(n));
  for (let n = 1; n <= 3; n += 1) assert.deepEqual(notices.done(`m${n}`), []);
  assert.deepEqual(notices.done('m4'), [gone(ALL)]);
  assert.deepEqual(notices.add(message(6)), [one(6)]);
});

test('Later withdraws a notification for good, and the next message gets its own', () => {
  const notices = new WaitingNotices();
  notices.add(message(1));
  assert.deepEqual(notices.later('m1'), [gone('m1')]);
  for (let n = 2; n <= 11; n += 1) notices.add(message(n));
  assert.deepEqual(notices.later(ALL), [gone(ALL)]);
  assert.deepEqual(notices.add(message(12)), [one(12)]);
});

test('do not disturb shows no notification, and afterwards one for all messages that came meanwhile', () => {
  const notices = new WaitingNotices();
  notices.add(message(1));
  assert.deepEqual(notices.quiet(true), [gone('m1')]);
  assert.deepEqual(notices.quiet(true), []);
  assert.deepEqual(notices.add(message(2)), []);
  assert.deepEqual(notices.quiet(false), [all(2)]);
  assert.deepEqual(notices.quiet(true), [gone(ALL)]);
  assert.deepEqual(notices.done('m1'), []);
  assert.deepEqual(notices.quiet(false), [one(2)]);
  assert.deepEqual(notices.quiet(true), [gone('m2')]);
  assert.deepEqual(notices.done('m2'), []);
  assert.deepEqual(notices.quiet(false), []);
});

test('a muted talker raises no notification; one afterwards stands for all of theirs; others’ are not delayed', () => {
  const notices = new WaitingNotices();
  const [MUTED, NOBODY] = [new Set(['bo']), new Set<string>()];
  notices.add(message(1, 'bo'));
  notices.add(message(2));
  assert.deepEqual(notices.mute(MUTED), [gone('m1')]);
  assert.deepEqual(notices.add(message(3, 'bo')), []);
  assert.deepEqual(notices.add(message(3, 'bo')), []);
  assert.deepEqual(notices.add(message(4)), [one(4)]);
  assert.deepEqual(notices.mute(NOBODY), [gone('m2'), gone('m4'), all(4)]);
  for (const n of [1, 2, 3, 4]) notices.done(`m${n}`);

  notices.mute(MUTED);
  notices.add(message(5, 'bo'));
  assert.deepEqual(notices.mute(NOBODY), [{ ...one(5), notice: { kind: 'one', message: message(5, 'bo') } }]);
  notices.done('m5');

  notices.mute(MUTED);
  notices.add(message(6, 'bo'));
  assert.deepEqual(notices.done('m6'), [], 'it was heard meanwhile');
  assert.deepEqual(notices.mute(NOBODY), []);
});

test('messages of a talker whose muting ends during do not disturb are notified of afterwards', () => {
  const notices = new WaitingNotices();
  notices.mute(new Set(['bo']));
  notices.add(message(1, 'bo'));
  notices.add(message(2, 'bo'));
  notices.quiet(true);
  assert.deepEqual(notices.mute(new Set()), []);
  assert.deepEqual(notices.quiet(false), [all(2)]);
});

test('a message that ends, or whose words come, has its notification changed and not raised again', () => {
  const notices = new WaitingNotices();
  notices.add(message(1));
  const ended = { id: 'm1', durationMs: 12_000, words: null, understood: null, isUnsure: false };
  const changed = (facts: object) => ({
    ...{ type: 'show', key: 'm1' },
    notice: { kind: 'one', message: { ...message(1), ...facts }, isChange: true },
  });
  assert.deepEqual(notices.change(ended), [changed(ended)]);
  assert.deepEqual(notices.change(ended), [], 'nothing has changed');
  const typed = { ...ended, words: 'Lunch?' };
  assert.deepEqual(notices.change(typed), [changed(typed)]);
  const understood = { ...typed, understood: 'The parcel is here', isUnsure: true };
  assert.deepEqual(notices.change(understood), [changed(understood)]);
  assert.deepEqual(notices.again(), [changed(understood)], 'the screen was locked');
  assert.deepEqual(notices.change({ ...ended, id: 'm7' }), [], 'of a message that has none');
  for (let n = 2; n <= 4; n += 1) notices.add(message(n));
  assert.deepEqual([...notices.change(ended), ...notices.again()], [], 'one stands for all of them');
});

test('what has changed of a muted person’s message is said once they are not muted any more', () => {
  const notices = new WaitingNotices();
  notices.mute(new Set(['dana']));
  notices.add(message(1));
  assert.deepEqual(
    notices.change({ id: 'm1', durationMs: 5000, words: null, understood: null, isUnsure: false }),
    [],
  );
  const [shown] = notices.mute(new Set());
  assert.ok(shown?.type === 'show' && shown.notice.kind === 'one');
  assert.equal(shown.notice.message.durationMs, 5000);
});

test('a notification that has left the screen is changed no more, and do not disturb brings it back', () => {
  const notices = new WaitingNotices();
  const understood = { durationMs: 5000, words: null, understood: 'The parcel is here', isUnsure: false };
  notices.add(message(1));
  notices.add(message(2));
  notices.gone('m1');
  notices.gone('m7');
  assert.deepEqual(notices.change({ id: 'm1', ...understood }), []);
  assert.deepEqual(
    notices.again().map(({ key }) => key),
    ['m2'],
  );
  notices.done('m2');
  notices.quiet(true);
  const [shown] = notices.quiet(false);
  assert.ok(shown?.type === 'show' && shown.notice.kind === 'one');
  assert.equal(shown.notice.message.understood, 'The parcel is here');
  assert.equal(notices.change({ id: 'm1', ...understood, isUnsure: true }).length, 1);
});
