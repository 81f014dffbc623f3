import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signHeader, signManifest } from '../identity/index.ts';
import { faults, fromBase64url, nextTurn as turn, type MessageId, type NodeId } from '../model/index.ts';
import { Holders } from './holders.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink, HandOffice } from './test-ports.ts';
import { bobAmongColleagues } from './test-colleagues.ts';

/*
 * A member that signs whatever it likes, with its own good key. Nothing of it disturbs what others say, ends a node, or fills it.
 */

const ROLES = ['recipient', 'switch', 'standby', 'switch and recipient'] as const;
for (const role of ROLES) {
  test(`the manifest of a running message that somebody else signed changes nothing at a ${role}`, async (t) => {
    const { bob, ann, cleo, eve, toHub, toAnn, toCleo, toEve, say, keep } = await bobAmongColleagues(t);
    if (role !== 'recipient') keep(role === 'standby' ? 'standby' : 'switch');
    const message = await say(ann, ...(role.includes('recipient') ? [bob] : []), cleo);
    const { id, header, manifest, fragments } = message;
    const [from, faultsBefore] = [role.startsWith('switch') ? toAnn : toHub, faults.total];
    bob.hearEarly(message);
    bob.messages.frame({ type: 'announce', header: header.signed }, from);
    const order = role.includes('recipient') ? 'receive' : 'receive-sealed';
    await until(() => bob.media.of(order).length === 1, 'the order to receive');
    const sent = () => [toHub, toAnn, toCleo, toEve].map((link) => link.sent.length);
    const before = sent();
    const theirs = { ...manifest.facts, talker: eve.record.node, count: 1 };
    for (const signed of [
      signManifest(eve.identity, theirs),
      eve.identity.sign(manifest.facts),
      signManifest(eve.identity, { ...theirs, count: 60_000 }),
    ])
      bob.messages.frame({ type: 'manifest', manifest: signed }, role.startsWith('switch') ? toEve : toHub);
    await turn();
    assert.equal(bob.store.get(id)?.manifest, undefined);
    assert.deepEqual(bob.media.of('receive-end'), [], 'the worker is not told of an end');
    assert.deepEqual(sent(), before, 'nothing is signed, and nothing passed on');
    assert.equal(faults.total, faultsBefore);
    bob.media.arrive(fragments, header.facts.ssrc);
    bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, from);
    await until(() => bob.store.get(id)?.state === 'complete', 'the whole message');
  });
}

test('a header whose id is another text of the same bytes is refused, by datagram and over a link', async (t) => {
  const { bob, ann, eve, toHub, say } = await bobAmongColleagues(t);
  const faultsBefore = faults.total;
  const message = await say(ann, bob);
  const { facts } = (await say(eve, bob)).header;
  for (const text of [message.id, facts.id]) {
    const last = String.fromCharCode(text.charCodeAt(21) + 1);
    const id = `${text.slice(0, 21)}${last}` as MessageId;
    assert.deepEqual(fromBase64url(id), fromBase64url(text));
    const signed = eve.identity.sign({ ...facts, id });
    bob.hear(signed);
    bob.messages.frame({ type: 'announce', header: signed }, toHub);
  }
  await turn();
  assert.deepEqual(bob.store.list(), []);
  assert.equal(faults.total, faultsBefore);
});

test('a header that somebody else signed under the id of a running message changes nothing', async (t) => {
  const { bob, ann, cleo, eve, say, keep } = await bobAmongColleagues(t);
  const message = await say(ann, bob);
  bob.hear(message.header.signed);
  keep('switch');
  bob.office.downstream = bob.office.downstream.slice(1);
  const twin = { ...message.header.facts, talker: eve.record.node, recipients: [cleo.record.node], keys: [] };
  const toEve = bob.office.downstream[1] as HandLink;
  bob.messages.frame({ type: 'announce', header: signHeader(eve.identity, twin) }, toEve);
  const kept = bob.store.get(message.id);
  assert.equal(kept?.header.signed.payload, message.header.signed.payload);
  assert.equal(kept.roles.mine, 'recipient');
  bob.time.pass(150);
  assert.deepEqual(toEve.of('fetch'), [], 'nobody asks there for what Ann says');
});

test('of messages that one colleague begins at once one sounds, few wait, and all are kept; another colleague comes next', async (t) => {
  const { bob, ann, eve, say, dropped } = await bobAmongColleagues(t);
  for (let n = 0; n < 20; n += 1) bob.hear((await say(eve, bob)).header.signed);
  const last = await say(eve, bob);
  bob.hear(last.header.signed);
  await until(() => bob.store.list().length === 21, 'all are here');
  await until(() => bob.messages.turns.waiting.some(({ id }) => id === last.id), 'what she says now waits');
  assert.ok(bob.messages.inbox.speaking.length <= 1, `${bob.messages.inbox.speaking.length} sound`);
  assert.ok(bob.messages.turns.waiting.length <= 3, `${bob.messages.turns.waiting.length} wait`);
  assert.ok(dropped(eve) > 0);
  const voice = await say(ann, bob);
  bob.hear(voice.header.signed);
  await until(() => bob.messages.turns.waiting.some(({ id }) => id === voice.id), 'Ann waits');
  assert.equal(dropped(ann), 0);
});

test('one voice sounds, a few wait, and the person is notified of the rest', async (t) => {
  const { bob } = await bobAmongColleagues(t);
  const notifications = bob.watch('notification');
  const over = bob.watch('over');
  const people = await Promise.all(Array.from({ length: 12 }, (_, n) => newPerson(t, String(200 + n))));
  bob.office.know(...people);
  for (const person of people) bob.hear((await speak(person, [bob], { time: bob.time })).header.signed);
  await until(() => bob.media.of('receive').length === 12, 'all arrive');
  assert.equal(bob.messages.inbox.speaking.length, 1);
  assert.equal(bob.media.of('receive').filter(({ play }) => play).length, 1);
  assert.equal(bob.messages.turns.waiting.length, 8);
  assert.equal(notifications.length, 3);
  assert.deepEqual(over, [], 'nobody did anything wrong');
});

test('a colleague raises twenty notifications a minute at most; everything is kept, and the person can see who it is', async (t) => {
  const { bob, ann, eve, say, dropped } = await bobAmongColleagues(t);
  bob.listener.presence = 'away';
  const notifications = bob.watch('notification');
  for (let n = 0; n < 30; n += 1) bob.hear((await say(eve, bob)).header.signed);
  const other = await say(ann, bob);
  bob.hear(other.header.signed);
  await until(() => notifications.some(({ id }) => id === other.id), 'Ann is noticed');
  assert.equal(notifications.length, 21);
  assert.equal(bob.store.unheard().length, 31);
  assert.ok(dropped(eve) >= 10);
  bob.time.pass(60_001);
  const later = await say(eve, bob);
  bob.hear(later.header.signed);
  await until(() => notifications.some(({ id }) => id === later.id), 'after a minute she may again');
});

test('of progress reports, those of the newest own messages are kept', async (t) => {
  const { bob, ann, say } = await bobAmongColleagues(t);
  const toAnn = new HandLink(ann.record.node);
  const own = [];
  for (let n = 0; n < 40; n += 1) {
    const message = await say(bob, ann);
    bob.store.begin(message.header.signed, message.header.facts, { mine: 'talker' });
    bob.messages.frame({ type: 'progress', id: message.id, node: ann.record.node, state: 'hearing' }, toAnn);
    own.push(message.id);
  }
  const known = own.filter((id) => bob.messages.progressOf(id).size > 0);
  assert.deepEqual(known, own.slice(-32));
});

test('a message has eight holders at most, and one that is not known here has none', async (t) => {
  const { bob, ann, say } = await bobAmongColleagues(t);
  const office = new HandOffice(bob.node);
  const holders = new Holders({ read: bob.store, office, clock: bob.time });
  const message = await say(ann, bob);
  const links = Array.from({ length: 20 }, (_, n) => new HandLink(`node ${n}` as NodeId));
  for (const link of links) holders.add(message.id, link);
  assert.equal(holders.size, 0);
  const kept = bob.store.begin(message.header.signed, message.header.facts, { mine: 'recipient' });
  for (const link of links) holders.add(message.id, link);
  for (const link of links.slice(0, 8)) {
    assert.equal(holders.sourceOf(kept), link);
    holders.linkLost(link);
  }
  assert.equal(holders.sourceOf(kept), undefined);
  assert.equal(holders.size, 0, 'nothing is left of it');
});

test('a colleague may send forty headers by datagram at once; another member’s are still accepted', async (t) => {
  const { bob, ann, eve, say, dropped } = await bobAmongColleagues(t);
  const theirs = await Promise.all(Array.from({ length: 60 }, () => say(eve, bob)));
  for (const { header } of theirs) bob.hear(header.signed);
  assert.equal(bob.store.list().length, 40);
  assert.ok(dropped(eve) >= 20);
  const voice = await say(ann, bob);
  bob.messages.header(voice.header.signed, eve.record.node);
  assert.equal(bob.store.get(voice.id), undefined, 'nobody brings another’s by datagram');
  bob.hear(voice.header.signed);
  assert.ok(bob.store.get(voice.id));
  assert.equal(dropped(ann), 0);
  bob.time.pass(1000);
  bob.hear(theirs[59]!.header.signed);
  assert.ok(bob.store.get(theirs[59]!.id), 'two a second after that');
});

test('a colleague can cause a few lines in the log; further ones are counted', async (t) => {
  const { bob, eve, toEve, say, dropped } = await bobAmongColleagues(t);
  for (let n = 0; n < 20; n += 1) {
    const { header } = await say(eve, bob);
    const forged = { ...header.signed, signature: (await say(eve, bob)).header.signed.signature };
    bob.messages.frame({ type: 'announce', header: forged }, toEve);
  }
  assert.equal(bob.log.length, 5);
  assert.equal(dropped(eve), 15);
});
