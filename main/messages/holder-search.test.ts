import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { settled } from './test-copies.ts';
import { Desk, isWhole } from './test-desk.ts';
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
  const soon = (holds: () => boolean, what: string) =>
    until(() => {
      if (!holds()) time.pass(10);
      return holds();
    }, what);
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
  const { bob, time, toHub, announced, hasNothing, soon } = await ground(t);
  bob.office.standbyNode = undefined;
  announced();
  await soon(() => toHub.of('fetch').length === 1, 'the switch is asked for it');
  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      const asked = toHub.of('fetch').length;
      time.pass(500);
      await settled();
      if (toHub.of('fetch').length > asked) hasNothing(toHub);
    }
  };
  hasNothing(toHub);
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
