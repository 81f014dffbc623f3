import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import type { NodeId } from '../model/index.ts';
import { Meetings } from './meetings.ts';
import { HandLink, HandNetwork, newIdentity, recordOf } from './test-network.ts';

const AT = { address: '10.0.0.2', port: 47_021 };

async function ground(t: TestContext) {
  const [self, caller] = await Promise.all([newIdentity(t), newIdentity(t)]);
  const [network, time] = [new HandNetwork(), new HandTime()];
  const own = recordOf(self).signed;
  const met: NodeId[] = [];
  const meetings = new Meetings({
    credentials: { certificatePem: '', privateKeyPem: '', controlProofKey: new Uint8Array() },
    ...{ network, clock: time, schedule: time.schedule, log: () => undefined },
    record: () => own,
    met: (_signed, { node }) => void met.push(node),
  });
  const call = (address = AT.address, control = 1000) =>
    meetings.called({ caller: caller.nodeId, offer: Buffer.alloc(8), control }, { address, port: AT.port });
  return { network, time, own, caller, met, meetings, call };
}

test('who calls and is not known is linked to, where it says that it listens, and each shows its record', async (t) => {
  const { network, time, own, caller, met, call } = await ground(t);
  const done = call();
  const [attempt] = network.attempts;
  const { address, port, expected } = attempt!.options;
  assert.deepEqual([address, port, expected], [AT.address, 1000, caller.nodeId]);
  const link = new HandLink(caller.nodeId);
  attempt!.succeed(link);
  await until(() => link.sent.length > 0, 'the record');
  assert.deepEqual(link.sent, [{ type: 'record', record: own }]);
  link.bring({ type: 'hello', record: recordOf(caller).signed, version: '0.0.0' });
  await done;
  assert.deepEqual(met, [caller.nodeId]);
  assert.equal(link.isClosed, false, 'the other one may still be reading');
  time.pass(2000);
  assert.ok(link.isClosed);
});

test('another node’s record is not taken for the caller’s', async (t) => {
  const { network, time, caller, met, call } = await ground(t);
  const done = call();
  const link = new HandLink(caller.nodeId);
  network.attempts[0]!.succeed(link);
  await until(() => link.sent.length > 0, 'the record');
  link.bring({ type: 'hello', record: recordOf(await newIdentity(t)).signed, version: '0.0.0' });
  time.pass(2000);
  await done;
  assert.deepEqual(met, []);
});

test('a call names an address that may be anybody’s: one link in ten seconds, four at once, some for a computer', async (t) => {
  const { network, time, call } = await ground(t);
  const calls = [call(), call(), call()];
  assert.equal(network.attempts.length, 1);
  for (let n = 3; n < 10; n += 1) calls.push(call(`10.0.0.${n}`));
  assert.equal(network.attempts.length, 4);
  const failAll = async () => {
    for (const attempt of network.attempts) attempt.fail();
    await Promise.all(calls);
  };
  await failAll();
  calls.push(call());
  assert.equal(network.attempts.length, 4, 'too soon');
  time.pass(10_000);
  for (let port = 1; port < 40; port += 1) {
    calls.push(call(AT.address, port));
    await failAll();
  }
  assert.equal(network.attempts.length, 4 + 16);
  calls.push(call('10.0.0.9', 0));
  assert.equal(network.attempts.length, 4 + 16, 'it listens nowhere');
});

test('closed, it links to nobody, and no timer is left', async (t) => {
  const { network, time, caller, meetings, call } = await ground(t);
  const done = call();
  const link = new HandLink(caller.nodeId);
  network.attempts[0]!.succeed(link);
  await until(() => link.sent.length > 0, 'the record');
  meetings.close();
  await done;
  assert.ok(link.isClosed);
  assert.deepEqual(time.dueIn, []);
  await call('10.0.0.8');
  assert.equal(network.attempts.length, 1);
});
