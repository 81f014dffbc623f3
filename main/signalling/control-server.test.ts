import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createServer as createTlsServer, type ConnectionOptions } from 'node:tls';
import { eventually } from '../../test/support/eventually.ts';
import { OFFICE_ALPN } from '../identity/index.ts';
import { ControlServer, type ControlServerCounts } from './control-server.ts';
import { AS_MEMBER } from './tls-peer.ts';
import {
  assertServes,
  credentials,
  ended,
  newOfficeId,
  rawConnection,
  tlsConnection,
  withServer,
  type Room,
} from './test-server.ts';

/** Longer than any test takes: nothing here depends on how fast the computer is. */
const NEVER_MS = 3_600_000;

describe('control server', () => {
  const refused = async (room: Room, counted: keyof ControlServerCounts): Promise<void> => {
    await eventually(() => room.server.counts[counted] === 1, counted);
    assert.equal(room.links.length, 0);
    await assertServes(room);
  };

  it('refuses a node of another office, and gives it the reason', () =>
    withServer(async (room) => {
      await assert.rejects(room.connect({ credentials: credentials(newOfficeId()) }), {
        code: 'wrong-office',
      });
      await refused(room, 'wrongOffice');
    }));

  it('is disconnected by a client that expected another node', () =>
    withServer(async (room) => {
      await assert.rejects(room.connect({ expected: credentials().nodeId }), { code: 'wrong-node' });
      await refused(room, 'noHandshake');
    }));

  it('accepts a client that expects no particular member, but not its own node', () =>
    withServer(async ({ own, connect }) => {
      const link = await connect({ expected: 'any-member' });
      assert.equal(link.peer, own.nodeId);
      await assert.rejects(connect({ expected: 'any-member', credentials: own }), { code: 'own-address' });
    }));

  it('outlives garbage and HTTP on its port, and logs them once', () =>
    withServer(
      async (room) => {
        const { server } = room;
        const openings = [
          randomBytes(5000),
          Buffer.from('GET / HTTP/1.1\r\nHost: corridor\r\n\r\n'),
          Buffer.from([0x16, 0x03, 0x01, 0xff, 0xff]),
          Buffer.alloc(200_000, 0x16),
        ];
        await Promise.all(
          openings.map(async (opening) => {
            const socket = await rawConnection(server);
            socket.write(opening);
            await ended(socket);
          }),
        );
        await eventually(() => server.counts.noHandshake === openings.length, 'all were turned away');
        // One that is gone before the server looks at it may be counted or not.
        const cut = await rawConnection(server);
        cut.destroy();
        assert.equal(room.log.length, 1, room.log.join('\n'));
        await assertServes(room);
      },
      { handshakeTimeoutMs: NEVER_MS },
    ));

  it('turns away a connection that stays silent', () =>
    withServer(
      async ({ server, links }) => {
        await ended(await rawConnection(server));
        assert.equal(server.counts.timedOut, 1);
        assert.equal(links.length, 0);
      },
      { handshakeTimeoutMs: 50 },
    ));

  it('turns away a node that proves nothing after the handshake', () =>
    withServer(
      async ({ server, links }) => {
        await ended(tlsConnection(server));
        assert.equal(server.counts.timedOut, 1);
        assert.equal(links.length, 0);
      },
      { handshakeTimeoutMs: NEVER_MS, proofTimeoutMs: 50 },
    ));

  it('speaks TLS 1.3 only, its own protocol only, to those with a certificate of P-256 only', () =>
    withServer(async (room) => {
      const attempts: ConnectionOptions[] = [
        { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
        { ALPNProtocols: ['h2'] },
        { cert: undefined, key: undefined },
      ];
      for (const [index, attempt] of attempts.entries()) {
        await ended(tlsConnection(room.server, attempt));
        await eventually(() => room.server.counts.noHandshake === index + 1, `refusal ${index}`);
      }
      assert.equal(room.links.length, 0);
      await assertServes(room);
    }));

  it('answers a proof of garbage, or of too much, with a refusal', () =>
    withServer(async (room) => {
      for (const garbage of [
        Buffer.concat([Buffer.from([AS_MEMBER]), randomBytes(32)]),
        Buffer.alloc(100_000),
      ]) {
        const socket = tlsConnection(room.server);
        socket.write(garbage);
        await ended(socket);
      }
      assert.equal(room.server.counts.wrongOffice, 2);
      assert.equal(room.links.length, 0);
      await assertServes(room);
    }));

  it('does not carry a proof over to another connection', (t) =>
    withServer(async (room) => {
      // A node in the middle takes a member's connection and hands its proof on under its own handshake.
      const middle = credentials();
      const relay = createTlsServer({
        cert: middle.certificatePem,
        key: middle.privateKeyPem,
        ALPNProtocols: [OFFICE_ALPN],
        requestCert: true,
        rejectUnauthorized: false,
      });
      t.after(() => void relay.close());
      relay.on('secureConnection', (inward) => {
        const outward = tlsConnection(room.server, {
          cert: middle.certificatePem,
          key: middle.privateKeyPem,
        });
        inward.on('error', () => undefined);
        inward.pipe(outward).pipe(inward);
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      const { port } = relay.address() as { port: number };
      await assert.rejects(room.connect({ port, expected: 'any-member' }), { code: 'wrong-office' });
      await refused(room, 'wrongOffice');
    }));

  it('holds a limited number of connections that prove nothing: the oldest go, and a member gets in', () =>
    withServer(
      async (room) => {
        for (let n = 0; n < 70; n += 1) await rawConnection(room.server);
        await eventually(() => room.server.counts.tooMany === 6, 'the six oldest have gone');
        await assertServes(room);
        assert.equal(room.server.counts.tooMany, 7);
        assert.equal(room.log.length, 1, room.log.join('\n'));
      },
      { handshakeTimeoutMs: NEVER_MS },
    ));

  it('says at which address it cannot listen', () =>
    withServer(async ({ server }) => {
      const taken = { credentials: credentials(), address: server.address, port: server.port };
      const silent = { log: () => undefined, onLink: () => undefined };
      await assert.rejects(ControlServer.listen({ ...taken, ...silent }), { code: 'control-address' });
    }));
});
