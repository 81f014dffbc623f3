import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { Meetings } from './meetings.ts';
import { HAND_CREDENTIALS, HandLink, HandNetwork, newIdentity, recordOf } from './test-network.ts';

const AT = { address: '10.0.0.2', port: 47_021 };

async function ground(t: TestContext) {
  const caller = await newIdentity(t);
  const [network, time] = [new HandNetwork(), new HandTime()];
  const told: string[] = [];
  const meetings = new Meetings({
    credentials: HAND_CREDENTIALS,
    ...{ network, clock: time, schedule: time.schedule, log: () => undefined },
    up: () => void told.push('up'),
    message: (_link, { type }) => void told.push(type),
    down: () => void told.push('down'),
  });
  const call = (address = AT.address, control = 1000) =>
    meetings.called({ caller: caller.nodeId, offer: Buffer.alloc(8), control }, { address, port: AT.port });
  return { network, time, caller, told, meetings, call };
}

test('an unknown caller gets a link to the port that it names, until it has introduced itself', async (t) => {
  const { network, time, caller, told, meetings, call } = await ground(t);
  const done = call();
  const [attempt] = network.attempts;
  const { address, port, expected } = attempt!.options;
  assert.deepEqual([address, port, expected], [AT.address, 1000, caller.nodeId]);
  const link = new HandLink(caller.nodeId);
  attempt!.succeed(link);
  await until(() => told.length > 0, 'the link');
  assert.ok(meetings.has(link.asLink));
  link.bring({ type: 'ledger', digest: 'A'.repeat(43) });
  link.bring({ type: 'hello', record: recordOf(caller).signed, version: '0.0.0' });
  await done;
  assert.deepEqual(told, ['up', 'ledger', 'hello']);
  assert.equal(link.isClosed, false, 'the other one may still be reading');
  time.pass(5000);
  assert.ok(link.isClosed);
  assert.equal(told.at(-1), 'down');
  assert.equal(meetings.has(link.asLink), false);
});

test('calls with forged addresses cause few links: one in ten seconds each, four at once, some for one computer', async (t) => {
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

test('after close it links to nobody, and no timer is left', async (t) => {
  const { network, time, caller, meetings, call } = await ground(t);
  const done = call();
  const link = new HandLink(caller.nodeId);
  network.attempts[0]!.succeed(link);
  await until(() => meetings.has(link.asLink), 'the link');
  meetings.close();
  await done;
  assert.ok(link.isClosed);
  assert.deepEqual(time.dueIn, []);
  await call('10.0.0.8');
  assert.equal(network.attempts.length, 1);
});
