import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { Identity } from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';
import type { OfficeSession } from './index.ts';
import { HandLink, newIdentity, recordOf } from './test-network.ts';
import { openSessionBesideSwitch } from './test-session.ts';

/** Two of the switch's beats, and the time in which they arrive, ms. */
const TWO_BEATS_MS = 440;
const OTHER_DIGEST = 'A'.repeat(11);

const isOnline = (session: OfficeSession, node: NodeId): boolean =>
  session.roster.othersOnline.some((other) => other.node === node);

/** A node that follows this one greets it. */
function follows(link: HandLink, session: OfficeSession): void {
  link.bring({ type: 'ledger', digest: session.office!.ledger.standing.digest });
  link.bring({ type: 'hello', record: session.roster.directory.signed(link.peer)!, version: '0.0.0' });
}

/** This node is linked to the switch that it follows, and knows its colleagues. */
async function openMember(t: TestContext, colleagues: readonly Identity[]) {
  const ground = await openSessionBesideSwitch(t, colleagues);
  const { session, network, nodeId, pass } = ground;
  for (const colleague of colleagues) session.roster.enter(recordOf(colleague).signed);
  const link = new HandLink(nodeId);
  network.attempts[0]!.succeed(link);
  await until(() => session.isLinked, 'the link');
  follows(link, session);
  pass(200);
  return { ...ground, link };
}

test('the switch shows a node that beats and is linked as online, however it came to be offline', async (t) => {
  const cleo = await newIdentity(t);
  const { session, network, nodeId, pass } = await openSessionBesideSwitch(t, [cleo]);
  pass(3000);
  assert.equal(session.role?.role, 'switch');
  session.roster.enter(recordOf(cleo).signed);
  const [link, toCleo] = [new HandLink(nodeId), new HandLink(cleo.nodeId)];
  for (const one of [link, toCleo]) {
    network.servers[0]!.options.onLink(one.asLink);
    follows(one, session);
  }
  pass(200);
  session.roster.directory.setOnline(nodeId, false);
  const before = toCleo.of('roster').length;
  pass(1100);
  assert.ok(isOnline(session, nodeId));
  const told = toCleo.of('roster').slice(before);
  assert.deepEqual(
    told.map(({ entries }) => entries[0]?.online),
    [true],
  );
});

test('the switch shows a node that neither beats nor is linked as offline, however it came to be online', async (t) => {
  const gone = await newIdentity(t);
  const { session, pass } = await openSessionBesideSwitch(t, [gone]);
  pass(3000);
  assert.equal(session.role?.role, 'switch');
  session.roster.enter(recordOf(gone).signed);
  session.roster.directory.setOnline(gone.nodeId, true);
  pass(1100);
  assert.ok(!isOnline(session, gone.nodeId));
});

test('a member whose roster is not the switch’s asks for all of it after two beats, and goes by the answer', async (t) => {
  const [gone, back] = [await newIdentity(t), await newIdentity(t)];
  const { session, nodeId, pass, said, link } = await openMember(t, [gone, back]);
  session.roster.directory.setOnline(gone.nodeId, true);
  pass(2000);
  assert.equal(link.of('roster-wanted').length, 0, 'a switch of a version before says nothing of its roster');
  said.roster = OTHER_DIGEST;
  pass(TWO_BEATS_MS);
  assert.equal(link.of('roster-wanted').length, 1);
  const sent = link.of('record').map(({ record }) => (JSON.parse(record.payload) as { node: string }).node);
  assert.deepEqual(
    sent,
    [session.roster.self, nodeId],
    'its own record may be what the switch lacks, or the number of the switch’s',
  );
  const entries = [nodeId, back.nodeId].map((node) => ({
    record: session.roster.directory.signed(node)!,
    online: true,
  }));
  link.bring({ type: 'roster', entries, full: true });
  assert.deepEqual(
    new Set(session.roster.othersOnline.map(({ node }) => node)),
    new Set([nodeId, back.nodeId]),
    'who is not in it is offline',
  );
  said.roster = session.roster.digest();
  pass(20_000);
  assert.equal(link.of('roster-wanted').length, 1, 'all is the same now');
});

test('a member asks at growing intervals while the rosters stay different, and says for how long they have', async (t) => {
  const { session, pass, said, link } = await openMember(t, []);
  said.roster = OTHER_DIGEST;
  pass(12_000);
  const asked = link.of('roster-wanted').length;
  assert.ok(asked >= 3 && asked <= 5, `${asked} times`);
  assert.ok(session.rosterDiffersMs >= 11_000, `${session.rosterDiffersMs} ms`);
  said.roster = session.roster.digest();
  pass(TWO_BEATS_MS);
  assert.equal(session.rosterDiffersMs, 0);
});

test('the switch answers with its whole roster, and takes the question as a sign of life', async (t) => {
  const { session, network, nodeId, pass, wire } = await openSessionBesideSwitch(t);
  pass(3000);
  const link = new HandLink(nodeId);
  network.servers[0]!.options.onLink(link.asLink);
  follows(link, session);
  wire.losesTheirs = true;
  pass(4000);
  assert.ok(!isOnline(session, nodeId));
  const before = link.of('roster').length;
  link.bring({ type: 'roster-wanted' });
  const [answer] = link.of('roster').slice(before);
  assert.equal(answer?.full, true);
  assert.deepEqual(
    answer.entries.map(({ record, online }) => [record, online]),
    session.roster.entries().map(({ record, online }) => [record, online]),
  );
  assert.ok(isOnline(session, nodeId));
});
