import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { DNS_RESPONSE, DNS_TYPE, dnsMessage, dnsName, dnsText, srvData } from '../../test/support/dns.ts';
import { eventually } from '../../test/support/eventually.ts';
import { nodePorts } from '../model/index.ts';
import { Responder } from './responder.ts';

const NET = { name: 'lo', address: '127.0.0.1', netmask: '255.0.0.0', loopback: true, virtual: false };
const TYPE = '_corridor._tcp.local';
/** More than are remembered of one LAN. */
const FLOOD = 1500;
const AT_ONCE = 50;

/** An answer (RFC 6762) that announces these instances: PTR, SRV and TXT of each. */
function announcement(instances: readonly string[]): Buffer {
  const txt = Buffer.concat(['v=1', 'o=feed0003', 'b=41022'].map(dnsText));
  const of = { class: 1, ttl: 120 };
  const answers = instances.flatMap((instance) => {
    const name = dnsName(`${instance}.${TYPE}`);
    const data = srvData(41_021, dnsName(`${instance}.local`));
    return [
      { ...of, name: dnsName(TYPE), type: DNS_TYPE.ptr, data: name },
      { ...of, name, type: DNS_TYPE.srv, data },
      { ...of, name, type: DNS_TYPE.txt, data: txt },
    ];
  });
  return dnsMessage({ flags: DNS_RESPONSE, answers });
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
    { port },
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
  it('reports a node that announces itself after a flood, and an earlier one that announces itself again', async (t) => {
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
