import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { keep } from './test-kept.ts';
import { speak } from './test-people.ts';
import { annAndHolders, answer, MINUTE_MS, settled, UNDO_MS } from './test-copies.ts';

/** Ann has deleted it, and the time for undoing is over: both holders are asked. */
async function erasing(t: TestContext) {
  const it = await annAndHolders(t);
  const { ann, hub, cleo, upstream, toCleo, spoken, say, copies, time } = it;
  for (const [person, link] of [
    [hub, upstream],
    [cleo, toCleo],
  ] as const) {
    say(person, upstream, 'stored');
    await until(() => link.of('prove').length === 1, 'the question');
    await answer(it, link);
  }
  await until(() => copies() === 2, 'two copies');
  await ann.messages.delete(spoken.id);
  await until(() => time.dueIn.includes(UNDO_MS), 'the time to erase it');
  time.pass(UNDO_MS);
  for (const link of [upstream, toCleo]) await until(() => link.of('prove').length === 2, 'the question');
  return it;
}

test('when everybody has heard it, the nodes that were asked to keep it learn that', async (t) => {
  const it = await annAndHolders(t);
  const { bob, upstream, toCleo, toDan, say, time, office } = it;
  office.standbyNode = undefined;
  time.pass(10_000);
  await until(() => [...toCleo.of('keep'), ...toDan.of('keep')].length > 0, 'another is asked');
  office.know(bob);
  const asked = toCleo.of('keep').length > 0 ? toCleo : toDan;
  say(bob, upstream, 'received');
  await settled();
  assert.deepEqual(asked.of('receipt'), [], 'it is not heard yet');
  say(bob, upstream, 'heard');
  await until(() => asked.of('receipt').length === 1, 'the receipt');
  await settled();
  assert.deepEqual(upstream.of('receipt'), [], 'the switch has seen it pass');
});

test('the own copy goes when two holders prove theirs at that moment', async (t) => {
  const it = await erasing(t);
  await answer(it, it.upstream);
  await settled();
  assert.ok(it.store.get(it.spoken.id), 'one is not enough');
  await answer(it, it.toCleo);
  await until(() => it.store.wasDeleted(it.spoken.id), 'the erasure');
});

test('the own copy stays where only one answers, or the person has brought it back meanwhile', async (t) => {
  const it = await erasing(t);
  await answer(it, it.upstream);
  it.time.pass(MINUTE_MS);
  await settled();
  assert.ok(it.store.get(it.spoken.id));
  const other = await erasing(t);
  await other.ann.messages.retention.restore(other.spoken.id);
  for (const link of [other.upstream, other.toCleo]) await answer(other, link);
  await settled();
  assert.equal(other.store.shown().length, 1);
});

test('an own message for which others are asked at once is not delayed by an earlier check', async (t) => {
  const it = await annAndHolders(t);
  const { ann, toDan, upstream, toCleo, time, office } = it;
  office.standbyNode = undefined;
  time.pass(9_000);
  ann.messages.linkUp(upstream);
  const later = await speak(ann, [it.bob], { time });
  await keep(ann, later, { mine: 'talker' });
  time.pass(10_000);
  const asked = () =>
    [toDan, toCleo].flatMap((link) => link.of('keep')).filter(({ header }) => header === later.header.signed);
  await until(() => asked().length === 2, 'others than the switch, which has not proven it, are asked');
});
