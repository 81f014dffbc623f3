import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { newMessageId } from '../model/index.ts';
import type { ControlMessage } from '../signalling/index.ts';
import { HAND_CREDENTIALS, HandLink, HandNetwork, newIdentity } from './test-network.ts';
import { Visits } from './visits.ts';

const UNUSED_MS = 60_000;

async function ground(t: TestContext) {
  const [network, time] = [new HandNetwork(), new HandTime()];
  const told: string[] = [];
  const visits = new Visits({
    ...{ network, schedule: time.schedule, log: () => undefined },
    credentials: HAND_CREDENTIALS,
    up: () => void told.push('up'),
    message: (_, { type }: ControlMessage) => void told.push(type),
    fragments: () => void told.push('fragments'),
    over: (_, budget) => void told.push(`over ${budget}`),
    down: () => void told.push('down'),
  });
  const { nodeId: node } = await newIdentity(t);
  const address = { node, address: '10.0.0.4', port: 47_021 };
  const open = async (at = address) => {
    const reached = visits.to(at);
    const link = new HandLink(at.node);
    network.attempts[network.attempts.length - 1]!.succeed(link);
    assert.equal(await reached, link.asLink);
    await until(() => visits.get(at.node) !== undefined, 'the link');
    return link;
  };
  return { visits, network, time, told, address, open };
}

test('one link to the node at an address serves all requests for it', async (t) => {
  const { visits, network, told, address } = await ground(t);
  const [first, second] = [visits.to(address), visits.to(address)];
  assert.equal(network.attempts.length, 1);
  assert.equal(network.attempts[0]!.options.expected, address.node);
  const link = new HandLink(address.node);
  network.attempts[0]!.succeed(link);
  assert.deepEqual([await first, await second], [link.asLink, link.asLink]);
  assert.deepEqual(told, ['up']);
  assert.ok(visits.has(link.asLink));
  assert.ok(!visits.has(new HandLink(address.node).asLink));
  link.bring({ type: 'inbox' });
  link.bringFragments(newMessageId(), []);
  link.exceed('prove');
  assert.deepEqual(told, ['up', 'inbox', 'fragments', 'over prove']);
});

test('a node that cannot be reached gives undefined, and is tried again at the next request', async (t) => {
  const { visits, network, told, address, open } = await ground(t);
  const reached = visits.to(address);
  network.attempts[0]!.fail();
  assert.equal(await reached, undefined);
  await open();
  assert.deepEqual(told, ['up']);
});

test('a link ends a minute after its last frame or its last request', async (t) => {
  const { visits, time, told, address, open } = await ground(t);
  const link = await open();
  time.pass(UNUSED_MS - 1);
  link.bring({ type: 'inbox' });
  time.pass(UNUSED_MS - 1);
  await visits.to(address);
  time.pass(UNUSED_MS - 1);
  assert.ok(!link.isClosed);
  time.pass(1);
  assert.ok(link.isClosed);
  assert.equal(visits.get(address.node), undefined);
  assert.deepEqual(told, ['up', 'inbox', 'down']);
  assert.deepEqual(time.dueIn, []);
});

test('a lost link is replaced by another one when it is needed', async (t) => {
  const { visits, time, told, address, open } = await ground(t);
  (await open()).lose();
  assert.equal(visits.get(address.node), undefined);
  assert.deepEqual(time.dueIn, []);
  await open();
  assert.deepEqual(told, ['up', 'down', 'up']);
});

test('at most sixteen are open: the one that was requested longest ago makes room', async (t) => {
  const { address, open } = await ground(t);
  const links: HandLink[] = [];
  for (let n = 0; n < 17; n += 1) {
    const { nodeId: node } = await newIdentity(t);
    links.push(await open({ ...address, node }));
  }
  assert.deepEqual(
    links.map(({ isClosed }) => isClosed),
    links.map((_, n) => n === 0),
  );
});

test('all links end when the office is left, also those that are still being made', async (t) => {
  const { visits, network, address, open } = await ground(t);
  const { nodeId: node } = await newIdentity(t);
  const link = await open({ ...address, node });
  void visits.to(address);
  visits.close();
  const late = new HandLink(address.node);
  network.attempts[1]!.succeed(late);
  await until(() => late.isClosed, 'the end of what came too late');
  assert.ok(link.isClosed);
  assert.equal(await visits.to(address), undefined);
});
