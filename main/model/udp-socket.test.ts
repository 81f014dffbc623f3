import assert from 'node:assert/strict';
import { Socket } from 'node:dgram';
import { describe, it } from 'node:test';
import { faults } from './faults.ts';
import { UdpSocket } from './udp-socket.ts';

describe('a UDP socket', () => {
  it('receives a datagram, with the address it came from', async (t) => {
    let arrive: (datagram: object) => void = () => undefined;
    const arrived = new Promise<object>((resolve) => (arrive = resolve));
    const here = await UdpSocket.open({ address: '127.0.0.1', port: 0 }, (bytes, { address, port }) =>
      arrive({ text: bytes.toString(), address, port }),
    );
    t.after(() => here.close());
    const there = await UdpSocket.open({ address: '127.0.0.1', port: 0 }, () => undefined);
    t.after(() => there.close());
    there.send(Buffer.from('hello'), { address: '127.0.0.1', port: here.port });
    assert.deepEqual(await arrived, { text: 'hello', address: '127.0.0.1', port: there.port });
  });

  it('sends multicast by the chosen network alone, and no further than its first router', async (t) => {
    const ttl = t.mock.method(Socket.prototype, 'setMulticastTTL');
    const by = t.mock.method(Socket.prototype, 'setMulticastInterface');
    const group = { address: '239.192.7.7', port: 0 };
    let arrive: (text: string) => void = () => undefined;
    const arrived = new Promise<string>((resolve) => (arrive = resolve));
    const listener = await UdpSocket.join(group, '127.0.0.1', (bytes) => arrive(bytes.toString()));
    t.after(() => listener.close());
    const talker = await UdpSocket.open({ address: '127.0.0.1', port: 0 }, () => undefined);
    t.after(() => talker.close());
    talker.sendToGroupsFrom('127.0.0.1');
    assert.deepEqual(
      [ttl, by].map(({ mock }) => mock.calls.map(({ arguments: [value], error }) => [value, error])),
      [[[1, undefined]], [['127.0.0.1', undefined]]],
      'the system took both',
    );
    talker.send(Buffer.from('hello'), { ...group, port: listener.port });
    assert.equal(await arrived, 'hello');
  });

  it('loses a datagram that cannot be sent, and goes on', async (t) => {
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const socket = await UdpSocket.open({ address: '127.0.0.1', port: 0 }, () => arrive());
    t.after(() => socket.close());
    // A stranger can send from port 0, and the answer to it must not throw.
    socket.send(Buffer.from('x'), { address: '127.0.0.1', port: 0 });
    socket.send(Buffer.from('x'), { address: '127.0.0.1', port: 65_536 });
    socket.send(Buffer.from('x'), { address: '::1', port: 9 });
    socket.send(Buffer.from('x'), { address: '127.0.0.1', port: socket.port });
    await arrived;
  });

  it('outlives a handler that throws, and counts it', async (t) => {
    const said: string[] = [];
    t.after(faults.onLogged(({ where }) => void said.push(where)));
    const before = faults.total;
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const socket = await UdpSocket.open({ address: '127.0.0.1', port: 0 }, (bytes) => {
      if (bytes.toString() === 'bad') throw new Error('a fault of the test');
      arrive();
    });
    t.after(() => socket.close());
    for (const text of ['bad', 'bad', 'good'])
      socket.send(Buffer.from(text), { address: '127.0.0.1', port: socket.port });
    await arrived;
    assert.equal(faults.total - before, 2);
    assert.deepEqual(said, ['a datagram']);
  });

  it('cannot be opened where another has the port, or at an address of another computer', async (t) => {
    const first = await UdpSocket.open({ address: '127.0.0.1', port: 0 }, () => undefined);
    t.after(() => first.close());
    const taken = UdpSocket.open({ address: '127.0.0.1', port: first.port }, () => undefined);
    await assert.rejects(taken, { code: 'EADDRINUSE' });
    const elsewhere = UdpSocket.open({ address: '203.0.113.9', port: 0 }, () => undefined);
    await assert.rejects(elsewhere, { code: 'EADDRNOTAVAIL' });
  });
});
