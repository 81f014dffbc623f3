import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signHeader, signManifest } from '../identity/index.ts';
import {
  faults,
  fromBase64url,
  newMessageId,
  nextTurn as turn,
  nodePorts,
  readStatement,
  receiptSchema,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import { Holders } from './holders.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person } from './test-people.ts';
import { HandLink, HandOffice } from './test-ports.ts';

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
    bob.hear(signed);
    bob.messages.frame({ type: 'announce', header: signed }, toHub);
  }
  await turn();
  assert.deepEqual(bob.store.list(), []);
  assert.equal(faults.total, faultsBefore);
});

test('a header that somebody else signed under the id of a running message changes nothing', async (t) => {
  const { bob, ann, cleo, eve, say, keep } = await ground(t);
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
  const { bob, ann, eve, say, dropped } = await ground(t);
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

test('one voice sounds, as many as are bearable wait, and the person is notified of the rest', async (t) => {
  const { bob } = await ground(t);
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
  const { bob, ann, eve, say, dropped } = await ground(t);
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

/** Messages of the talker that wait at Bob's for somebody; nobody looks at their signatures any more. */
async function fill(bob: Desk, talker: Person, count: number, recipients: readonly NodeId[]): Promise<void> {
  const { signed, facts } = (await speak(talker, [bob], { time: bob.time })).header;
  const isMine = recipients.includes(bob.node);
  for (let n = 0; n < count; n += 1) {
    const header = { ...facts, id: newMessageId(nodePorts.random), recipients: [...recipients] };
    bob.store.begin(signed, header, isMine ? { mine: 'recipient' } : { keeps: true });
  }
}

const saidLost = (link: HandLink) =>
  link.of('receipt').flatMap(({ receipt }) => {
    const facts = readStatement(receipt, receiptSchema);
    return facts?.state === 'lost' ? [facts.id] : [];
  });

test('of headers by datagram a colleague has forty at once; another member’s find their place', async (t) => {
  const { bob, ann, eve, say, dropped } = await ground(t);
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

for (const role of ['recipient', 'switch', 'standby'] as const) {
  test(`a thousand messages of one talker wait at a ${role}; the next is refused aloud, until one is heard`, async (t) => {
    const { bob, ann, cleo, eve, toHub, toEve, toAnn, say, dropped, keep } = await ground(t);
    if (role !== 'recipient') keep(role);
    const to = role === 'recipient' ? bob : cleo;
    await fill(bob, eve, 1000, [to.record.node]);
    const [theirs, other] = [await say(eve, to), await say(ann, to)];
    const announce = ({ header }: typeof theirs, link: HandLink) =>
      bob.messages.frame({ type: 'announce', header: header.signed }, role === 'switch' ? link : toHub);
    announce(theirs, toEve);
    assert.equal(bob.store.get(theirs.id), undefined);
    assert.deepEqual(saidLost(role === 'switch' ? toEve : toHub), [theirs.id], 'she is told');
    assert.equal(dropped(eve), 1);
    announce(other, toAnn);
    assert.ok(bob.store.get(other.id), 'Ann has her own room');
    const [first] = bob.store.list();
    if (role === 'recipient') bob.store.setLocal(first!.id, { heard: bob.time.now() });
    else await bob.store.delete(first!.id);
    announce(theirs, toEve);
    assert.ok(bob.store.get(theirs.id), 'there is room again');
  });
}

test('of a talker whose messages fill their room nothing more is kept, what is here stays, and the talker is told', async (t) => {
  const { bob, ann, cleo, eve, toHub, say, dropped } = await ground(t);
  await fill(bob, eve, 1, [bob.node]);
  // Its file is as large as all that one talker may have here, but for a hundred bytes.
  const list = bob.store.list.bind(bob.store);
  bob.store.list = (filter) => list(filter).map((one) => ({ ...one, bytes: 512 * 1024 * 1024 - 100 }));
  bob.office.remove(cleo);
  bob.messages.membersChanged();
  bob.store.list = list;
  const [theirs, other] = [await say(eve, bob), await say(ann, bob)];
  for (const { header } of [theirs, other]) bob.hear(header.signed);
  await until(() => bob.media.of('receive').length === 2, 'both arrive');
  bob.media.arrive(theirs.fragments.slice(0, 1), theirs.header.facts.ssrc);
  bob.media.arrive(theirs.fragments.slice(1), theirs.header.facts.ssrc);
  bob.media.arrive(other.fragments, other.header.facts.ssrc);
  assert.deepEqual(
    [theirs, other].map(({ id }) => bob.store.get(id)?.held),
    [1, 20],
  );
  assert.deepEqual(
    bob.media.of('forget').map(({ id }) => id),
    [theirs.id],
  );
  assert.deepEqual(saidLost(toHub), [theirs.id]);
  assert.deepEqual([dropped(eve) > 0, dropped(ann)], [true, 0]);
  assert.equal(bob.messages.inbox.isLive(theirs.id), false, 'the person is notified of it');
  bob.messages.frame({ type: 'manifest', manifest: theirs.manifest.signed }, toHub);
  await turn();
  bob.time.pass(150);
  assert.deepEqual(toHub.of('fetch'), [], 'it is not asked for at once');
  bob.time.pass(60_000);
  assert.deepEqual(
    toHub.of('fetch').map(({ id }) => id),
    [theirs.id],
    'and not given up',
  );
});

test('lines of the log that a colleague causes are a few; the rest is counted', async (t) => {
  const { bob, eve, toEve, say, dropped } = await ground(t);
  for (let n = 0; n < 20; n += 1) {
    const { header } = await say(eve, bob);
    const forged = { ...header.signed, signature: (await say(eve, bob)).header.signed.signature };
    bob.messages.frame({ type: 'announce', header: forged }, toEve);
  }
  assert.equal(bob.log.length, 5);
  assert.equal(dropped(eve), 15);
});
