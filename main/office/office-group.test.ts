import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { openSession } from './test-session.ts';

test('a node listens to the group of its office as long as it is in it', async (t) => {
  const { desk, session, mediaSocket, time } = await openSession(t);
  t.after(() => session.close());
  await session.open();
  await session.resume();
  assert.equal(mediaSocket.joined, desk.ledger.id);
  const asleep = session.sleep();
  await until(() => {
    time.pass(50);
    return mediaSocket.joined === undefined;
  }, 'it listens to none');
  await asleep;
});

test('where its sockets cannot be opened it is in no office, and listens to no group', async (t) => {
  const { session, network, mediaSocket } = await openSession(t);
  t.after(() => session.close());
  for (const port of [47_021, 0]) network.take(port);
  await session.open();
  await assert.rejects(session.resume(), { code: 'EADDRINUSE' });
  assert.equal(session.connection, undefined);
  assert.equal(mediaSocket.joined, undefined);
});
