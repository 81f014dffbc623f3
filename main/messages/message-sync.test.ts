import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { signManifest } from '../identity/index.ts';
import { Desk } from './test-desk.ts';
import { follow } from './test-joined-desks.ts';
import { newFragments, newPerson, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob follows the hub; Ann talks to him, Cleo to somebody else. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, cleo, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '104'), newPerson(t, '103')]);
  bob.office.know(ann, cleo, hub, bob);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const say = (to = [bob as { record: Desk['record']; identity: Desk['identity'] }]) =>
    speak(ann, to, { time: bob.time });
  const announce = ({ header }: Spoken, link: HandLink = upstream) =>
    bob.messages.frame({ type: 'announce', header: header.signed }, link);
  const fetchAll = ({ id, fragments, manifest }: Spoken) => {
    bob.time.pass(150);
    bob.messages.fragments(id, fragments, upstream);
    bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, upstream);
  };
  return { bob, ann, cleo, hub, upstream, say, announce, fetchAll };
}

test('a header that its talker did not sign, and one of an outsider, are ignored and logged', async (t) => {
  const { bob, ann, cleo, say, announce } = await ground(t);
  const message = await say();
  const forged = {
    ...message,
    header: { ...message.header, signed: cleo.identity.sign(message.header.facts) },
  };
  announce(forged);
  const stranger = await newPerson(t, '105');
  announce(await speak(stranger, [bob], { time: bob.time }));
  const meaningless = { payload: '{"v":1}', signature: message.header.signed.signature };
  bob.messages.header(meaningless, ann.record.node);
  assert.deepEqual(bob.store.list(), []);
  assert.deepEqual(
    bob.log.map((line) => [ann, stranger].findIndex(({ record }) => line.includes(record.node))),
    [0, 1],
  );
  announce(message);
  assert.equal(bob.store.list().length, 1, 'the genuine one is kept all the same');
});

test('a message that came before its talker’s record is asked for once the record is there', async (t) => {
  const { bob, upstream, announce } = await ground(t);
  const [eve, finn] = await Promise.all([newPerson(t, '105'), newPerson(t, '106')]);
  const messages = await Promise.all([eve, eve, finn].map((one) => speak(one, [bob], { time: bob.time })));
  for (const message of messages) announce(message);
  assert.deepEqual(bob.store.list(), []);
  bob.messages.expect([]);
  assert.deepEqual(upstream.of('inbox'), [], 'nobody of them is known yet');
  bob.office.know(eve);
  for (let times = 0; times < 2; times++) bob.messages.expect([eve.record]);
  assert.equal(upstream.of('inbox').length, 1);
  for (const message of messages.slice(0, 2)) announce(message);
  assert.equal(bob.store.list().length, 2);
  const lost = new HandLink(upstream.peer);
  announce(messages[2]!, lost);
  bob.messages.linkDown(lost);
  bob.office.know(finn);
  bob.messages.expect([finn.record]);
  assert.deepEqual(lost.of('inbox'), [], 'a link that is down is asked nothing: the next one asks by itself');
});

test('a manifest of another member than the talker changes nothing', async (t) => {
  const { bob, cleo, upstream, say, announce, fetchAll } = await ground(t);
  const message = await say();
  announce(message);
  const facts = { ...message.manifest.facts, talker: cleo.record.node, count: 1 };
  const signed = signManifest(cleo.identity, facts);
  bob.messages.frame({ type: 'manifest', manifest: signed }, upstream);
  assert.equal(bob.store.get(message.id)?.manifest, undefined);
  assert.deepEqual(bob.media.of('receive-end'), [], 'nobody cuts off what the talker says');
  fetchAll(message);
  await until(() => bob.store.get(message.id)?.state === 'complete', 'the whole message');
  assert.equal(bob.store.get(message.id)?.manifest?.facts.count, 20);
});

test('a manifest that its talker did not sign, and one of an unknown message, change nothing', async (t) => {
  const { bob, ann, cleo, upstream, say, announce } = await ground(t);
  const message = await say();
  announce(message);
  bob.messages.frame({ type: 'manifest', manifest: cleo.identity.sign(message.manifest.facts) }, upstream);
  const unknown = await speak(ann, [bob], { time: bob.time });
  bob.messages.frame({ type: 'manifest', manifest: unknown.manifest.signed }, upstream);
  assert.equal(bob.store.get(message.id)?.manifest, undefined);
  assert.deepEqual(bob.media.of('receive-end'), []);
});

test('an own message is not accepted from others', async (t) => {
  const { bob, ann, announce } = await ground(t);
  const own = await speak(bob, [ann], { time: bob.time });
  announce(own);
  assert.deepEqual(bob.store.list(), []);
});

test('a message that was deleted here is not brought back', async (t) => {
  const { bob, say, announce, fetchAll } = await ground(t);
  const message = await say();
  announce(message);
  fetchAll(message);
  await until(() => bob.store.get(message.id)?.state === 'complete', 'the whole message');
  await bob.store.delete(message.id);
  announce(message);
  bob.hear(message.header.signed);
  assert.deepEqual(bob.store.list(), []);
});

test('messages for others are kept, sealed, only by the switch and the standby', async (t) => {
  const { bob, cleo, hub, say, announce } = await ground(t);
  announce(await say([cleo]));
  assert.deepEqual(bob.store.list(), []);
  for (const role of ['standbyNode', 'switchNode'] as const) {
    bob.office.switchNode = hub.record.node;
    bob.office[role] = bob.node;
    const message = await say([cleo]);
    announce(message, new HandLink(cleo.record.node));
    assert.deepEqual(bob.store.get(message.id)?.roles, { keeps: true }, role);
    const [order] = bob.media.of('receive-sealed').slice(-1);
    assert.deepEqual([order?.id, order?.talker?.port], [message.id, 101]);
    assert.ok(!('key' in order!), 'no key, nothing to listen to');
  }
  assert.deepEqual(bob.media.of('receive'), []);
});

test('the switch also keeps messages for its own person, and signs `stored` or `received`', async (t) => {
  const { bob, ann, cleo, say } = await ground(t);
  bob.office.switchNode = bob.node;
  bob.office.upstream = undefined;
  const toAnn = new HandLink(ann.record.node);
  bob.office.downstream = [toAnn];
  const [mine, other] = [await say([bob, cleo]), await say([cleo])];
  for (const message of [mine, other]) {
    bob.hear(message.header.signed);
    await until(() => bob.media.posted.some((one) => 'id' in one && one.id === message.id), 'the order');
    bob.media.arrive(message.fragments, message.header.facts.ssrc);
    bob.messages.frame({ type: 'manifest', manifest: message.manifest.signed }, toAnn);
  }
  await until(() => toAnn.of('receipt').length === 2, 'the receipts');
  assert.deepEqual(bob.store.get(mine.id)?.roles, { mine: 'recipient', keeps: true });
  const states = toAnn
    .of('receipt')
    .map(({ receipt }) => JSON.parse(receipt.payload) as { id: string; state: string });
  assert.equal(states.find(({ id }) => id === mine.id)?.state, 'received');
  assert.equal(states.find(({ id }) => id === other.id)?.state, 'stored');
});

test('fragments that nobody asked for are dropped; those of a live message are heard as they come', async (t) => {
  const { bob, say, announce, upstream } = await ground(t);
  const message = await say();
  bob.hearEarly(message);
  announce(message);
  bob.messages.fragments(message.id, message.fragments, upstream);
  assert.equal(bob.store.get(message.id)?.held, 0);
  await until(() => bob.messages.inbox.isLive(message.id), 'the live message');
  bob.time.pass(150);
  bob.messages.fragments(message.id, message.fragments.slice(0, 5), upstream);
  assert.equal(bob.store.get(message.id)?.held, 5);
  assert.deepEqual(bob.media.fed(message.id), [0, 1, 2, 3, 4]);
});

test('who is sent nothing by its talker hears it as it is spoken, from the switch', async (t) => {
  const time = new HandTime();
  const [ann, hub, bob] = [
    await Desk.open(t, '101', time),
    await Desk.open(t, '103', time),
    await Desk.open(t, '102', time),
  ];
  follow(ann, hub);
  follow(bob, hub);
  for (const desk of [ann, hub, bob]) desk.office.know(ann, hub, bob);
  // The talker's packets reach the switch alone.
  ann.media.carry = (fragments, ssrc) => hub.media.arrive(fragments, ssrc);
  const { id } = ann.messages.outgoing.press({
    ...{ recipients: [bob.record, hub.record], from: '101', to: '102' },
  });
  await until(() => hub.messages.inbox.isLive(id) && bob.store.get(id) !== undefined, 'it begins');
  const said = newFragments(60);
  ann.media.speak(id, said.slice(0, 30));
  time.pass(150);
  await until(() => bob.store.get(id)?.held === 30, 'what was said so far');
  time.pass(100);
  ann.media.speak(id, said.slice(30, 40));
  await until(() => bob.messages.inbox.isLive(id), 'somebody speaks it: more of it has come');
  ann.media.speak(id, said.slice(40));
  await until(() => bob.media.fed(id).length === 60, 'what is said now');
  assert.deepEqual(
    bob.media.fed(id),
    said.map(({ n }) => n),
  );
});

test('a complete message is not fetched any more, and the worker forgets it unless it sounds', async (t) => {
  const { bob, say, announce, fetchAll, upstream } = await ground(t);
  bob.listener.presence = 'away';
  const message = await say();
  announce(message);
  fetchAll(message);
  await until(() => bob.media.of('forget').length > 0, 'the worker’s order');
  assert.deepEqual(upstream.of('fetch-stop'), [{ type: 'fetch-stop', id: message.id }]);
  bob.messages.linkDown(upstream);
  bob.time.pass(60_000);
  assert.equal(upstream.of('fetch').length, 1);
});

test('a message that arrives at a switch in several ways is passed on once', async (t) => {
  const { bob, ann, cleo, say } = await ground(t);
  bob.office.switchNode = bob.node;
  bob.office.upstream = undefined;
  const [toAnn, toCleo] = [new HandLink(ann.record.node), new HandLink(cleo.record.node)];
  bob.office.downstream = [toAnn, toCleo];
  const message = await say([cleo]);
  bob.hear(message.header.signed);
  for (const link of [toAnn, toAnn]) {
    bob.messages.frame({ type: 'announce', header: message.header.signed }, link);
    bob.messages.frame({ type: 'manifest', manifest: message.manifest.signed }, link);
  }
  assert.deepEqual(
    toCleo.sent.map(({ type }) => type),
    ['announce', 'manifest'],
  );
  assert.deepEqual(toAnn.of('announce'), []);
});
