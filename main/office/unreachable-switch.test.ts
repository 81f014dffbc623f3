import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Election, type Beat, type ElectionInput, type ElectionOutput } from '../election/index.ts';
import type { Identity } from '../identity/index.ts';
import { nodePorts } from '../model/index.ts';
import { MemberDatagrams } from './member-datagrams.ts';
import { membershipOf } from './membership.ts';
import { HandLink, HandNetwork, newIdentity, openSession, recordOf } from './test-network.ts';

const FROM = { address: '10.0.0.2', port: 47_021 };

/** An election that writes down what it hears. */
class HearingElection extends Election {
  readonly heard: Beat[] = [];

  override step(input: ElectionInput, now: number): ElectionOutput[] {
    if (input.type === 'heard') this.heard.push(input.beat);
    return super.step(input, now);
  }
}

/** A session that follows a switch: that one is a real election, whose control port a test opens or blocks. */
async function ground(t: TestContext, others: readonly Identity[] = []) {
  const identity = await newIdentity(t);
  const { session, network, time, log, ...parts } = await openSession(t, {
    colleagues: [identity, ...others],
  });
  const { nodeId } = identity;
  await session.open();
  await session.resume();
  const endpoints = { address: FROM.address, control: 47_021, beat: FROM.port, media: 3 };
  session.roster.enter(recordOf(identity, { endpoints }).signed);
  const boot = time.now();
  const fraction = () => 0;
  const theirs = new HandNetwork();
  const datagrams = await MemberDatagrams.open(FROM, {
    ...{ network: theirs, identity, boot, clock: time, schedule: time.schedule },
    ...{ membership: membershipOf(session.office!.ledger), random: { ...nodePorts.random, fraction } },
    log: (line) => void log.push(line),
  });
  const other = new HearingElection({
    ...{ self: nodeId, rank: 900, boot, revision: 1, endpoints },
    ...{ now: time.monotonic(), random: fraction },
  });
  const [socket, otherSocket] = [network.datagrams[0]!, theirs.datagrams[0]!];
  const at = { address: '10.0.0.1', port: socket.at.port };
  const pass = (ms: number) => {
    for (let end = time.monotonic() + ms; time.monotonic() < end;) {
      time.pass(10);
      for (const { bytes } of socket.sent.splice(0)) otherSocket.received(Buffer.from(bytes), at);
      for (const { bytes } of otherSocket.sent.splice(0)) socket.received(Buffer.from(bytes), FROM);
    }
  };
  t.after(async () => {
    const closed = session.close();
    pass(1000);
    await Promise.all([closed, datagrams.close()]);
  });
  datagrams.run(other, endpoints.control);
  datagrams.addCandidate(at);
  pass(1000);
  assert.equal(session.role?.switch, nodeId);
  return { ...parts, session, network, time, nodeId, heard: other.heard, pass, other };
}

test('a switch that beats and that takes no link is accused, and left', async (t) => {
  const { session, nodeId, heard, pass, other } = await ground(t);
  assert.ok(heard.every(({ accuses }) => accuses === undefined));
  pass(3000);
  assert.ok(heard.some(({ accuses }) => accuses === nodeId));
  assert.equal(session.role?.role, 'switch');
  assert.equal(other.state().switch, session.self, 'the one that was left follows');
});

test('a switch that takes a link stays', async (t) => {
  const { session, network, nodeId, heard, pass } = await ground(t);
  network.attempts[0]!.succeed(new HandLink(nodeId));
  await until(() => session.isLinked, 'the link');
  pass(10_000);
  assert.equal(session.role?.switch, nodeId);
  assert.ok(heard.every(({ accuses }) => accuses === undefined));
});

test('whoever becomes the switch tells that a colleague is gone whom it does not hear', async (t) => {
  const lost = await newIdentity(t);
  const { session, pass } = await ground(t, [lost]);
  session.roster.enter(recordOf(lost).signed);
  session.roster.directory.setOnline(lost.nodeId, true);
  const isOnline = () => session.roster.othersOnline.some(({ node }) => node === lost.nodeId);
  pass(1000);
  assert.ok(isOnline(), 'a member leaves it to its switch');
  pass(2000);
  assert.equal(session.role?.role, 'switch');
  assert.ok(!isOnline());
});
