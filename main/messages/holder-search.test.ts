import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { signReceipt } from '../identity/index.ts';
import type { NodeId, ReceiptState } from '../model/index.ts';
import { settled } from './test-copies.ts';
import { Desk, isWhole } from './test-desk.ts';
import { follow, join } from './test-joined-desks.ts';
import { keep } from './test-kept.ts';
import { joined, newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob follows the hub, whose standby is Cleo. Ann, who is off, talked to him; Dan keeps it. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, hub, cleo, dan] = await Promise.all(
    ['101', '103', '104', '105'].map((extension) => newPerson(t, extension)),
  );
  const [toHub, toCleo, toDan] = [hub!, cleo!, dan!].map(({ record }) => new HandLink(record.node)) as [
    HandLink,
    HandLink,
    HandLink,
  ];
  const { office, messages, time } = bob;
  office.know(ann!, hub!, cleo!, dan!);
  office.off.add(ann!.record.node);
  for (const link of [toCleo, toDan]) office.visits.set(link.peer, link);
  Object.assign(office, { upstream: toHub, switchNode: toHub.peer, standbyNode: toCleo.peer });
  const spoken = await speak(ann!, [bob], { time });
  const { id, header, manifest } = spoken;
  const announced = () => {
    messages.frame({ type: 'announce', header: header.signed }, toHub);
    messages.frame({ type: 'manifest', manifest: manifest.signed }, toHub);
  };
  const hasNothing = (link: HandLink) =>
    messages.frame({ type: 'fetch-end', id, upTo: 0, complete: false, reason: 'not-held' }, link);
  const names = (link: HandLink, nodes: NodeId[]) => messages.frame({ type: 'holders', id, nodes }, link);
  /** Time passes until then, at most ten seconds. */
  const { soon } = time;
  return { bob, time, toHub, toCleo, toDan, spoken, id, announced, hasNothing, names, soon };
}

test('where the switch has nothing of a message, it and its standby are asked who has it, and the nodes that they name are visited', async (t) => {
  const { bob, toHub, toCleo, toDan, spoken, id, announced, hasNothing, names, soon } = await ground(t);
  announced();
  await soon(() => toHub.of('fetch').length === 1, 'the switch is asked for it');
  hasNothing(toHub);
  const questions = () => [toHub, toCleo].map((link) => link.of('holders-wanted').length);
  await until(() => questions().join() === '1,1', 'the questions');
  await until(() => toCleo.of('fetch').length === 1, 'the standby is asked for the message, too');
  hasNothing(toCleo);
  assert.deepEqual(toDan.sent, []);
  names(toHub, [toDan.peer]);
  await until(() => toDan.of('fetch').length === 1, 'Dan is asked');
  bob.messages.fragments(id, spoken.fragments, toDan);
  await until(isWhole(bob, id), 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(spoken.fragments));
});

test('an answer that was not asked for names nobody, nor does a second one', async (t) => {
  const { toHub, toCleo, toDan, announced, hasNothing, names, soon } = await ground(t);
  announced();
  names(toHub, [toDan.peer]);
  await soon(() => toHub.of('fetch').length === 1, 'the switch is asked for it');
  names(toHub, [toDan.peer]);
  names(toDan, [toDan.peer]);
  hasNothing(toHub);
  await until(() => toCleo.of('fetch').length === 1, 'the standby is asked');
  hasNothing(toCleo);
  names(toHub, []);
  names(toHub, [toDan.peer]);
  await settled();
  assert.deepEqual(toDan.sent, []);
});

test('a node that ends each visit at once is visited ever more rarely', async (t) => {
  const { bob, time, toHub, toCleo, toDan, announced, hasNothing, names, soon } = await ground(t);
  announced();
  await soon(() => toHub.of('fetch').length === 1, 'the switch is asked for it');
  hasNothing(toHub);
  await until(() => toCleo.of('fetch').length === 1, 'the standby is asked');
  hasNothing(toCleo);
  names(toHub, [toDan.peer]);
  const links = [toHub, toCleo, toDan];
  const counts = () => links.map((link) => link.of('fetch').length);
  for (let step = 0; step < 120; step += 1) {
    const before = counts();
    time.pass(500);
    await settled();
    for (const [at, asked] of counts().entries()) {
      if (asked === before[at]) continue;
      if (links[at] === toDan) bob.messages.linkDown(toDan);
      else hasNothing(links[at]!);
    }
  }
  const visits = toDan.of('fetch').length;
  assert.ok(visits >= 4 && visits <= 8, `${visits} times in a minute`);
});

test('who holds it is asked ever more rarely, and soon again when a colleague appears', async (t) => {
  const { bob, time, toHub, toCleo, toDan, announced, hasNothing, soon } = await ground(t);
  bob.office.standbyNode = undefined;
  announced();
  await soon(() => toHub.of('fetch').length === 1, 'the switch is asked for it');
  const answered = new Map<HandLink, number>();
  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      time.pass(500);
      await settled();
      for (const link of [toHub, toCleo, toDan]) {
        const asked = link.of('fetch').length;
        if (asked === (answered.get(link) ?? 0)) continue;
        answered.set(link, asked);
        hasNothing(link);
        await settled();
      }
    }
  };
  await passes(60_000);
  const asked = () => [toHub.of('fetch').length, toHub.of('holders-wanted').length];
  const inOneMinute = asked();
  assert.ok(
    inOneMinute.every((times) => times >= 5 && times <= 8),
    `${inOneMinute.join(' and ')} times in a minute`,
  );
  bob.messages.expect([]);
  await passes(1000);
  const before = asked();
  bob.office.know(await newPerson(t, '106'));
  bob.messages.expect([]);
  await passes(1000);
  assert.deepEqual(
    asked(),
    before.map((times) => times + 1),
    'the new one may have told the switch of it',
  );
});

test('while somebody speaks, a switch that has not got the header yet is asked again before the talker is visited', async (t) => {
  const { bob, time, toHub, spoken, hasNothing } = await ground(t);
  const { talker } = spoken.header.facts;
  const toAnn = new HandLink(talker);
  bob.office.off.clear();
  bob.office.visits.set(talker, toAnn);
  bob.office.standbyNode = undefined;
  bob.hear(spoken.header.signed);
  time.pass(150);
  assert.equal(toHub.of('fetch').length, 1);
  hasNothing(toHub);
  await settled();
  assert.deepEqual(toAnn.sent, []);
  time.pass(1000);
  assert.equal(toHub.of('fetch').length, 2);
  hasNothing(toHub);
  await until(() => toAnn.of('fetch').length === 1, 'the talker is asked');
});

test('the switch tells recipients which nodes say that they hold a message, and nobody else', async (t) => {
  const hub = await Desk.open(t, '103');
  const [ann, bob, cleo, dan, eve] = await Promise.all(
    ['101', '102', '104', '105', '106'].map((extension) => newPerson(t, extension)),
  );
  hub.office.know(ann!, bob!, cleo!, dan!, eve!);
  hub.office.switchNode = hub.node;
  const { id, header } = await speak(ann!, [bob!], { time: hub.time });
  hub.store.begin(header.signed, header.facts, { keeps: true });
  let n = 0;
  const say = ({ record, identity }: typeof dan & object, state: ReceiptState, from = record.node) => {
    const facts = { v: 1, id, node: record.node, state, at: 1, n: (n += 1), store: record.store! } as const;
    const receipt = signReceipt(identity, facts);
    hub.messages.frame({ type: 'receipt', receipt, talker: ann!.record.node }, new HandLink(from));
  };
  const asks = (node: NodeId) => {
    const link = new HandLink(node);
    hub.messages.frame({ type: 'holders-wanted', id }, link);
    return link.of('holders')[0]!.nodes;
  };
  assert.deepEqual(asks(bob!.record.node), []);
  say(dan!, 'stored');
  say(eve!, 'stored', cleo!.record.node);
  say(cleo!, 'received');
  const both = [dan!.record.node, eve!.record.node].sort();
  assert.deepEqual([...asks(bob!.record.node)].sort(), both);
  assert.deepEqual([...asks(ann!.record.node)].sort(), both);
  assert.deepEqual(asks(cleo!.record.node), [], 'it is not for Cleo');
  hub.office.off.add(eve!.record.node);
  assert.deepEqual(asks(bob!.record.node), [dan!.record.node], 'Eve is not there now');
  say(dan!, 'lost');
  assert.deepEqual(asks(bob!.record.node), []);
});

/** The desks of an office who know each other, at one time. */
async function office(t: TestContext, extensions: readonly string[]) {
  const time = new HandTime();
  const desks = await Promise.all(extensions.map((extension) => Desk.open(t, extension, time)));
  for (const desk of desks) desk.office.know(...desks);
  const { soon } = time;
  return { time, desks, soon };
}

test('a node that a talker asked directly to keep a message tells switch and standby that it holds it', async (t) => {
  const { time, desks, soon } = await office(t, ['101', '102', '103', '104', '105']);
  const [ann, bob, hub, kim, dan] = desks as [Desk, Desk, Desk, Desk, Desk];
  for (const desk of desks) {
    desk.office.standbyNode = kim.node;
    desk.office.off.add(bob.node);
  }
  // By their records switch and standby are of a version that proves nothing, so Ann asks Dan.
  for (const { record } of [hub, kim]) {
    const { store: _store, ...without } = record;
    ann.office.known.set(record.node, without);
  }
  for (const desk of [ann, kim, dan]) follow(desk, hub);
  const { ends } = join(ann, dan);
  ann.office.visits.set(dan.node, ends[0]);
  // Dan has a link of his own to her, so what he says to her does not pass through the switch.
  dan.office.downstream.push(ends[1]);
  const spoken = await speak(ann, [bob], { time });
  await keep(ann, spoken, { mine: 'talker' });
  for (const desk of [hub, kim]) await keep(desk, spoken, { keeps: true });
  const { id } = spoken;
  const wordAt = ({ store }: Desk) =>
    store.get(id)?.holding.find(({ facts }) => facts.node === dan.node)?.facts.state;
  await soon(() => wordAt(ann) === 'stored', 'Dan keeps it');
  await until(() => wordAt(hub) === 'stored' && wordAt(kim) === 'stored', 'both know');
  const link = new HandLink(bob.node);
  hub.messages.frame({ type: 'holders-wanted', id }, link);
  assert.ok(link.of('holders')[0]!.nodes.includes(dan.node));
});

test('a recipient gets a message from the one node that has it, of which the switch has merely heard', async (t) => {
  const { time, desks, soon } = await office(t, ['101', '102', '103', '104']);
  const [ann, bob, hub, dan] = desks as [Desk, Desk, Desk, Desk];
  for (const { office: its } of desks) its.off.add(ann.node);
  hub.office.switchNode = hub.node;
  const spoken = await speak(ann, [bob], { time });
  const { id, header } = spoken;
  await keep(dan, spoken, { keeps: true });
  hub.store.begin(header.signed, header.facts, { keeps: true });
  const said = { v: 1, id, node: dan.node, state: 'stored', at: 1, n: 1, store: dan.store.id } as const;
  const receipt = signReceipt(dan.identity, said);
  // The hub cannot reach Dan now.
  hub.messages.frame({ type: 'receipt', receipt, talker: ann.node }, new HandLink(dan.node));
  bob.office.visits.set(dan.node, join(bob, dan).ends[0]);
  follow(bob, hub);
  await soon(isWhole(bob, id), 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(spoken.fragments));
});

test('a message of which switch and standby know no holder is found at a colleague of whom nobody knows it', async (t) => {
  const { bob, time, toHub, toCleo, toDan, spoken, id, announced, hasNothing, names, soon } = await ground(t);
  announced();
  await soon(() => toHub.of('fetch').length === 1, 'the switch is asked for it');
  hasNothing(toHub);
  await until(() => toCleo.of('fetch').length === 1, 'the standby is asked');
  hasNothing(toCleo);
  for (const link of [toHub, toCleo]) names(link, []);
  const links = [toHub, toCleo];
  const counts = () => links.map((link) => link.of('fetch').length);
  for (let step = 0; step < 10 && toDan.of('fetch').length === 0; step += 1) {
    const before = counts();
    time.pass(500);
    await settled();
    for (const [at, link] of links.entries()) if (counts()[at] !== before[at]) hasNothing(link);
  }
  assert.equal(toDan.of('fetch').length, 1, 'Dan is asked, too');
  bob.messages.fragments(id, spoken.fragments, toDan);
  await until(isWhole(bob, id), 'the whole message');
});
