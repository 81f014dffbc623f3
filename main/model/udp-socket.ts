import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { faults } from './faults.ts';

/** Multicast does not leave the network that it is sent in. */
const MULTICAST_TTL = 1;

/** An IP address and a UDP port. */
export interface UdpAddress {
  readonly address: string;
  readonly port: number;
}

/** The same text for the same address and port: a key of maps. */
export function addressKey({ address, port }: UdpAddress): string {
  return `${address} ${port}`;
}

/** One of this computer's UDP sockets, bound. A datagram that cannot be sent is lost like any other, and nothing throws. */
export class UdpSocket {
  readonly port: number;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
  }

  /**
   * Port 0 takes any.
   * @param receiveBufferBytes asks the system for this much room for datagrams that wait
   * @throws ErrnoException where the address or the port cannot be had
   */
  static open(
    { address, port }: UdpAddress,
    received: (bytes: Buffer, from: UdpAddress) => void,
    receiveBufferBytes?: number,
  ): Promise<UdpSocket> {
    const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', lookup: literally });
    return bound(socket, { address, port }, received, receiveBufferBytes);
  }

  /**
   * A socket that gets what is sent to a multicast group over the network of this computer's `address`. Several may have the same
   * group and port. @throws ErrnoException where the system does not let it, as without a network that has multicast
   */
  static async join(
    group: UdpAddress,
    address: string,
    received: (bytes: Buffer, from: UdpAddress) => void,
    receiveBufferBytes?: number,
  ): Promise<UdpSocket> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true, lookup: literally });
    // Bound to the group a socket gets nothing else that comes to this port. Windows binds to no group.
    const at = process.platform === 'win32' ? { ...group, address: '0.0.0.0' } : group;
    const joined = await bound(socket, at, received, receiveBufferBytes);
    try {
      socket.addMembership(group.address, address);
    } catch (error) {
      await joined.close();
      throw error;
    }
    return joined;
  }

  /** What is sent to a multicast group leaves by the network of this address, which the socket is bound to, and goes no further. */
  sendToGroupsFrom(address: string): void {
    if (isIPv6(address)) return;
    try {
      this.#socket.setMulticastInterface(address);
      this.#socket.setMulticastTTL(MULTICAST_TTL);
    } catch {
      // Nobody gets it then, and each is sent their own.
    }
  }

  /** An error of one datagram comes as an event, to nobody: a function for each would cost as much again as the datagram. */
  send(bytes: Uint8Array, to: UdpAddress): void {
    try {
      this.#socket.send(bytes, to.port, to.address);
    } catch {
      // No such port: a datagram can come from port 0, and none can go there.
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/**
 * Every address here is one already. Node's own lookup would come to the same by way of DNS, a turn of the loop later, for each
 * datagram.
 */
function literally(
  address: string,
  family: unknown,
  found: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  found(null, address, family === 6 ? 6 : 4);
}

function bound(
  socket: Socket,
  { address, port }: UdpAddress,
  received: (bytes: Buffer, from: UdpAddress) => void,
  receiveBufferBytes: number | undefined,
): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.on('message', (bytes, from) => faults.guard('a datagram', () => received(bytes, from)));
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      // An ICMP error means that another computer is unreachable; the caller notices that no answer comes.
      socket.on('error', () => undefined);
      if (receiveBufferBytes !== undefined) enlarge(socket, receiveBufferBytes);
      resolve(new UdpSocket(socket));
    });
  });
}

function enlarge(socket: Socket, bytes: number): void {
  try {
    socket.setRecvBufferSize(bytes);
  } catch {
    // The system's own size has to do.
  }
}
