import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { faults } from './faults.ts';

/** Multicast does not leave the sender's network. */
const MULTICAST_TTL = 1;

/** An IP address and a UDP port. */
export interface UdpAddress {
  readonly address: string;
  readonly port: number;
}

/** A key for maps: the same text for the same address and port. */
export function addressKey({ address, port }: UdpAddress): string {
  return `${address} ${port}`;
}

/** A bound UDP socket. A datagram that cannot be sent is lost without an error. */
export class UdpSocket {
  readonly port: number;
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
  }

  /**
   * Opens a socket. Port 0: any free port.
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
   * Opens a socket that receives a multicast group on the network of this computer's `address`. Several sockets may have the same group
   * and port. @throws ErrnoException where the system refuses, for instance without a network that has multicast
   */
  static async join(
    group: UdpAddress,
    address: string,
    received: (bytes: Buffer, from: UdpAddress) => void,
    receiveBufferBytes?: number,
  ): Promise<UdpSocket> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true, lookup: literally });
    // Bound to the group, a socket receives nothing else that comes to this port. Windows cannot bind to a group.
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

  /** Sends multicast by the network of this address, to which the socket is bound, and no further. */
  sendToGroupsFrom(address: string): void {
    if (isIPv6(address)) return;
    try {
      this.#socket.setMulticastInterface(address);
      this.#socket.setMulticastTTL(MULTICAST_TTL);
    } catch {
      // Multicast reaches nobody then, so every recipient gets unicast.
    }
  }

  /** Sends without a callback, which would cost as much again as the datagram; errors are events, and ignored. */
  send(bytes: Uint8Array, to: UdpAddress): void {
    try {
      this.#socket.send(bytes, to.port, to.address);
    } catch {
      // Port 0: a datagram can come from there, but none can be sent there.
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/**
 * A lookup that returns the address unchanged, since all addresses here are literal. Node's own lookup would take a turn of the event loop
 * for each datagram.
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
    // The system's own size is used then.
  }
}
