import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { MessageId, Page } from '../model/index.ts';
import { Desk, isWhole } from './test-desk.ts';
import { follow } from './test-joined-desks.ts';
import { newFragments } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Ann and Bob follow a switch; Kim is elected after it, and holds nothing of what was said before. Nobody is the standby. */
async function ground(t: TestContext) {
  const time = new HandTime();
  const [ann, bob, hub, kim] = (await Promise.all(
    ['101', '102', '103', '104'].map((extension) => Desk.open(t, extension, time)),
  )) as [Desk, Desk, Desk, Desk];
  for (const { office } of [ann, bob, hub, kim]) office.know(ann, bob, hub, kim);
  const cuts = [ann, bob].map((desk) => follow(desk, hub));
  const toSwitch = ann.office.sendHeader.bind(ann.office);
  ann.office.sendHeader = (node, header) => (node === bob.node ? bob.hear(header) : toSwitch(node, header));
  const switchDies = () => {
    for (const cut of cuts) cut();
  };
  const press = (page?: Page) =>
    ann.messages.outgoing.press({
      ...{ recipients: [bob.record], from: '101', to: '102' },
      ...(page && { page }),
    }).id;
  /** Ann says something, which Bob hears live. */
  const live = async () => {
    const id = press();
    await until(() => bob.messages.inbox.isLive(id), 'Bob hears it live');
    const said = newFragments(20);
    ann.media.speak(id, said);
    bob.media.arrive(said, bob.media.of('receive').find((one) => one.id === id)!.ssrc);
    return id;
  };
  const ends = (id: MessageId) => {
    ann.messages.outgoing.release();
    ann.media.report({ type: 'talk-ended', id, count: 0, failed: null });
  };
  /** The same, until Bob has all of it, and Ann knows that. */
  const received = async () => {
    const id = await live();
    ends(id);
    await until(isWhole(bob, id), 'the whole message');
    await until(() => stateOfBob(id) === 'received', 'the receipt');
    return id;
  };
  const hears = (id: MessageId) => bob.media.report({ type: 'playback-ended', id, reason: 'end' });
  const stateOfBob = (id: MessageId) =>
    ann.store.get(id)?.receipts.find(({ facts }) => facts.node === bob.node)?.facts.state;
  const progressOfBob = (id: MessageId) => ann.messages.progressOf(id).get(bob.node)?.state;
  const parts = { time, ann, bob, hub, kim, switchDies, press, live, ends, received, hears };
  return { ...parts, stateOfBob, progressOfBob };
}

test('progress that found no switch reaches the talker over the next one', async (t) => {
  const { ann, bob, kim, switchDies, live, progressOfBob } = await ground(t);
  const id = await live();
  switchDies();
  bob.media.report({ type: 'sounding', id, live: true });
  for (const desk of [ann, bob]) follow(desk, kim);
  await until(() => progressOfBob(id) === 'hearing', 'the progress');
});

test('progress that went to a switch which crashed a moment later is told again', async (t) => {
  const { ann, bob, hub, kim, switchDies, live, progressOfBob } = await ground(t);
  const id = await live();
  hub.office.downstream = [];
  bob.media.report({ type: 'sounding', id, live: true });
  await bob.office.upstream?.drained();
  switchDies();
  for (const desk of [ann, bob]) follow(desk, kim);
  await until(() => progressOfBob(id) === 'hearing', 'the progress');
});

test('progress that is at the new switch before its talker is reaches the talker', async (t) => {
  const { ann, bob, kim, switchDies, live, progressOfBob } = await ground(t);
  const id = await live();
  switchDies();
  bob.media.report({ type: 'sounding', id, live: true });
  follow(bob, kim);
  await bob.office.upstream?.drained();
  assert.equal(progressOfBob(id), undefined);
  follow(ann, kim);
  await until(() => progressOfBob(id) === 'hearing', 'the progress');
});

test('that a page passed its listener by reaches the talker over the next switch', async (t) => {
  const { ann, bob, kim, switchDies, press, progressOfBob } = await ground(t);
  bob.listener.presence = 'dnd';
  switchDies();
  const id = press({ isToAll: true });
  await until(() => ann.store.get(id) !== undefined, 'the header');
  bob.hear(ann.store.get(id)!.header.signed);
  for (const desk of [ann, bob]) follow(desk, kim);
  await until(() => progressOfBob(id) === 'notified', 'the progress');
  assert.equal(bob.store.get(id), undefined);
});

test('a talker learns that a message was heard while there was no switch', async (t) => {
  const { ann, bob, kim, switchDies, received, hears, stateOfBob } = await ground(t);
  const id = await received();
  switchDies();
  hears(id);
  for (const desk of [ann, bob]) follow(desk, kim);
  await until(() => stateOfBob(id) === 'heard', 'the receipt');
});

test('a talker learns that a message was heard under a switch which never held it', async (t) => {
  const { ann, bob, kim, switchDies, received, hears, stateOfBob } = await ground(t);
  const id = await received();
  switchDies();
  for (const desk of [ann, bob]) follow(desk, kim);
  await bob.office.upstream?.drained();
  hears(id);
  await until(() => stateOfBob(id) === 'heard', 'the receipt');
  assert.equal(kim.store.get(id), undefined);
});

test('a talker who comes back learns that a message was heard under a switch which never held it', async (t) => {
  const { ann, bob, kim, switchDies, received, hears, stateOfBob } = await ground(t);
  const id = await received();
  switchDies();
  for (const { office } of [bob, kim]) office.off.add(ann.node);
  const cut = follow(bob, kim);
  hears(id);
  await bob.office.upstream?.drained();
  // The switch starts again meanwhile: what it kept for Ann is gone.
  cut();
  const hub = await Desk.open(t, '105');
  hub.office.know(ann, bob);
  follow(bob, hub);
  follow(ann, hub);
  bob.office.off.delete(ann.node);
  bob.messages.expect([ann.record]);
  await until(() => stateOfBob(id) === 'heard', 'the receipt');
});

test('a report that has long arrived is not sent again', async (t) => {
  const { time, bob, kim, switchDies, received } = await ground(t);
  await received();
  time.pass(30_000);
  switchDies();
  const upstream = new HandLink(kim.node);
  bob.office.upstream = upstream;
  bob.messages.linkUp(upstream);
  assert.deepEqual(
    upstream.sent.map(({ type }) => type),
    ['inbox'],
  );
});
