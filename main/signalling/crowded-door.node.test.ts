import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { assertServes, withServer, type Room } from './test-server.ts';

/** Longer than the test takes: nothing that is idle goes by itself. */
const NEVER_MS = 3_600_000;
const skip = process.platform !== 'linux' && 'all of 127.0.0.0/8 is this computer’s own on Linux';

/** Connections that say nothing, from these addresses of this computer, as many from each. */
async function crowd({ server }: Room, addresses: readonly string[], each: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (const localAddress of addresses) {
    for (let n = 0; n < each; n += 1) {
      const socket = connect({ port: server.port, host: server.address, localAddress });
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('connect', resolve));
      sockets.push(socket);
    }
  }
  return sockets;
}

const idle = { handshakeTimeoutMs: NEVER_MS, proofTimeoutMs: NEVER_MS };

test(
  '192 idle connections from three addresses do not keep a member out: it connects 20 times of 20',
  { skip },
  () =>
    withServer(async (room) => {
      const sockets = await crowd(room, ['127.0.0.1', '127.0.0.2', '127.0.0.3'], 64);
      for (let n = 0; n < 20; n += 1) await assertServes(room);
      assert.equal(room.server.counts.accepted, 20);
      for (const socket of sockets) socket.destroy();
    }, idle),
);

test('strangers who connect without a pause from thirty addresses do not keep a member out', { skip }, () =>
  withServer(
    async (room) => {
      let isOver = false;
      const flood = async (address: string): Promise<void> => {
        while (!isOver) for (const socket of await crowd(room, [address], 20)) socket.unref();
      };
      const addresses = Array.from({ length: 30 }, (_, n) => `127.0.0.${100 + n}`);
      const floods = addresses.map(flood);
      try {
        for (let n = 0; n < 20; n += 1) await assertServes(room);
      } finally {
        isOver = true;
        await Promise.all(floods);
      }
      assert.ok(room.server.counts.tooMany > 96, String(room.server.counts.tooMany));
      assert.equal(room.server.counts.accepted, 20);
    },
    { ...idle, isFavoured: (address) => address === '127.0.0.1' },
  ),
);
