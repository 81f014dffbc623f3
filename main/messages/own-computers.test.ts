import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { signReceipt } from '../identity/index.ts';
import type { Receipt } from '../model/index.ts';
import { join } from './test-joined-desks.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bo has a desk and a laptop, which reach each other when they are online; Ann talks to both. */
async function ground(t: TestContext) {
  const time = new HandTime();
  const [desk, laptop] = [await Desk.open(t, '102', time), await Desk.open(t, '102', time)];
  const ann = await newPerson(t, '101');
  const both = [desk, laptop] as const;
  const toAnn = new HandLink(ann.record.node);
  for (const one of both) {
    one.office.know(ann, one);
    one.office.downstream = [toAnn];
    for (const { node } of both) one.office.persons.set(node, desk.node);
  }
  const { ends, cut } = join(desk, laptop);
  /** Both see that the other is there. */
  const meet = (): void => {
    desk.office.visits.set(laptop.node, ends[0]);
    laptop.office.visits.set(desk.node, ends[1]);
    for (const one of both) one.office.know(desk, laptop);
    for (const one of both) one.messages.expect([]);
  };
  /** The link between them is gone, and cannot be made again. */
  const part = (): void => {
    cut();
    desk.office.visits.delete(laptop.node);
    laptop.office.visits.delete(desk.node);
    desk.messages.linkDown(ends[0]);
    laptop.messages.linkDown(ends[1]);
  };
  /** A header by datagram; how it is received is decided when its key is open. */
  const begins = async (one: Desk, said: Spoken): Promise<boolean> => {
    one.hear(said.header.signed);
    const order = () => one.media.of('receive').find(({ id }) => id === said.id);
    await until(() => order() !== undefined, 'it is received');
    return order()!.play;
  };
  const whole = async (one: Desk, said: Spoken): Promise<void> => {
    one.media.arrive(said.fragments, said.header.facts.ssrc);
    one.messages.frame({ type: 'manifest', manifest: said.manifest.signed }, toAnn);
    await until(() => one.store.get(said.id)?.state === 'complete', 'all of it is here');
  };
  const isHeard = (one: Desk, { id }: Spoken) => one.store.get(id)?.local.heard !== undefined;
  return { desk, laptop, ann, time, toAnn, meet, part, begins, whole, isHeard };
}

/** Bo touched the laptop last, and the desk knows. */
async function atLaptop(t: TestContext) {
  const here = await ground(t);
  here.meet();
  here.laptop.messages.own.input();
  await until(() => here.desk.messages.own.elsewhere === here.laptop.node, 'the desk knows');
  return here;
}

test('a message sounds at the computer where the person is, and is kept silently at the others', async (t) => {
  const { desk, laptop, ann, time, begins, whole, isHeard } = await atLaptop(t);
  const notified = desk.watch('notification');
  const said = await speak(ann, [desk, laptop], { time });
  assert.deepEqual([await begins(desk, said), await begins(laptop, said)], [false, true]);
  await whole(desk, said);
  await whole(laptop, said);
  laptop.media.report({ type: 'playback-ended', id: said.id, reason: 'end' });
  await until(() => isHeard(desk, said), 'what was heard at the laptop is heard at the desk');
  time.pass(600_000);
  assert.deepEqual(notified, []);
  assert.deepEqual(desk.messages.inbox.speaking, []);
});

test('when the person uses the other computer, messages sound there', async (t) => {
  const { desk, laptop, ann, time, begins } = await atLaptop(t);
  desk.messages.own.input();
  await until(() => laptop.messages.own.elsewhere === desk.node, 'the laptop knows');
  const said = await speak(ann, [desk, laptop], { time });
  assert.deepEqual([await begins(desk, said), await begins(laptop, said)], [true, false]);
});

test('a page that is not kept is heard where the person is, and kept at no other computer', async (t) => {
  const { desk, laptop, ann, time, begins } = await atLaptop(t);
  const said = await speak(ann, [desk, laptop], { time, page: {} });
  desk.hear(said.header.signed);
  assert.equal(await begins(laptop, said), true);
  assert.equal(desk.store.get(said.id), undefined);
});

test('a message unheard at the other computer raises a notification here some time after its end', async (t) => {
  const { desk, laptop, ann, time, begins, whole } = await atLaptop(t);
  const notified = desk.watch('notification');
  const said = await speak(ann, [desk, laptop], { time });
  await begins(desk, said);
  time.pass(65_000);
  assert.deepEqual(notified, []);
  await whole(desk, said);
  time.pass(65_000);
  assert.deepEqual(
    notified.map(({ id }) => id),
    [said.id],
  );
});

test('if the other computer goes offline, messages left to it raise notifications, and new ones sound here', async (t) => {
  const { desk, laptop, ann, time, begins, part } = await atLaptop(t);
  const notified = desk.watch('notification');
  const [before, after] = [
    await speak(ann, [desk, laptop], { time }),
    await speak(ann, [desk, laptop], { time }),
  ];
  assert.equal(await begins(desk, before), false);
  part();
  assert.equal(notified.length, 1);
  assert.deepEqual([await begins(desk, after), await begins(laptop, after)], [true, true], 'never silence');
});

test('a loudspeaker that is unplugged lets the other computer play', async (t) => {
  const { desk, laptop, ann, time, begins } = await atLaptop(t);
  laptop.listener.canPlay = false;
  const gone = { state: 'missing', device: null, sentence: null, phrase: null } as const;
  laptop.media.report({ type: 'sound-state', microphone: gone, speaker: gone });
  await until(() => desk.messages.own.elsewhere === undefined, 'the desk knows');
  const said = await speak(ann, [desk, laptop], { time });
  assert.equal(await begins(desk, said), true);
});

test('a message heard at one computer leaves the queue and the notifications of the other', async (t) => {
  const { desk, laptop, ann, time, meet, begins, whole, isHeard } = await ground(t);
  const [first, queued] = [
    await speak(ann, [desk, laptop], { time }),
    await speak(ann, [desk, laptop], { time }),
  ];
  assert.equal(await begins(desk, first), true);
  assert.equal(await begins(desk, queued), false);
  await until(() => desk.messages.turns.waiting.some(({ id }) => id === queued.id), 'it waits for its turn');
  laptop.listener.isLocked = true;
  await begins(laptop, queued);
  await whole(laptop, queued);
  const settled = desk.watch('settled');
  meet();
  laptop.messages.inbox.heard(queued.id);
  await until(() => isHeard(desk, queued), 'the desk knows');
  assert.deepEqual(desk.messages.turns.waiting, []);
  assert.ok(settled.includes(queued.id));
  assert.deepEqual(
    desk.store.unheard().map(({ id }) => id),
    [first.id],
  );
});

test('a computer that comes online learns what was heard while it was off, also of messages that reach it later', async (t) => {
  const { desk, laptop, ann, time, meet, begins, whole, isHeard } = await ground(t);
  const [here, later] = [
    await speak(ann, [desk, laptop], { time }),
    await speak(ann, [desk, laptop], { time }),
  ];
  laptop.listener.isLocked = true;
  desk.listener.isLocked = true;
  for (const said of [here, later]) {
    await begins(laptop, said);
    await whole(laptop, said);
    laptop.messages.inbox.heard(said.id);
    const isSaid = () =>
      laptop.store.get(said.id)?.receipts.some(({ facts }) => facts.state === 'heard') === true;
    await until(isSaid, 'the receipt');
  }
  await begins(desk, here);
  const notified = desk.watch('notification');
  meet();
  await until(() => isHeard(desk, here), 'the desk knows of the one');
  await begins(desk, later);
  await until(() => isHeard(desk, later), 'and of the other');
  assert.deepEqual(notified, [], 'nobody is notified of what they have heard');
});

test('no other person’s computer can say what this person has heard, or where they are', async (t) => {
  const { desk, laptop, ann, time, meet, begins, isHeard, toAnn } = await ground(t);
  meet();
  desk.listener.isLocked = true;
  const eve = await newPerson(t, '105');
  desk.office.know(eve);
  const said = await speak(ann, [desk, laptop, eve], { time });
  await begins(desk, said);
  const heard: Receipt = { v: 1, id: said.id, node: eve.record.node, state: 'heard', at: time.now() };
  const link = new HandLink(eve.record.node);
  desk.messages.frame({ type: 'receipt', receipt: signReceipt(eve.identity, heard) }, link);
  desk.messages.frame({ type: 'seat', n: 99, canPlay: true }, link);
  assert.equal(isHeard(desk, said), false, 'what Eve heard Bo has not');
  assert.equal(desk.messages.own.elsewhere, undefined);
  desk.messages.own.input();
  time.pass(60_000);
  await new Promise(setImmediate);
  const told = [...link.sent, ...toAnn.sent].filter(({ type }) => type === 'seat');
  assert.deepEqual(told, [], 'nobody but Bo’s own computers is told where he is');
});
