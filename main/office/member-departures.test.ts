import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signRule } from '../identity/index.ts';
import { nextTurn } from '../model/index.ts';
import { HandLink, newIdentities, newIdentity, recordOf } from './test-network.ts';
import { plainLedger } from './test-office.ts';
import { openSession, openSessionBesideSwitch } from './test-session.ts';

/** Ana, who founded, follows a switch that keeps all statements to itself; her other colleagues are online. */
async function ground(t: TestContext) {
  const people = await newIdentities(t, 6);
  const here = await openSessionBesideSwitch(t, people);
  const { session, network, nodeId, pass } = here;
  const toSwitch = new HandLink(nodeId);
  network.attempts.shift()!.succeed(toSwitch);
  await until(() => session.isLinked, 'the link');
  toSwitch.bring({ type: 'ledger', digest: session.office!.ledger.standing.digest });
  pass(100);
  for (const who of people) {
    session.roster.enter(recordOf(who).signed);
    session.roster.directory.setOnline(who.nodeId, true);
  }
  assert.deepEqual(network.attempts, []);
  return { ...here, people, toSwitch };
}

test('a node that removes somebody tells the others directly, so that no switch can hold the removal back', async (t) => {
  const { session, network, people, desk, nodeId } = await ground(t);
  const [eve, ...others] = people;
  const { digest } = session.office!.ledger.standing;
  const removal = await desk.ledger.sign('remove', { nodes: [eve.nodeId] });
  await until(() => network.attempts.length === 3, 'three others are dialled');
  const dialled = network.attempts.map(({ options: { expected } }) => expected);
  const nodes = others.map((who) => who.nodeId as string);
  assert.equal(new Set(dialled).size, 3);
  assert.ok(
    dialled.every((node) => nodes.includes(node)),
    'neither the switch nor the one who is out',
  );
  assert.ok(!dialled.includes(nodeId));
  const link = new HandLink(others.find((who) => who.nodeId === dialled[0])!.nodeId);
  network.attempts[0]!.succeed(link);
  await until(() => link.of('ledger').length > 0, 'the exchange');
  link.bring({ type: 'ledger', digest });
  const held = desk.ledger.ids.filter((id) => id !== removal);
  link.bring({ type: 'have', ids: held, more: false });
  const sent = link.of('statements').flatMap(({ statements }) => statements);
  assert.deepEqual(sent, [desk.ledger.get(removal)]);
});

test('a removal by another node is not sent directly by this one', async (t) => {
  const { network, people, desk } = await ground(t);
  const [eve] = people;
  await desk.ledger.sign('admin', { node: people[1].nodeId });
  const elsewhere = plainLedger(desk.ledger.statements);
  const removal = signRule(people[1], elsewhere, 'remove', { nodes: [eve.nodeId] });
  await desk.ledger.take([removal], people[1].nodeId, 1);
  assert.equal(desk.ledger.isMember(eve.nodeId), false);
  assert.deepEqual(network.attempts, []);
});

test('the election and the saved terms forget a node that is removed', async (t) => {
  const { session, desk, nodeId, starts, pass } = await ground(t);
  const isMeasured = async () => {
    const measured = session.measure([nodeId]);
    pass(2_000);
    return (await measured)!.get(nodeId)?.latencyMs !== undefined;
  };
  assert.deepEqual([await isMeasured(), starts.knownTerms.has(nodeId)], [true, true]);
  await desk.ledger.sign('remove', { nodes: [nodeId] });
  assert.equal(starts.knownTerms.has(nodeId), false);
  assert.equal(await isMeasured(), false);
});

test('the terms of nodes that left while this one was off are forgotten at its start', async (t) => {
  const gone = await newIdentity(t);
  const { session, starts, time } = await openSession(t);
  starts.noteTerm(gone.nodeId, 7);
  await session.open();
  await session.resume();
  assert.equal(starts.knownTerms.has(gone.nodeId), false);
  const closed = session.close();
  await nextTurn();
  time.pass(1000);
  await closed;
});
