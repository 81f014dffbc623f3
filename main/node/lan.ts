import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { chooseInterfaces, Discovery, listInterfaces } from '../discovery/index.ts';
import type { DatagramSocket, OfficeNetwork, SocketAddress } from '../office/index.ts';
import { connectControl, ControlServer } from '../signalling/index.ts';

const LOOPBACK = '127.0.0.1';

/** The real network of this computer. */
export const lan: OfficeNetwork = {
  interfaces: listInterfaces,
  chooseAddress: (chosen) => chooseInterfaces(chosen)[0]?.address ?? LOOPBACK,
  openDatagrams,
  listen: (options) => ControlServer.listen(options),
  connect: connectControl,
  finder: (options, events) => new Discovery(options, events),
  lookUp: async (host) => (await lookup(host, { family: 4 })).address,
};

async function openDatagrams(
  { address, port }: SocketAddress,
  received: (bytes: Buffer, from: SocketAddress) => void,
): Promise<DatagramSocket> {
  const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
  // An ICMP error is news of a node that is gone; the election finds that out by itself.
  socket.on('error', () => undefined);
  socket.on('message', (bytes, from) => received(bytes, { address: from.address, port: from.port }));
  return {
    port: socket.address().port,
    // An unreachable node is no error here: silence is what the election listens for.
    send: (bytes, to) => socket.send(bytes, to.port, to.address, () => undefined),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
