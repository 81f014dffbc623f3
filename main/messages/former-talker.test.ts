import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/*
 * What somebody said before they were removed still reaches whom it is for, by those who keep the office's messages. Nobody else
 * can bring it, and nothing of it sounds by itself.
 */

/** Bob's desk wakes up: Ann was removed meanwhile. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, hub, dee, eve] = await Promise.all(['101', '103', '104', '105'].map((n) => newPerson(t, n)));
  bob.office.know(ann!, hub!, dee!, eve!);
  bob.office.switchNode = hub!.record.node;
  bob.office.standbyNode = dee!.record.node;
  const [toHub, toDee, toEve] = [hub!, dee!, eve!].map(({ record }) => new HandLink(record.node));
  bob.office.upstream = toHub;
  const message = await speak(ann!, [bob], { time: bob.time });
  bob.office.remove(ann!);
  return { bob, ann: ann!, cy: eve!, toHub: toHub!, toDee: toDee!, toEve: toEve!, message };
}

const announce = (desk: Desk, { header }: Spoken, link: HandLink) =>
  desk.messages.frame({ type: 'announce', header: header.signed }, link);
const end = (desk: Desk, { manifest }: Spoken, link: HandLink) =>
  desk.messages.frame({ type: 'manifest', manifest: manifest.signed }, link);

for (const from of ['switch', 'standby'] as const) {
  test(`a talker was removed while the recipient slept: the ${from} brings the message, and it plays`, async (t) => {
    const { bob, toHub, toDee, message } = await ground(t);
    const link = from === 'switch' ? toHub : toDee;
    const notifications = bob.watch('notification');
    if (from === 'standby') bob.office.upstream = undefined;
    announce(bob, message, link);
    end(bob, message, link);
    await until(() => notifications.length === 1, 'the notification');
    assert.deepEqual(bob.media.of('receive'), [], 'nothing comes by datagram');
    bob.time.pass(150);
    assert.equal(link.of('fetch').length, 1);
    bob.messages.fragments(message.id, message.fragments, link);
    await until(() => bob.store.get(message.id)?.state === 'complete', 'the whole message');
    await bob.messages.player.play(bob.store.get(message.id)!);
    assert.equal(bob.messages.player.playback?.id, message.id);
    await until(() => bob.media.fed(message.id).length === message.fragments.length, 'it is played');
  });
}

test('an announced message that seems to be still spoken does not sound by itself if its talker was removed', async (t) => {
  const { bob, toHub, message } = await ground(t);
  const notifications = bob.watch('notification');
  bob.hearEarly(message);
  announce(bob, message, toHub);
  await until(() => notifications.length === 1, 'the notification');
  assert.equal(bob.messages.inbox.isLive(message.id), false);
});

test('the end of a message comes after its talker was removed, and the message is whole', async (t) => {
  const { bob, ann, toHub } = await ground(t);
  bob.office.formerKeys.delete(ann.record.node);
  bob.office.know(ann);
  const message = await speak(ann, [bob], { time: bob.time });
  bob.hear(message.header.signed);
  await until(() => bob.media.of('receive').length === 1, 'it arrives');
  bob.media.arrive(message.fragments, message.header.facts.ssrc);
  bob.office.remove(ann);
  bob.messages.membersChanged();
  end(bob, message, toHub);
  await until(() => bob.store.get(message.id)?.state === 'complete', 'the whole message');
});

test('no datagram and no other member can deliver a message in a removed talker’s name', async (t) => {
  const { bob, toEve, toHub, message } = await ground(t);
  bob.hear(message.header.signed);
  announce(bob, message, toEve);
  assert.deepEqual(bob.store.list(), []);
  announce(bob, message, toHub);
  end(bob, message, toEve);
  assert.equal(bob.store.get(message.id)?.manifest, undefined);
});

test('a new switch accepts a removed talker’s messages from its members, and none that others signed', async (t) => {
  const { bob, ann, cy, toEve, message } = await ground(t);
  bob.office.switchNode = bob.node;
  bob.office.upstream = undefined;
  bob.office.downstream = [toEve];
  const toCy = await speak(ann, [cy], { time: bob.time });
  for (const one of [message, toCy]) announce(bob, one, toEve);
  assert.deepEqual(new Set(bob.store.list().map(({ id }) => id)), new Set([message.id, toCy.id]));
  const forged = cy.identity.sign({ ...toCy.header.facts, id: (await speak(ann, [cy])).id });
  bob.messages.frame({ type: 'announce', header: forged }, toEve);
  assert.equal(bob.store.list().length, 2);
});
