import { existsSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import { chooseInterfaces, Discovery, isWireless, listInterfaces } from '../discovery/index.ts';
import { UdpSocket, type Ports } from '../model/index.ts';
import type { OfficeNetwork } from '../office/index.ts';
import { connectAsOutsider, connectControl, ControlServer } from '../signalling/index.ts';

const LOOPBACK = '127.0.0.1';

/** The real network of this computer. */
export function lan(ports: Pick<Ports, 'clock' | 'schedule' | 'random'>): OfficeNetwork {
  return {
    interfaces: () => listInterfaces(),
    chooseAddress: (chosen) => chooseInterfaces(chosen)[0]?.address ?? LOOPBACK,
    isWireless: (address) => isWireless(address, existsSync),
    openDatagrams: (at, received) =>
      UdpSocket.open(at, (bytes, { address, port }) => received(bytes, { address, port })),
    listen: (options) => ControlServer.listen(options),
    connect: connectControl,
    connectAsOutsider,
    finder: (options, events) => new Discovery(options, events, ports),
    lookUp: async (host) => (await lookup(host, { family: 4 })).address,
  };
}
