import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signHeader, signManifest } from '../identity/index.ts';
import { faults, fromBase64url, nextTurn as turn, type MessageId, type NodeId } from '../model/index.ts';
import { Holders } from './holders.ts';
import { Desk, HandLink, HandOffice, newPerson, speak, type Person } from './test-rooms.ts';

/*
 * A member that signs whatever it likes, with its own good key. Nothing of it disturbs what others say, ends a node, or fills it.
 */

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Bob's desk; Ann, Cleo and Eve, whom it knows; the hub, which is the switch unless a role says otherwise. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, cleo, eve, hub] = (await Promise.all(
    ['101', '104', '105', '103'].map((n) => newPerson(t, n)),
  )) as [Person, Person, Person, Person];
  bob.office.know(ann, cleo, eve, hub, bob);
  bob.office.switchNode = hub.record.node;
  const toHub = new HandLink(hub.record.node);
  bob.office.upstream = toHub;
  const [toAnn, toCleo, toEve] = [ann, cleo, eve].map(({ record }) => new HandLink(record.node)) as [
    HandLink,
    HandLink,
    HandLink,
  ];
  const over = bob.watch('over');
  const say = (talker: Person, ...to: Person[]) => speak(talker, to, { time: bob.time });
  const dropped = (person: Person) => over.filter(({ node }) => node === person.record.node).length;
  /** Bob's node is the switch, or its standby. */
  const keep = (role: 'switch' | 'standby') => {
    if (role === 'standby') bob.office.standbyNode = bob.node;
    else {
      bob.office.switchNode = bob.node;
      bob.office.upstream = undefined;
      bob.office.downstream = [toAnn, toCleo, toEve];
    }
  };
  return { bob, ann, cleo, eve, hub, toHub, toAnn, toCleo, toEve, say, dropped, keep };
}

const ROLES = ['recipient', 'switch', 'standby', 'switch and recipient'] as const;
for (const role of ROLES) {
  test(`the end of a running message that somebody else signed changes nothing at a ${role}`, async (t) => {
    const { bob, ann, cleo, eve, toHub, toAnn, toCleo, toEve, say, keep } = await ground(t);
    if (role !== 'recipient') keep(role === 'standby' ? 'standby' : 'switch');
    const message = await say(ann, ...(role.includes('recipient') ? [bob] : []), cleo);
    const { id, header, manifest, fragments } = message;
    const [from, faultsBefore] = [role.startsWith('switch') ? toAnn : toHub, faults.total];
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
  const { bob, ann, eve, toHub, say } = await ground(t);
  const faultsBefore = faults.total;
  const message = await say(ann, bob);
  const { facts } = (await say(eve, bob)).header;
  for (const text of [message.id, facts.id]) {
    const last = String.fromCharCode(text.charCodeAt(21) + 1);
    const id = `${text.slice(0, 21)}${last}` as MessageId;
    assert.deepEqual(fromBase64url(id), fromBase64url(text));
    const signed = eve.identity.sign({ ...facts, id });
    bob.messages.header(signed);
    bob.messages.frame({ type: 'announce', header: signed }, toHub);
  }
  await turn();
  assert.deepEqual(bob.store.list(), []);
  assert.equal(faults.total, faultsBefore);
});

test('a header that somebody else signed under the id of a running message changes nothing', async (t) => {
  const { bob, ann, cleo, eve, say, keep } = await ground(t);
  const message = await say(ann, bob);
  bob.messages.header(message.header.signed);
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

test('of messages that one colleague begins at once, the newest sound, and the others are kept', async (t) => {
  const { bob, ann, eve, say, dropped } = await ground(t);
  for (let n = 0; n < 20; n += 1) bob.messages.header((await say(eve, bob)).header.signed);
  const last = await say(eve, bob);
  bob.messages.header(last.header.signed);
  await until(() => bob.messages.inbox.isLive(last.id), 'what she says now sounds');
  assert.ok(bob.messages.inbox.speaking.length <= 3, `${bob.messages.inbox.speaking.length} sound`);
  assert.equal(bob.store.list().length, 21);
  assert.ok(dropped(eve) > 0);
  const voice = await say(ann, bob);
  bob.messages.header(voice.header.signed);
  await until(() => bob.messages.inbox.isLive(voice.id), 'Ann sounds');
  assert.equal(dropped(ann), 0);
});

test('more voices than a person can tell apart do not sound: the person is notified of the rest', async (t) => {
  const { bob } = await ground(t);
  const notifications = bob.watch('notification');
  const over = bob.watch('over');
  const people = await Promise.all(Array.from({ length: 12 }, (_, n) => newPerson(t, String(200 + n))));
  bob.office.know(...people);
  for (const person of people)
    bob.messages.header((await speak(person, [bob], { time: bob.time })).header.signed);
  await until(() => bob.media.of('receive').length === 12, 'all arrive');
  assert.equal(bob.messages.inbox.speaking.length, 8);
  assert.equal(bob.media.of('receive').filter(({ play }) => play).length, 8);
  assert.equal(notifications.length, 4);
  assert.deepEqual(over, [], 'nobody did anything wrong');
});

test('a colleague raises twenty notifications a minute at most; everything is kept, and the person can see who it is', async (t) => {
  const { bob, ann, eve, say, dropped } = await ground(t);
  bob.listener.presence = 'away';
  const notifications = bob.watch('notification');
  for (let n = 0; n < 30; n += 1) bob.messages.header((await say(eve, bob)).header.signed);
  const other = await say(ann, bob);
  bob.messages.header(other.header.signed);
  await until(() => notifications.some(({ id }) => id === other.id), 'Ann is noticed');
  assert.equal(notifications.length, 21);
  assert.equal(bob.store.unheard().length, 31);
  assert.ok(dropped(eve) >= 10);
  bob.time.pass(60_001);
  const later = await say(eve, bob);
  bob.messages.header(later.header.signed);
  await until(() => notifications.some(({ id }) => id === later.id), 'after a minute she may again');
});

test('of progress, what belongs to the newest own messages is kept', async (t) => {
  const { bob, ann, say } = await ground(t);
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
  const { bob, ann, say } = await ground(t);
  const office = new HandOffice(bob.node);
  const holders = new Holders(bob.store, office);
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

for (const role of ['switch', 'standby'] as const) {
  test(`messages for people who do not exist do not fill a ${role}: eight of each talker, for a week`, async (t) => {
    const { bob, ann, cleo, eve, toHub, toEve, say, dropped, keep } = await ground(t);
    keep(role);
    const link = role === 'switch' ? toEve : toHub;
    const nobody = await newPerson(t, '999');
    for (let n = 0; n < 20; n += 1)
      bob.messages.frame({ type: 'announce', header: (await say(eve, nobody)).header.signed }, link);
    assert.equal(bob.store.list().length, 8);
    assert.ok(dropped(eve) >= 12, `${dropped(eve)} were dropped`);
    const [real, mixed] = [await say(eve, cleo), await say(ann, nobody, cleo)];
    for (const { header } of [real, mixed])
      bob.messages.frame({ type: 'announce', header: header.signed }, link);
    assert.equal(bob.store.list().length, 10, 'what is for somebody is kept');
    bob.messages.retention.sweepRegularly();
    await turn();
    assert.equal(bob.store.list().length, 10);
    bob.time.pass(WEEK_MS + 2 * 60 * 60 * 1000);
    await until(() => bob.store.list().length === 2, 'the others are gone');
    assert.deepEqual(new Set(bob.store.list().map(({ id }) => id)), new Set([real.id, mixed.id]));
  });
}
