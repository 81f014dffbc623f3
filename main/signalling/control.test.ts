import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { eventually } from '../../test/support/eventually.ts';
import { createCertificate } from '../identity/index.ts';
import { newMessageId, type Fragment, type MessageId, type NodeId } from '../model/index.ts';
import { connectControl, type ConnectOptions } from './connect.ts';
import type { ControlLink, LinkCloseReason } from './control-link.ts';
import { ControlServer, type ControlServerCounts, type ControlServerOptions } from './control-server.ts';
import { officeProof } from './office-proof.ts';
import type { ControlMessage } from './schemas.ts';
import { nodeIdOfCertificate, PROTOCOL, type Credentials } from './tls-peer.ts';

const office = randomBytes(32);

function credentials(controlProofKey: Uint8Array = office): Credentials & { nodeId: NodeId } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const certificatePem = createCertificate(privateKey);
  return {
    certificatePem,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    controlProofKey,
    nodeId: nodeIdOfCertificate(certificatePem) as NodeId,
  };
}

/** What came over a link, and a way to wait for it. */
class Ear {
  readonly messages: ControlMessage[] = [];
  readonly fragments: { id: MessageId; fragments: Fragment[] }[] = [];
  closed: LinkCloseReason | undefined;

  constructor(link: ControlLink) {
    link.listen({
      onMessage: (message) => this.messages.push(message),
      onFragments: (id, fragments) => this.fragments.push({ id, fragments }),
      onClose: (reason) => {
        assert.equal(this.closed, undefined, 'closed twice');
        this.closed = reason;
      },
    });
  }
}

interface Room {
  readonly server: ControlServer;
  readonly own: Credentials & { nodeId: NodeId };
  readonly links: ControlLink[];
  readonly ears: Ear[];
  readonly log: string[];
  readonly connect: (options?: Partial<ConnectOptions>) => Promise<ControlLink>;
}

/** A listening node, to be used by one test. */
async function withServer(
  use: (room: Room) => Promise<void>,
  options: Partial<ControlServerOptions> = {},
): Promise<void> {
  const own = credentials();
  const links: ControlLink[] = [];
  const ears: Ear[] = [];
  const log: string[] = [];
  const server = await ControlServer.listen({
    credentials: own,
    address: '127.0.0.1',
    log: (sentence) => log.push(sentence),
    onLink: (link) => {
      links.push(link);
      ears.push(new Ear(link));
    },
    ...options,
  });
  const outgoing: ControlLink[] = [];
  const connect = async (more: Partial<ConnectOptions> = {}) => {
    const link = await connectControl({
      credentials: credentials(),
      address: server.address,
      port: server.port,
      expected: own.nodeId,
      log: (sentence) => log.push(sentence),
      ...more,
    });
    outgoing.push(link);
    return link;
  };
  try {
    await use({ server, own, links, ears, log, connect });
  } finally {
    for (const link of outgoing) link.close();
    await server.close();
  }
}

/** A member still gets in, and is heard. */
async function assertServes({ connect, ears }: Room): Promise<void> {
  const link = await connect();
  const before = ears.length;
  link.send({ type: 'inbox' });
  await eventually(() => ears.at(before - 1)?.messages.length === 1, 'a good client’s message');
  link.close();
}

async function rawConnection(server: ControlServer): Promise<Socket> {
  const socket = connectTcp(server.port, server.address);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    socket.resume();
    socket.once('close', () => resolve());
  });

describe('control link', () => {
  it('joins two members, each certain of the other, both ways', () =>
    withServer(async ({ links, ears, own, connect }) => {
      const me = credentials();
      const link = await connect({ credentials: me });
      await eventually(() => links.length === 1, 'the link at the server');
      const there = links[0] as ControlLink;
      assert.equal(link.peer, own.nodeId);
      assert.equal(there.peer, me.nodeId);
      assert.equal(there.address, '127.0.0.1');

      const mine = new Ear(link);
      const id = newMessageId();
      assert.ok(link.send({ type: 'fetch', id, from: 0, follow: true }));
      const fragments = Array.from({ length: 300 }, (_, n) => ({ n, bytes: randomBytes(160) }));
      assert.ok(there.sendFragments(id, fragments));
      there.send({ type: 'fetch-end', id, upTo: 300, complete: true });
      await eventually(() => mine.messages.length === 1 && ears[0]?.messages.length === 1, 'both messages');
      assert.deepEqual(ears[0]?.messages, [{ type: 'fetch', id, from: 0, follow: true }]);
      const received = mine.fragments.flatMap((part) => part.fragments);
      assert.deepEqual(
        received.map(({ n, bytes }) => [n, Buffer.from(bytes).toString('hex')]),
        fragments.map(({ n, bytes }) => [n, bytes.toString('hex')]),
      );
    }));

  it('misses nothing that was said before anybody listened', () => {
    let there: ControlLink | undefined;
    return withServer(
      async ({ connect }) => {
        const link = await connect();
        await eventually(() => there?.closed === true, 'all has been said');
        const ear = new Ear(link);
        await eventually(() => ear.closed !== undefined, 'the end');
        assert.deepEqual(ear.messages, [{ type: 'bye', reason: 'quit' }]);
        assert.equal(ear.closed, 'peer-closed');
      },
      {
        onLink: (link) => {
          there = link;
          link.send({ type: 'bye', reason: 'quit' });
          link.close();
        },
      },
    );
  });

  it('says its last words before it closes, and tells both sides why once', () =>
    withServer(async ({ ears, connect }) => {
      const link = await connect();
      const ear = new Ear(link);
      for (let n = 0; n < 500; n += 1) link.send({ type: 'inbox', since: n });
      link.close();
      assert.equal(ear.closed, 'closed');
      assert.equal(link.send({ type: 'inbox' }), false);
      await eventually(() => ears[0]?.closed !== undefined, 'the end at the server');
      assert.equal(ears[0]?.messages.length, 500);
      assert.equal(ears[0]?.closed, 'peer-closed');
    }));

  it('counts what cannot be read, logs it once, and ends when there is too much of it', () =>
    withServer(async ({ links, ears, log, connect }) => {
      const link = await connect();
      const unchecked = (value: unknown): void => void link.send(value as ControlMessage);
      unchecked({ type: 'whiteboard' });
      for (let n = 0; n < 19; n += 1) unchecked({ type: 'fetch', id: 'x', n });
      link.send({ type: 'inbox' });
      await eventually(() => ears[0]?.messages.length === 1, 'the good one among the bad');
      assert.deepEqual(links[0]?.counts, { bad: 19, unknown: 1 });
      assert.equal(log.length, 2, log.join('\n'));
      assert.equal(ears[0]?.closed, undefined);
      unchecked('not even an object');
      await eventually(() => ears[0]?.closed !== undefined, 'the end');
      assert.equal(ears[0]?.closed, 'bad-frames');
    }));

  it('survives a fault of its own listener', () =>
    withServer(
      async ({ log, connect }) => {
        const link = await connect();
        link.send({ type: 'inbox' });
        await eventually(() => log.some((line) => line.includes('a bug')), 'the fault in the log');
        assert.equal(link.closed, false);
      },
      {
        onLink: (link) =>
          link.listen({
            onMessage: () => {
              throw new Error('a bug');
            },
            onFragments: () => undefined,
            onClose: () => undefined,
          }),
      },
    ));

  it('notices a peer that has gone silent, and keeps one that has nothing to say', () =>
    withServer(
      async ({ ears, connect }) => {
        const quiet = await connect();
        new Ear(quiet);
        await connect(); // never listens, so it never answers a ping
        await eventually(() => ears[1]?.closed !== undefined, 'the silent one ended');
        assert.equal(ears[1]?.closed, 'silent');
        // The quiet one has said nothing for longer than that, and is still heard.
        quiet.send({ type: 'inbox' });
        await eventually(() => ears[0]?.messages.length === 1, 'the quiet one’s message');
        assert.equal(ears[0]?.closed, undefined);
      },
      { pingIntervalMs: 20, deadAfterMs: 400 },
    ));

  it('holds back a fast sender, and ends a link that takes nothing at all', () =>
    withServer(async ({ links, connect }) => {
      const link = await connect();
      await eventually(() => links.length === 1, 'the link');
      const there = links[0] as ControlLink;
      const batch = Array.from({ length: 60 }, (_, n) => ({ n, bytes: Buffer.alloc(1400) }));
      const id = newMessageId();
      // More than the system's own buffers hold on both sides, and less than a link is ended for.
      while (there.bufferedBytes < 24_000_000) there.sendFragments(id, batch);
      let drained = false;
      const waiting = there.drained().then(() => {
        drained = true;
      });
      const deaf = await connect();
      await eventually(() => links.length === 2, 'the second link');
      assert.equal(
        drained,
        false,
        'nobody reads, while another link was made from its first packet to its last',
      );
      const ear = new Ear(link);
      await waiting;
      assert.ok(ear.fragments.length > 0);

      const toDeaf = links[1] as ControlLink;
      for (let round = 0; round < 2000 && toDeaf.sendFragments(id, batch); round += 1);
      assert.ok(toDeaf.closed);
      await toDeaf.drained();
      deaf.close();
    }));
});

describe('control server', () => {
  const refused = async (room: Room, counted: keyof ControlServerCounts): Promise<void> => {
    await eventually(() => room.server.counts[counted] === 1, counted);
    assert.equal(room.links.length, 0);
    await assertServes(room);
  };

  it('turns away another office, and tells it so', () =>
    withServer(async (room) => {
      await assert.rejects(room.connect({ credentials: credentials(randomBytes(32)) }), {
        code: 'wrong-office',
      });
      await refused(room, 'wrongOffice');
    }));

  it('is left alone by a client that looked for somebody else', () =>
    withServer(async (room) => {
      await assert.rejects(room.connect({ expected: credentials().nodeId }), { code: 'wrong-node' });
      await refused(room, 'noHandshake');
    }));

  it('may be met for the first time, but not be oneself', () =>
    withServer(async ({ own, connect }) => {
      const link = await connect({ expected: 'any-member' });
      assert.equal(link.peer, own.nodeId);
      await assert.rejects(connect({ expected: 'any-member', credentials: own }), { code: 'own-address' });
    }));

  it('outlives garbage, HTTP and silence on its port', () =>
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
        const silent = await rawConnection(server);
        await ended(silent);
        const cut = await rawConnection(server);
        cut.destroy();
        const { noHandshake, timedOut, accepted } = server.counts;
        assert.ok(noHandshake >= 3 && timedOut >= 1 && accepted === 0, JSON.stringify(server.counts));
        assert.ok(room.log.length <= 2, room.log.join('\n'));
        await assertServes(room);
      },
      { handshakeTimeoutMs: 1000 },
    ));

  it('speaks TLS 1.3 only, its own protocol only, to those with a certificate of P-256 only', () =>
    withServer(async (room) => {
      const { certificatePem: cert, privateKeyPem: key } = credentials();
      const good = { cert, key, ALPNProtocols: [PROTOCOL], rejectUnauthorized: false };
      const attempts = [
        { ...good, minVersion: 'TLSv1.2' as const, maxVersion: 'TLSv1.2' as const },
        { ...good, ALPNProtocols: ['h2'] },
        { ALPNProtocols: [PROTOCOL], rejectUnauthorized: false },
      ];
      for (const [index, attempt] of attempts.entries()) {
        const socket = connectTls({ host: room.server.address, port: room.server.port, ...attempt });
        socket.on('error', () => undefined);
        await ended(socket);
        await eventually(() => room.server.counts.noHandshake === index + 1, `refusal ${index}`);
      }
      assert.equal(room.links.length, 0);
      await assertServes(room);
    }));

  it('answers a proof of garbage, or of too much, with a refusal', () =>
    withServer(async (room) => {
      const { certificatePem: cert, privateKeyPem: key } = credentials();
      for (const garbage of [randomBytes(32), Buffer.alloc(100_000)]) {
        const socket = connectTls({
          host: room.server.address,
          port: room.server.port,
          cert,
          key,
          ALPNProtocols: [PROTOCOL],
          rejectUnauthorized: false,
        });
        socket.on('error', () => undefined);
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
        ALPNProtocols: [PROTOCOL],
        requestCert: true,
        rejectUnauthorized: false,
      });
      t.after(() => void relay.close());
      relay.on('secureConnection', (inward) => {
        const outward = connectTls({
          host: room.server.address,
          port: room.server.port,
          cert: middle.certificatePem,
          key: middle.privateKeyPem,
          ALPNProtocols: [PROTOCOL],
          rejectUnauthorized: false,
        });
        for (const socket of [inward, outward]) socket.on('error', () => undefined);
        inward.pipe(outward).pipe(inward);
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      const { port } = relay.address() as { port: number };
      await assert.rejects(room.connect({ port, expected: 'any-member' }), { code: 'wrong-office' });
      await refused(room, 'wrongOffice');
    }));

  it('ends a link whose frames are too long', () =>
    withServer(async (room) => {
      const { links, ears, connect } = room;
      const link = await connect();
      await eventually(() => links.length === 1, 'the link');
      assert.throws(
        () => link.send({ type: 'refuse', code: 'x', text: 'x'.repeat(2_000_000) }),
        RangeError,
        'is not sent in the first place',
      );
      const me = credentials();
      const faulty = connectTls({
        host: room.server.address,
        port: room.server.port,
        cert: me.certificatePem,
        key: me.privateKeyPem,
        ALPNProtocols: [PROTOCOL],
        rejectUnauthorized: false,
      });
      await new Promise((resolve) => faulty.once('secureConnect', resolve));
      faulty.write(officeProof(faulty, office, 'client'));
      await eventually(() => links.length === 2, 'the faulty member’s link');
      faulty.write(Buffer.from('7fffffff00', 'hex'));
      await ended(faulty);
      assert.equal(ears[1]?.closed, 'bad-frames');
      assert.equal(ears[0]?.closed, undefined);
    }));

  it('holds a limited number of connections that prove nothing', () =>
    withServer(
      async (room) => {
        const sockets = await Promise.all(Array.from({ length: 70 }, () => rawConnection(room.server)));
        await eventually(() => room.server.counts.tooMany === 6, 'six too many');
        await Promise.all(sockets.map(ended));
        assert.equal(room.server.counts.timedOut, 64);
        await assertServes(room);
      },
      { handshakeTimeoutMs: 1500 },
    ));

  it('says in words where it cannot listen, and where nobody answers', () =>
    withServer(async ({ server, connect }) => {
      const taken = { credentials: credentials(), address: server.address, port: server.port };
      const silent = { log: () => undefined, onLink: () => undefined };
      await assert.rejects(ControlServer.listen({ ...taken, ...silent }), { code: 'control-address' });
      await assert.rejects(connect({ port: 1 }), { code: 'unreachable' });
    }));
});

describe('connectControl', () => {
  it('gives up on what accepts and says nothing, and on what is no Corridor', async (t) => {
    const { createServer } = await import('node:net');
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
