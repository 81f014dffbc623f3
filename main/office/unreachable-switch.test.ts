import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { decodeBeat, Election, encodeBeat, type Beat } from '../election/index.ts';
import { officeKeys, openDatagram, sealDatagram } from '../identity/index.ts';
import { HandLink, newIdentity, openSession } from './test-network.ts';

const FROM = { address: '10.0.0.2', port: 47_021 };

/** A session that follows a switch: that one is a real election, whose control port a test opens or blocks. */
async function ground(t: TestContext) {
  const { session, network, time, ...parts } = await openSession(t);
  const { nodeId } = await newIdentity(t);
  await session.open();
  await session.resume();
  const keys = officeKeys(session.office!.key);
  const socket = network.datagrams[0]!;
  const endpoints = { address: FROM.address, control: 47_021, beat: FROM.port, media: 3 };
  const other = new Election({
    ...{ self: nodeId, rank: 900, boot: time.now(), revision: 1, endpoints },
    now: time.monotonic(),
    random: () => 0,
  });
  const heard: Beat[] = [];
  let read = 0;
  const apply = (outputs: ReturnType<Election['step']>) => {
    for (const output of outputs) {
      if (output.type !== 'send') continue;
      socket.received(Buffer.from(sealDatagram(keys, Buffer.from([1, ...encodeBeat(output.beat)]))), FROM);
    }
  };
  const pass = (ms: number) => {
    for (let end = time.monotonic() + ms; time.monotonic() < end;) {
      time.pass(10);
      for (; read < socket.sent.length; read += 1) {
        const beat = decodeBeat(openDatagram(keys, Buffer.from(socket.sent[read]!.bytes))!.subarray(1));
        if (!beat) continue;
        heard.push(beat);
        apply(other.step({ type: 'heard', beat }, time.monotonic()));
      }
      if (time.monotonic() >= other.nextWakeAt()) apply(other.step({ type: 'tick' }, time.monotonic()));
    }
  };
  t.after(async () => {
    const closed = session.close();
    pass(1000);
    await closed;
  });
  apply(other.step({ type: 'found', address: '10.0.0.1', beat: socket.at.port }, time.monotonic()));
  pass(1000);
  assert.equal(session.role?.switch, nodeId);
  return { ...parts, session, network, time, nodeId, heard, pass, other };
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
