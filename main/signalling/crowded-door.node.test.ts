import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { eventually } from '../../test/support/eventually.ts';
import { CorridorError } from '../model/index.ts';
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

/** A thread of its own: connections from each address without a pause, whether the ones before came through or not. */
const STRANGERS = `
  const { connect } = require('node:net');
  const { workerData: { port, host, addresses } } = require('node:worker_threads');
  setInterval(() => {
    for (const localAddress of addresses) {
      const socket = connect({ port, host, localAddress });
      socket.on('error', () => undefined);
      setTimeout(() => socket.destroy(), 250);
    }
  }, 2);
`;

/**
 * A member gets in as its link does, by trying again. Where more connect than a program accepts, the kernel drops some first
 * packets, whoever sends them: trying again is then all that anybody can do.
 */
async function getsIn(room: Room): Promise<void> {
  try {
    await assertServes(room);
  } catch (error) {
    if (!(error instanceof CorridorError && error.code === 'control-timeout')) throw error;
    await getsIn(room);
  }
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
      const addresses = Array.from({ length: 30 }, (_, n) => `127.0.0.${100 + n}`);
      const { port, address: host } = room.server;
      const strangers = new Worker(STRANGERS, { eval: true, workerData: { port, host, addresses } });
      try {
        await eventually(() => room.server.counts.tooMany > 96, 'strangers who are turned away');
        for (let n = 0; n < 5; n += 1) await getsIn(room);
      } finally {
        await strangers.terminate();
      }
    },
    { ...idle, isFavoured: (address) => address === '127.0.0.1' },
  ),
);
