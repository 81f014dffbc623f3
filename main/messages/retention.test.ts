import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { openStore } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newPerson, speak } from './test-people.ts';
import { Retention } from './retention.ts';

const UNDO_MS = 10_000;
const HOUR_MS = 3_600_000;

/** What Ann said to Bob, whole at Bob. */
async function ground(t: TestContext) {
  const bob = await openStore(t, '102');
  const ann = await newPerson(t, '101');
  const { store, time } = bob;
  const keepNext = async () => {
    const spoken = await speak(ann, [bob], { time });
    await keep(bob, spoken);
    return spoken.id;
  };
  const open = () => {
    const retention = new Retention({
      store,
      office: bob.office,
      schedule: time.schedule,
      undoMs: UNDO_MS,
      isSafe: async () => false,
    });
    retention.sweepRegularly();
    return retention;
  };
  const shown = () => store.shown().map(({ id }) => id);
  return { store, time, keepNext, open, shown };
}

test('a deleted message is hidden at once, and erased when it cannot be undone any more', async (t) => {
  const { store, time, keepNext, open, shown } = await ground(t);
  const id = await keepNext();
  const retention = open();
  assert.equal(await retention.delete(id), true);
  assert.deepEqual(shown(), []);
  assert.equal(await retention.delete(id), false, 'it is deleted already');
  await until(() => time.dueIn.includes(UNDO_MS), 'the time to erase it');
  time.pass(UNDO_MS - 1);
  assert.ok(store.get(id));
  time.pass(1);
  await until(() => store.wasDeleted(id), 'the erasure');
  assert.equal(await retention.restore(id), false);
  retention.close();
});

test('a deletion is undone within its time, and then the message stays', async (t) => {
  const { store, time, keepNext, open, shown } = await ground(t);
  const [kept, deleted] = [await keepNext(), await keepNext()];
  const retention = open();
  await retention.delete(kept);
  await retention.delete(deleted);
  assert.equal(await retention.restore(kept), true);
  assert.equal(await retention.restore(kept), false);
  assert.deepEqual(shown(), [kept]);
  await until(() => time.dueIn.includes(UNDO_MS), 'the time to erase the other');
  time.pass(UNDO_MS);
  await until(() => store.wasDeleted(deleted), 'the erasure of the other');
  assert.ok(store.get(kept));
  retention.close();
});

test('a restart in between does not keep what was deleted', async (t) => {
  const { store, time, keepNext, open } = await ground(t);
  const id = await keepNext();
  const before = open();
  await before.delete(id);
  before.close();
  assert.deepEqual(time.dueIn, []);
  time.pass(UNDO_MS);
  const after = open();
  await until(() => store.wasDeleted(id), 'the erasure');
  after.close();
});

test('new limits hold at once, and age is checked every hour', async (t) => {
  const { store, time, keepNext, open } = await ground(t);
  const [old, later] = [await keepNext(), await keepNext()];
  for (const id of [old, later]) store.setLocal(id, { heard: time.now() });
  const retention = open();
  await retention.setLimits({ retentionMs: HOUR_MS });
  assert.ok(store.get(old), 'it is not old yet');
  time.pass(2 * HOUR_MS);
  await until(() => store.wasDeleted(old) && store.wasDeleted(later), 'the sweep');
  const next = await keepNext();
  store.setLocal(next, { heard: time.now() });
  time.pass(1);
  await retention.setLimits({ retentionMs: 0 });
  assert.ok(store.wasDeleted(next));
  retention.close();
  assert.deepEqual(time.dueIn, []);
});

test('that somebody has been away for months is believed once the node has looked for an hour', async (t) => {
  const DAY_MS = 24 * HOUR_MS;
  const bob = await openStore(t, '102');
  const ann = await newPerson(t, '101');
  const { store, time } = bob;
  const spoken = await speak(ann, [bob], { time });
  await keep(bob, spoken, { keeps: true });
  time.pass(84 * DAY_MS);
  const retention = new Retention({
    ...{ store, office: bob.office, schedule: time.schedule, undoMs: UNDO_MS, isSafe: async () => false },
    lastOnline: () => 0,
  });
  retention.sweepRegularly();
  await retention.setLimits({});
  assert.equal(store.get(spoken.id)?.local.ending, undefined);
  time.pass(HOUR_MS);
  await until(() => store.get(spoken.id)?.local.ending !== undefined, 'the note of its end');
  retention.close();
});
