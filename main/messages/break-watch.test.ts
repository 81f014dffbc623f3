import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nodePorts } from '../model/index.ts';
import { isBrokenOff } from '../store/index.ts';
import { Desk, isWhole } from './test-desk.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Ann talks to Bob, and dies when this many of the fragments have come. */
async function ground(t: TestContext, { comes = 12, to = [] as readonly Person[], away = false } = {}) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, hub, ...to);
  const upstream = new HandLink(hub.record.node);
  bob.office.switchNode = hub.record.node;
  if (away) bob.listener.presence = 'away';
  const notified = bob.watch('notification');
  const spoken: Spoken = await speak(ann, [bob, ...to], { time: bob.time });
  const { id, header, fragments } = spoken;
  bob.hear(header.signed);
  await until(() => bob.media.of('receive').length > 0, 'it begins');
  const come = async (from: number, end: number) => {
    const before = bob.store.get(id)!.held;
    bob.media.arrive(fragments.slice(from, end), header.facts.ssrc);
    assert.ok(await bob.store.retry(), 'they are written');
    assert.ok(bob.store.get(id)!.held > before);
  };
  if (comes > 0) await come(0, comes);
  const isOver = () => isBrokenOff(bob.store.get(id)!);
  const dies = () => void bob.office.off.add(ann.record.node);
  const soundEnds = (reason: 'end' | 'lost') => bob.media.report({ type: 'playback-ended', id, reason });
  return { bob, ann, upstream, notified, ...spoken, come, isOver, dies, soundEnds };
}

test('a message is broken off after half a minute without a fragment, if its talker is gone, and its person is notified', async (t) => {
  const { bob, id, notified, isOver, dies } = await ground(t);
  bob.time.pass(5 * 60_000);
  assert.equal(isOver(), false, 'Ann is there');
  dies();
  bob.time.pass(25_000);
  assert.equal(isOver(), false);
  // Its sound ends as lost meanwhile, in another process.
  bob.messages.inbox.giveWay(id);
  bob.time.pass(15_000);
  assert.equal(isOver(), true);
  assert.deepEqual(
    notified.map((one) => one.id),
    [id],
  );
});

test('what this person hears, or is about to, raises no notification for that', async (t) => {
  const { bob, id, notified, isOver, dies } = await ground(t);
  dies();
  bob.time.pass(60_000);
  assert.equal(isOver(), true);
  assert.ok(bob.messages.inbox.isLive(id));
  assert.deepEqual(notified, []);
});

test('what was not notified yet is then, once', async (t) => {
  const { bob, id, notified, dies, soundEnds } = await ground(t);
  bob.messages.inbox.silence(id);
  dies();
  bob.time.pass(60_000);
  assert.equal(notified.length, 1);
  soundEnds('lost');
  bob.time.pass(60_000);
  assert.equal(notified.length, 1);
});

test('it plays to its end, is heard then, and its talker is told', async (t) => {
  const { bob, id, dies, soundEnds } = await ground(t, { away: true });
  const { player } = bob.messages;
  await player.play(bob.store.get(id)!);
  assert.equal(bob.media.of('play').at(-1)?.count, null, 'more may come');
  soundEnds('lost');
  dies();
  bob.time.pass(60_000);
  assert.equal(bob.store.unheard().length, 1);
  await player.play(bob.store.get(id)!);
  assert.equal(bob.media.of('play').at(-1)?.count, 12);
  soundEnds('end');
  assert.deepEqual(bob.store.unheard(), []);
  await until(() => bob.store.get(id)!.receipts.length > 0, 'the receipt');
  assert.equal(bob.store.get(id)!.receipts[0]?.facts.state, 'heard');
});

test('it plays to the first gap, and of a message to several no further than its talker vouched for', async (t) => {
  const dan = await newPerson(t, '104');
  const { bob, id, come, dies, hashes } = await ground(t, { away: true, to: [dan], comes: 0 });
  await come(0, 8);
  await come(9, 20);
  dies();
  bob.time.pass(60_000);
  const count = async () => {
    await bob.messages.player.play(bob.store.get(id)!);
    return bob.media.of('play').at(-1)?.count;
  };
  assert.equal(await count(), null, 'nothing is surely hers');
  const link = new HandLink(dan.record.node);
  for (const { signed } of hashes) bob.messages.frame({ type: 'hashes', hashes: signed }, link);
  assert.equal(await count(), 8);
});

test('a message that goes on is not broken off any more; one that became longer while it played was not heard', async (t) => {
  const { bob, id, come, isOver, dies, soundEnds, manifest, upstream } = await ground(t, { away: true });
  dies();
  bob.time.pass(60_000);
  assert.equal(isOver(), true);
  await bob.messages.player.play(bob.store.get(id)!);
  await come(12, 20);
  assert.equal(isOver(), false);
  bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, upstream);
  await until(isWhole(bob, id), 'all of it');
  soundEnds('end');
  assert.equal(bob.store.unheard().length, 1);
  bob.time.pass(20 * 60_000);
  assert.equal(isOver(), false);
});

test('what an earlier start left is watched, too, and what was noted stays noted', async (t) => {
  const time = new HandTime();
  const [ann, person] = await Promise.all([newPerson(t, '101'), newPerson(t, '102')]);
  const start = (disk: SimulatedDisk) => Desk.simulated(person, time, { disk, random: nodePorts.random });
  const disk = new SimulatedDisk();
  const first = await start(disk);
  const { id, header, fragments } = await speak(ann, [person], { time });
  first.store.begin(header.signed, header.facts, { mine: 'recipient' });
  first.store.append(id, fragments.slice(0, 12));
  assert.ok(await first.store.retry());
  first.messages.close();
  const after = disk.afterPowerFailure('kept');
  const second = await start(after);
  assert.equal(isBrokenOff(second.store.get(id)!), false);
  const notified = second.watch('notification');
  time.pass(60_000);
  assert.equal(isBrokenOff(second.store.get(id)!), true);
  assert.equal(notified.length, 1);
  second.messages.close();
  await second.store.close();
  const third = await start(after);
  t.after(() => third.messages.close());
  assert.equal(third.store.get(id)?.held, 12);
  assert.equal(isBrokenOff(third.store.get(id)!), true);
});
