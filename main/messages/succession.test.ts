import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { openFragments, sealFrames } from '../../test/support/sealing.ts';
import { signReceipt, unwrapMessageKey, verifyHeader } from '../identity/index.ts';
import type { Header, MessageId, Receipt } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { keep } from './test-kept.ts';
import { newPerson, recordOf, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/*
 * Somebody's computer was removed, and they are in again with another: what they have not heard goes to the new one.
 */

const FRAMES = Array.from({ length: 20 }, (_, n) => Uint8Array.from({ length: 40 }, () => n));

/** Ann talks to Bob and Cy, and follows a switch. Bob's laptop is lost later. */
async function ground(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, cy, next, hub] = await Promise.all(['102', '104', '102', '103'].map((n) => newPerson(t, n)));
  ann.office.know(ann, bob!, cy!, hub!);
  ann.office.switchNode = hub!.record.node;
  const upstream = new HandLink(hub!.record.node);
  ann.office.upstream = upstream;
  const say = async (...to: Person[]): Promise<MessageId> => {
    const recipients = to.map(({ record }) => record);
    const { id } = ann.messages.outgoing.press({ recipients, from: '101', to: '102' });
    const talk = ann.media.of('talk').at(-1)!;
    await until(() => ann.store.get(id) !== undefined, 'the header');
    ann.media.speak(id, sealFrames(talk, FRAMES));
    ann.messages.outgoing.release();
    ann.media.report({ type: 'talk-ended', id, count: FRAMES.length, failed: null });
    await until(() => ann.store.get(id)?.state === 'complete', 'the whole message');
    ann.time.pass(60_000);
    return id;
  };
  const succeed = () => {
    ann.office.persons.set(next!.record.node, bob!.record.node);
    ann.office.remove(bob!);
    ann.office.know(next!);
    ann.messages.membersChanged();
    ann.messages.expect([next!.record]);
  };
  const ids = () => ann.store.list().map((message) => message.id);
  const sentTo = ({ record }: Person): Header[] =>
    upstream
      .of('announce')
      .flatMap(({ header }) => verifyHeader(header, ann.identity.signingKeySpki) ?? [])
      .filter(({ recipients }) => recipients.includes(record.node));
  return { ann, bob: bob!, cy: cy!, next: next!, upstream, say, succeed, ids, sentTo };
}

test('unheard messages go to the person’s new computer, with the time when they were spoken', async (t) => {
  const { ann, bob, next, upstream, say, succeed, ids, sentTo } = await ground(t);
  const before = await say(bob);
  const { startedAt } = ann.store.get(before)!.header.facts;
  succeed();
  await until(() => !ids().includes(before), 'the new one stands for the old');
  const [header] = sentTo(next);
  assert.ok(header);
  assert.deepEqual(
    [header.recipients, header.again, header.startedAt, header.from, header.to],
    [[next.record.node], before, startedAt, '101', '102'],
  );
  assert.deepEqual(ids(), [header.id]);
  assert.ok(upstream.of('manifest').some(({ manifest }) => manifest.payload.includes(header.id)));
  const stream = { key: await unwrapMessageKey(next.identity, header), ssrc: header.ssrc };
  const heard = openFragments(stream, await ann.store.read(header.id, 0, 100));
  assert.deepEqual(
    heard.map((frame) => frame && Uint8Array.from(frame)),
    FRAMES,
  );
});

test('heard and deleted messages, and those that another computer of theirs has, are not sent again', async (t) => {
  const { ann, bob, cy, next, say, succeed, ids, sentTo } = await ground(t);
  const [heard, deleted, elsewhere] = [await say(bob), await say(bob), await say(bob, cy)];
  // Cy's is a further computer of Bob's.
  ann.office.persons.set(cy.record.node, bob.record.node);
  const receipt: Receipt = { v: 1, id: heard, node: bob.record.node, state: 'heard', at: ann.time.now() };
  assert.ok(ann.store.setReceipt(signReceipt(bob.identity, receipt), receipt));
  await ann.messages.delete(deleted);
  succeed();
  const last = await say(cy);
  assert.deepEqual(sentTo(next), []);
  assert.deepEqual(ids(), [heard, elsewhere, last]);
});

test('a message to several stays for the others, and goes to the new computer once', async (t) => {
  const { ann, bob, cy, next, say, succeed, ids, sentTo } = await ground(t);
  const before = await say(bob, cy);
  succeed();
  await until(() => ann.store.get(before)?.local.passedOn !== undefined, 'it is passed on');
  assert.equal(ids().length, 2);
  // Somebody else is removed, and all is looked through again.
  ann.office.remove(cy);
  ann.messages.expect([next.record]);
  await ann.messages.delete(sentTo(next)[0]!.id);
  ann.messages.expect([next.record]);
  await say(next);
  assert.equal(sentTo(next).filter(({ again }) => again === before).length, 1);
});

test('a message that cannot be sealed again stays, and those after it are sent', async (t) => {
  const { ann, bob, next, say, succeed, ids, sentTo } = await ground(t);
  const other = await speak(ann, [bob], { time: ann.time });
  // Not as Ann's key seals it.
  await keep(ann, other, { mine: 'talker' });
  const after = await say(bob);
  succeed();
  await until(() => !ids().includes(after), 'the second was sent');
  assert.deepEqual(
    sentTo(next).map(({ again }) => again),
    [after],
  );
  assert.ok(ids().includes(other.id));
  assert.match(ann.log.join(), /could not be sealed anew/);
});

test('a power failure while it was sealed leaves nothing half, and it is sent after the start', async (t) => {
  const { ann, bob, next, say, succeed, ids, sentTo } = await ground(t);
  const before = await say(bob);
  const half = await speak(ann, [next], { time: ann.time, again: before });
  ann.store.begin(half.header.signed, half.header.facts, { mine: 'talker', keeps: false });
  succeed();
  await until(() => !ids().includes(before), 'the new one stands for the old');
  assert.deepEqual(
    ids(),
    sentTo(next).map(({ id }) => id),
  );
  assert.notEqual(ids()[0], half.id);
});

/** Bob’s profile goes on with new keys, and holds what Ann, who follows nobody here, said to the old ones. */
async function rejoined(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, eve] = [await newPerson(t, '101'), await newPerson(t, '105')];
  const link = new HandLink(ann.record.node);
  bob.office.know(ann, eve);
  bob.office.upstream = link;
  const arrive = async (spoken: Spoken): Promise<MessageId> => {
    const { ssrc } = spoken.header.facts;
    bob.hear(spoken.header.signed);
    await until(() => bob.media.of('receive').some((order) => order.ssrc === ssrc), 'its key');
    bob.take(spoken, link);
    await until(() => bob.store.get(spoken.id)?.state === 'complete', 'the whole message');
    return spoken.id;
  };
  const before = await arrive(await speak(ann, [bob], { time: bob.time }));
  await bob.identity.successor();
  await bob.identity.succeed();
  const now: Person = { identity: bob.identity, record: recordOf(bob.identity, '102') };
  const take = async (talker: Person) => {
    bob.office.self = now.record.node;
    return arrive(await speak(talker, [now], { time: bob.time, again: before }));
  };
  const ids = () => bob.store.list().map((message) => message.id);
  return { bob, ann, eve, link, before, take, ids };
}

test('where the same profile has new keys, a message that it holds already is there once, and stays heard', async (t) => {
  const { bob, ann, link, before, take, ids } = await rejoined(t);
  bob.messages.inbox.heard(before);
  const again = await take(ann);
  await until(() => !ids().includes(before), 'the new one stands for the old');
  assert.deepEqual(ids(), [again]);
  assert.notEqual(bob.store.get(again)?.local.heard, undefined);
  const told = () => link.of('receipt').map(({ receipt }) => JSON.parse(receipt.payload) as Receipt);
  await until(() => told().some(({ id, state }) => id === again && state === 'heard'), 'the talker is told');
});

test('nobody can remove another talker’s message by naming it as replaced', async (t) => {
  const { eve, before, take, ids } = await rejoined(t);
  const again = await take(eve);
  assert.deepEqual(ids().sort(), [before, again].sort());
});
