import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { PortKeeper } from './port-keeper.ts';

test('a keeper holds its port, hands over the packets in order with their source, and frees the port at its close', async (t) => {
  let packets = 0;
  let resolve: () => void = () => undefined;
  const second = new Promise<void>((resolved) => (resolve = resolved));
  const keeper = await PortKeeper.open('127.0.0.1', 0, () => {
    packets += 1;
    if (packets === 2) resolve();
  });
  await assert.rejects(
    PortKeeper.open('127.0.0.1', keeper.port, () => undefined),
    { code: 'EADDRINUSE' },
  );
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => socket.close());
  await once(socket, 'listening');
  for (const byte of [1, 2]) socket.send(Uint8Array.of(byte), keeper.port, '127.0.0.1');
  await second;
  const { port } = keeper;
  const kept = keeper.close();
  assert.deepEqual(
    kept.map(({ bytes }) => [...bytes]),
    [[1], [2]],
  );
  assert.deepEqual(kept[0]?.from, { address: '127.0.0.1', port: socket.address().port });
  const next = await PortKeeper.open('127.0.0.1', port, () => undefined);
  assert.deepEqual(next.close(), []);
});

test('a keeper listens to a group at its address, tells its packets from those for it alone, and leaves it', async (t) => {
  const group = { address: '239.195.255.254', port: 47_023 };
  const came: string[] = [];
  const keeper = await PortKeeper.open('127.0.0.1', 0, ({ bytes, isByGroup }) =>
    came.push(`${bytes[0]} ${isByGroup}`),
  );
  await keeper.join(group);
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => socket.close());
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  socket.send(Uint8Array.of(1), group.port, group.address);
  await eventually(() => came.length === 1, 'what is sent to the group comes');
  await keeper.join(undefined);
  socket.send(Uint8Array.of(2), group.port, group.address);
  socket.send(Uint8Array.of(3), keeper.port, '127.0.0.1');
  await eventually(() => came.length === 2, 'what is sent to the keeper comes');
  assert.deepEqual(came, ['1 true', '3 undefined']);
  assert.deepEqual(
    keeper.close().map(({ isByGroup }) => isByGroup),
    [true, undefined],
  );
});
