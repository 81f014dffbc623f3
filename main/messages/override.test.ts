import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob, whose node knows that Ann may override do not disturb, and that Kim may not. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const people = await Promise.all(['101', '103', '105'].map((extension) => newPerson(t, extension)));
  const [ann, kim, hub] = people as [Person, Person, Person];
  bob.office.know(...people);
  bob.office.overriders.add(ann.record.node);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const spoken = async (person: Person, isOverride = true) => {
    const message = await speak(person, [bob], { time: bob.time, isOverride });
    bob.hear(message.header.signed);
    return message;
  };
  return { bob, ann, kim, upstream, spoken };
}

test('an override sounds at somebody in do not disturb, and counts as heard then', async (t) => {
  const { bob, ann, spoken } = await ground(t);
  bob.listener.presence = 'dnd';
  const { id } = await spoken(ann);
  await until(() => bob.messages.inbox.isLive(id), 'Ann is heard');
  assert.equal(bob.media.of('receive')[0]?.play, true);
  bob.media.report({ type: 'playback-ended', id, reason: 'end' });
  assert.ok(bob.store.get(id)?.local.heard !== undefined);
});

test('without the right it is an ordinary message, whatever its header says', async (t) => {
  const { bob, kim, upstream, spoken } = await ground(t);
  const notifications = bob.watch('notification');
  bob.listener.presence = 'dnd';
  const { id } = await spoken(kim);
  await until(() => notifications.length === 1, 'it is kept');
  assert.equal(bob.messages.inbox.isLive(id), false);
  assert.deepEqual(
    upstream.of('progress').map(({ state }) => state),
    ['notified'],
  );
});

test('another voice is softer until the override ends, and no further one interrupts it', async (t) => {
  const { bob, ann, kim, spoken } = await ground(t);
  const first = await spoken(kim);
  await until(() => bob.messages.inbox.isLive(first.id), 'Kim is heard');
  const { id } = await spoken(ann);
  await until(() => bob.messages.inbox.isLive(id), 'so is Ann');
  assert.deepEqual(bob.media.of('gain').slice(-2), [
    { type: 'gain', id, gain: 1 },
    { type: 'gain', id: first.id, gain: 0.2 },
  ]);
  const second = await spoken(ann);
  await until(() => bob.messages.turns.waiting.length === 1, 'one override at a time');
  bob.media.report({ type: 'playback-ended', id, reason: 'end' });
  assert.deepEqual(bob.media.of('gain').at(-1), { type: 'gain', id: first.id, gain: 1 });
  bob.media.report({ type: 'playback-ended', id: first.id, reason: 'end' });
  await until(() => bob.messages.player.playback?.id === second.id, 'then the other');
});

test('a message that the person plays meanwhile is softer from the beginning', async (t) => {
  const { bob, ann, kim, spoken } = await ground(t);
  bob.listener.presence = 'dnd';
  const notifications = bob.watch('notification');
  const stored = await spoken(kim, false);
  await until(() => notifications.length === 1, 'it is kept');
  const { id } = await spoken(ann);
  await until(() => bob.messages.inbox.isLive(id), 'Ann is heard');
  await bob.messages.player.play(bob.store.get(stored.id)!);
  assert.equal(bob.media.of('play')[0]?.gain, 0.2);
});

test('an override that waits has its turn also under do not disturb', async (t) => {
  const { bob, ann, spoken } = await ground(t);
  bob.listener.presence = 'dnd';
  const first = await spoken(ann);
  await until(() => bob.messages.inbox.isLive(first.id), 'Ann is heard');
  const second = await spoken(ann);
  await until(() => bob.messages.turns.waiting.length === 1, 'the next waits');
  bob.media.report({ type: 'playback-ended', id: first.id, reason: 'end' });
  await until(() => bob.messages.player.playback?.id === second.id, 'its turn');
});

test('behind a locked screen it sounds only where the person allowed it, and stays unheard then', async (t) => {
  const { bob, ann, spoken } = await ground(t);
  const notifications = bob.watch('notification');
  bob.listener.isLocked = true;
  const silent = await spoken(ann);
  await until(() => notifications.length === 1, 'it is kept');
  assert.equal(bob.messages.inbox.isLive(silent.id), false);
  bob.listener.hearsOverrideAway = true;
  const { id } = await spoken(ann);
  await until(() => bob.messages.inbox.isLive(id), 'it is heard');
  bob.media.report({ type: 'playback-ended', id, reason: 'end' });
  assert.equal(notifications.length, 2);
  assert.equal(bob.store.get(id)?.local.heard, undefined);
});
