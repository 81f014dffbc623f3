import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { NodeId, Signed } from '../model/index.ts';
import { HandLink, newIdentity, recordOf } from './test-network.ts';
import { openSessionBesideSwitch } from './test-session.ts';

test('a switch that beats but accepts no link is accused, and not followed any more', async (t) => {
  const { session, nodeId, heard, pass, other } = await openSessionBesideSwitch(t);
  assert.ok(heard.every(({ accuses }) => accuses === undefined));
  pass(3000);
  assert.ok(heard.some(({ accuses }) => accuses === nodeId));
  assert.equal(session.role?.role, 'switch');
  assert.equal(other.state().switch, session.peers.self, 'the one that was left follows');
});

test('a switch that accepts a link stays the switch', async (t) => {
  const { session, network, nodeId, heard, pass } = await openSessionBesideSwitch(t);
  network.attempts[0]!.succeed(new HandLink(nodeId));
  await until(() => session.isLinked, 'the link');
  pass(10_000);
  assert.equal(session.role?.switch, nodeId);
  assert.ok(heard.every(({ accuses }) => accuses === undefined));
});

test('a new switch announces as offline a colleague that it does not hear', async (t) => {
  const lost = await newIdentity(t);
  const { session, pass } = await openSessionBesideSwitch(t, [lost]);
  session.roster.enter(recordOf(lost).signed);
  session.roster.directory.setOnline(lost.nodeId, true);
  const isOnline = () => session.roster.othersOnline.some(({ node }) => node === lost.nodeId);
  pass(1000);
  assert.ok(isOnline(), 'a member leaves it to its switch');
  pass(2000);
  assert.equal(session.role?.role, 'switch');
  assert.ok(!isOnline());
});

test('a member whose beats were lost for a time is online again with the next one, also for the others', async (t) => {
  const cleo = await newIdentity(t);
  const { session, network, nodeId, pass, wire, other } = await openSessionBesideSwitch(t, [cleo]);
  pass(3000);
  assert.equal(other.state().switch, session.peers.self);
  const follow = (node: NodeId, record: Signed): HandLink => {
    const link = new HandLink(node);
    network.servers[0]!.options.onLink(link.asLink);
    link.bring({ type: 'ledger', digest: session.office!.ledger.standing.digest });
    link.bring({ type: 'hello', record, version: '0.0.0' });
    return link;
  };
  const link = follow(nodeId, session.roster.directory.signed(nodeId)!);
  const toCleo = follow(cleo.nodeId, recordOf(cleo).signed);
  const isOnline = () => session.roster.othersOnline.some(({ node }) => node === nodeId);
  assert.ok(isOnline());
  wire.losesTheirs = true;
  pass(4000);
  assert.ok(!isOnline(), 'nothing is heard of it');
  assert.ok(!link.isClosed);
  wire.losesTheirs = false;
  const before = toCleo.of('roster').length;
  pass(1000);
  assert.ok(isOnline());
  assert.deepEqual(
    toCleo
      .of('roster')
      .slice(before)
      .map(({ entries }) => entries[0]?.online),
    [true],
  );
});

test('a new switch announces the previous one as offline, even if its link has not ended yet', async (t) => {
  const { session, network, time, nodeId, pass } = await openSessionBesideSwitch(t);
  network.attempts[0]!.succeed(new HandLink(nodeId));
  await until(() => session.isLinked, 'the link');
  session.roster.directory.setOnline(nodeId, true);
  pass(1000);
  const isOnline = () => session.roster.othersOnline.some(({ node }) => node === nodeId);
  assert.ok(isOnline());
  // Its cable is pulled: TCP says nothing of that for minutes.
  for (let step = 0; step < 300; step += 1) time.pass(10);
  assert.equal(session.role?.role, 'switch');
  assert.ok(!isOnline());
});
