import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { connectControl } from './connect.ts';
import { credentials, withServer } from './test-server.ts';

describe('connectControl', () => {
  it('says that nobody answers at an address', () =>
    withServer(async ({ connect }) => {
      await assert.rejects(connect({ port: 1 }), { code: 'unreachable' });
    }));

  it('gives up on a program that accepts and stays silent, and on one that is not Corridor', async (t) => {
    const sockets = new Set<Socket>();
    const servers = [() => undefined, (socket: Socket) => void socket.resume().write('SSH-2.0-x\r\n')].map(
      (greet) =>
        createServer((socket) => {
          sockets.add(socket);
          socket.on('error', () => undefined);
          greet(socket);
        }),
    );
    t.after(() => {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
    });
    const ports = await Promise.all(
      servers.map(
        (server) =>
          new Promise<number>((resolve) => {
            server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
          }),
      ),
    );
    const base = {
      credentials: credentials(),
      address: '127.0.0.1',
      expected: 'any-member' as const,
      log: () => undefined,
    };
    await assert.rejects(connectControl({ ...base, port: ports[0] as number, handshakeTimeoutMs: 100 }), {
      code: 'control-timeout',
    });
    // Some TLS libraries only say that the connection was lost.
    await assert.rejects(connectControl({ ...base, port: ports[1] as number }), {
      code: /^(not-corridor|control-lost)$/,
    });
  });
});
