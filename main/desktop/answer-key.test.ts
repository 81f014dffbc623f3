import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callStatus } from '../../test/support/call-status.ts';
import { AnswerKey, SETTLES_MS } from './answer-key.ts';

const rings = callStatus({ id: 'rings' });
const answered = callStatus({ id: 'rings', state: 'active' });
const active = callStatus({ id: 'active', state: 'active' });
const held = callStatus({ id: 'held', state: 'active', isHeld: true });
const own = callStatus({ id: 'own', direction: 'out' });
const over = callStatus({ id: 'over', direction: 'out', state: 'ended', reason: 'declined' });

/** What a key does where these calls have been there for long. */
function pressed(key: 'answer' | 'later', ...calls: (typeof rings)[]): string | undefined {
  const keys = new AnswerKey();
  keys.see(calls, 0);
  const order = keys.press(key, SETTLES_MS);
  return order && `${order.action} ${order.id}`;
}

test('what rings is answered, also in a call; else the call ends in which the person is', () => {
  assert.equal(pressed('answer', rings), 'answer rings');
  assert.equal(pressed('answer', active, rings), 'answer rings');
  assert.equal(pressed('answer', held, active), 'hang-up active');
  assert.equal(pressed('answer', own), 'hang-up own');
  assert.equal(pressed('answer', held), undefined, 'a call that is held stays');
  assert.equal(pressed('answer', over), undefined);
  assert.equal(pressed('answer'), undefined);
});

test('what rings is put off by a key that does nothing else', () => {
  assert.equal(pressed('later', active, rings), 'hang-up rings');
  assert.equal(pressed('later', active), undefined);
  assert.equal(pressed('later', own), undefined);
});

test('an impatient finger hangs up nothing, whether it still rings at its second press or not', () => {
  const keys = new AnswerKey();
  keys.see([rings], 0);
  assert.deepEqual(keys.press('answer', 5000), { id: 'rings', action: 'answer' });
  assert.equal(keys.press('answer', 5100), undefined);
  keys.see([answered], 5200);
  assert.equal(keys.press('answer', 5300), undefined);
  assert.equal(keys.press('answer', 5200 + SETTLES_MS - 1), undefined);
  assert.deepEqual(keys.press('answer', 5200 + SETTLES_MS), { id: 'rings', action: 'hang-up' });
});

test('a press for a second call that was given up just now leaves the first one', () => {
  const keys = new AnswerKey();
  keys.see([active], 0);
  keys.see([active, rings], 10_000);
  keys.see([active], 20_000);
  assert.equal(keys.press('answer', 20_100), undefined);
  keys.see([active], 21_000);
  assert.deepEqual(keys.press('answer', 20_000 + SETTLES_MS), { id: 'active', action: 'hang-up' });
});

test('an answer that failed may be tried again', () => {
  const keys = new AnswerKey();
  keys.see([rings], 0);
  assert.ok(keys.press('answer', 1000));
  assert.deepEqual(keys.press('answer', 1000 + SETTLES_MS), { id: 'rings', action: 'answer' });
});
