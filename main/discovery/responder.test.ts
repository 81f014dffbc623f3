import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { nodePorts } from '../model/index.ts';
import { Responder } from './responder.ts';

const NET = { name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0', loopback: true, virtual: false };
const TYPE = '_corridor._tcp.local';
/** More than are remembered of one LAN. */
const FLOOD = 1500;
const AT_ONCE = 50;

/** A name as DNS writes it (RFC 1035 §3.1): each label behind its length. */
function dnsName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...labels, Buffer.alloc(1)]);
}

function record(name: string, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(120, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([dnsName(name), head, data]);
}

/** An answer (RFC 6762) that announces these instances: PTR, SRV and TXT of each. */
function announcement(instances: readonly string[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x8400, 2);
  head.writeUInt16BE(instances.length * 3, 6);
  const txt = ['v=1', 'o=feed0003', 'b=41022'].map((text) => `${String.fromCharCode(text.length)}${text}`);
  const place = Buffer.alloc(6);
  place.writeUInt16BE(41_021, 4);
  const records = instances.flatMap((instance) => [
    record(TYPE, 12, dnsName(`${instance}.${TYPE}`)),
    record(`${instance}.${TYPE}`, 33, Buffer.concat([place, dnsName(`${instance}.local`)])),
    record(`${instance}.${TYPE}`, 16, Buffer.from(txt.join(''))),
  ]);
  return Buffer.concat([head, ...records]);
}

/** A responder on a port of its own, and a stranger's socket beside it. */
async function open(t: TestContext) {
  const stranger: Socket = createSocket('udp4');
  const probe = createSocket('udp4').bind(0);
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  const found: string[] = [];
  const responder = new Responder(
    NET,
    { instance: 'self' },
    { found: ({ instance }) => found.push(instance), gone: () => undefined, trouble: () => undefined },
    nodePorts.schedule,
    port,
  );
  t.after(async () => {
    stranger.close();
    await responder.stop();
  });
  /** Announces them until they are told of: a datagram may be lost. */
  const announce = async (...instances: readonly string[]): Promise<void> => {
    const bytes = announcement(instances);
    await eventually(
      () => {
        if (instances.every((instance) => found.includes(instance))) return true;
        stranger.send(bytes, port, '127.0.0.1');
        return false;
      },
      () => `the announcement of ${instances[0]}`,
    );
  };
  return { found, announce };
}

describe('a responder', () => {
  it('tells of a node that announces itself after a flood, and of an older one that announces itself again', async (t) => {
    const { found, announce } = await open(t);
    await announce('first');
    for (let from = 0; from < FLOOD; from += AT_ONCE) {
      await announce(...Array.from({ length: AT_ONCE }, (_, n) => `flood-${from + n}`));
    }
    await announce('late');
    found.length = 0;
    await announce('first');
    assert.deepEqual(found, ['first']);
  });
});
