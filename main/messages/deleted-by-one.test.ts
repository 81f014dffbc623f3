import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { MessageId } from '../model/index.ts';
import { settled, UNDO_MS } from './test-copies.ts';
import { Desk, isWhole } from './test-desk.ts';
import { follow, join } from './test-joined-desks.ts';
import { keep } from './test-kept.ts';
import { joined, speak } from './test-people.ts';

/**
 * Ann talked to Bob and Cleo; Cleo is off. Bob has heard it. Dan, who was the switch, and Eve, his standby, keep it for Cleo; Fay
 * has nothing of it.
 */
async function ground(t: TestContext) {
  const time = new HandTime();
  const desks = (await Promise.all(
    ['101', '102', '103', '104', '105', '106'].map((extension) => Desk.open(t, extension, time)),
  )) as [Desk, Desk, Desk, Desk, Desk, Desk];
  const [ann, bob, cleo, dan, eve, fay] = desks;
  for (const { office } of desks) {
    office.know(...desks);
    office.standbyNode = eve.node;
    office.off.add(cleo.node);
  }
  let cuts = [ann, bob, eve].map((desk) => follow(desk, dan));
  const { ends } = join(ann, eve);
  ann.office.visits.set(eve.node, ends[0]);
  const spoken = await speak(ann, [bob, cleo], { time });
  await keep(ann, spoken, { mine: 'talker' });
  await keep(bob, spoken);
  for (const desk of [dan, eve]) await keep(desk, spoken, { keeps: true });
  const { id } = spoken;
  /** Time passes until then. */
  const { soon } = time;
  /** Dan is not the switch any more: this one is, and these follow it. */
  const elect = (theSwitch: Desk, standby: Desk, followers: readonly Desk[]) => {
    for (const cut of cuts) cut();
    for (const { office } of desks) office.standbyNode = standby.node;
    cuts = followers.map((desk) => follow(desk, theSwitch));
  };
  /** It is deleted there, and the time for undoing is over. */
  const deletes = async (desk: Desk) => {
    await desk.messages.delete(id);
    await until(() => time.dueIn.includes(UNDO_MS), 'the time to erase it');
    time.pass(UNDO_MS);
    await settled();
  };
  const getsItWhole = async (desk: Desk) => {
    await soon(isWhole(desk, id), 'the whole message');
    assert.deepEqual(await desk.bytesOf(id), joined(spoken.fragments));
    assert.equal(desk.store.get(id)?.roles.mine, 'recipient');
  };
  return { time, soon, ann, bob, cleo, dan, eve, fay, spoken, id, elect, deletes, getsItWhole };
}

/** Whether it is kept there for others alone. */
const keepsForOthers = ({ store }: Desk, id: MessageId): boolean => {
  const message = store.get(id);
  return message?.state === 'complete' && message.roles.mine === undefined;
};

test('what its talker deleted reaches a recipient who comes back, though the talker is the switch', async (t) => {
  const { soon, ann, bob, cleo, dan, eve, fay, id, elect, deletes, getsItWhole } = await ground(t);
  await until(() => ann.messages.copies(ann.store.get(id)!) === 2, 'two copies');
  await deletes(ann);
  await until(() => ann.store.wasDeleted(id), 'the erasure');
  elect(ann, fay, [bob, dan, eve, fay]);
  await soon(() => keepsForOthers(ann, id), 'the switch keeps it again');
  follow(cleo, ann);
  await getsItWhole(cleo);
  assert.deepEqual(ann.store.shown(), [], 'in its talker’s list it stays deleted');
});

test('what one recipient deleted reaches the other, though the first is the switch and the talker is off', async (t) => {
  const { soon, ann, bob, cleo, dan, eve, fay, id, elect, deletes, getsItWhole } = await ground(t);
  for (const { office } of [bob, cleo, dan, eve, fay]) office.off.add(ann.node);
  bob.messages.inbox.heard(id);
  await deletes(bob);
  await until(() => bob.store.wasDeleted(id), 'the erasure');
  elect(bob, fay, [dan, eve, fay]);
  await soon(() => keepsForOthers(bob, id), 'the switch keeps it again');
  await soon(() => keepsForOthers(fay, id), 'so does its standby');
  follow(cleo, bob);
  await getsItWhole(cleo);
  assert.deepEqual(
    [bob.store.shown(), bob.store.unheard()],
    [[], []],
    'in the first one’s list it stays deleted',
  );
});

test('a talker who is the switch keeps what it deleted until its recipients have it', async (t) => {
  const { time, ann, bob, cleo, dan, eve, fay, id, elect, deletes, getsItWhole } = await ground(t);
  await until(() => ann.messages.copies(ann.store.get(id)!) === 2, 'two copies');
  elect(ann, fay, [bob, dan, eve, fay]);
  await deletes(ann);
  assert.ok(ann.store.get(id), 'Cleo asks the switch for it');
  follow(cleo, ann);
  await getsItWhole(cleo);
  await until(() => ann.messages.outbox().length === 0, 'the receipts');
  ann.messages.retention.sweepRegularly();
  time.pass(60 * 60_000);
  await until(() => ann.store.wasDeleted(id), 'the erasure');
});

test('what talker and recipient deleted comes from the only keeper that is left, over a switch that had nothing of it', async (t) => {
  const { ann, bob, cleo, dan, eve, fay, id, elect, deletes, getsItWhole } = await ground(t);
  await until(() => ann.messages.copies(ann.store.get(id)!) === 2, 'two copies');
  bob.messages.inbox.heard(id);
  for (const desk of [ann, bob]) await deletes(desk);
  await until(() => ann.store.wasDeleted(id) && bob.store.wasDeleted(id), 'the erasures');
  for (const { office } of [ann, bob, cleo, eve, fay]) office.off.add(dan.node);
  elect(fay, ann, [ann, bob, eve]);
  follow(cleo, fay);
  await getsItWhole(cleo);
  assert.deepEqual([ann.store.shown(), bob.store.shown()], [[], []], 'in their lists it stays deleted');
});
