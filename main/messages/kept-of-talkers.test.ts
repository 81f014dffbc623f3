import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import {
  newMessageId,
  nextTurn as turn,
  nodePorts,
  readStatement,
  receiptSchema,
  type NodeId,
} from '../model/index.ts';
import type { Desk } from './test-desk.ts';
import { newPerson, speak, type Person } from './test-people.ts';
import type { HandLink } from './test-ports.ts';
import { bobAmongColleagues } from './test-colleagues.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

for (const role of ['switch', 'standby'] as const) {
  test(`messages for people who do not exist do not fill a ${role}: eight of each talker, for a week`, async (t) => {
    const { bob, ann, cleo, eve, toHub, toEve, say, dropped, keep } = await bobAmongColleagues(t);
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

test('a message without a key does not count against its talker: it is removed by age', async (t) => {
  const { bob, eve, toHub, say } = await bobAmongColleagues(t);
  await fill(bob, eve, 1000, [bob.node]);
  for (const { id } of bob.store.list()) bob.store.setLocal(id, { sealed: true });
  const theirs = await say(eve, bob);
  bob.messages.frame({ type: 'announce', header: theirs.header.signed }, toHub);
  assert.ok(bob.store.get(theirs.id));
});

for (const role of ['recipient', 'switch', 'standby'] as const) {
  test(`a thousand messages of one talker wait at a ${role}; the next is refused with a notice, until one is heard`, async (t) => {
    const { bob, ann, cleo, eve, toHub, toEve, toAnn, say, dropped, keep } = await bobAmongColleagues(t);
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

test('of a talker whose messages fill their room nothing more is kept, the kept ones stay, and the talker is told', async (t) => {
  const { bob, ann, cleo, eve, toHub, say, dropped } = await bobAmongColleagues(t);
  await fill(bob, eve, 1, [bob.node]);
  // Its file is as large as all that one talker may have here, but for a hundred bytes.
  const those = bob.store.those.bind(bob.store);
  bob.store.those = (name) => those(name).map((one) => ({ ...one, bytes: 512 * 1024 * 1024 - 100 }));
  bob.office.remove(cleo);
  bob.messages.membersChanged();
  bob.store.those = those;
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
