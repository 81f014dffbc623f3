/*
 * Loaded into a node before the node itself (NODE_OPTIONS=--import). It sends a copy of each datagram of the node to the `Wiretap` at
 * CORRIDOR_WIRETAP_PORT, preceded by its source and destination ports, and changes nothing else.
 */
import { createSocket, Socket } from 'node:dgram';

const tapPort = Number(process.env['CORRIDOR_WIRETAP_PORT']);

if (tapPort > 0) {
  const copies = createSocket('udp4').unref();
  // It is called with the overheard socket as `this`.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const send = Socket.prototype.send as (...args: unknown[]) => void;
  Socket.prototype.send = function (this: Socket, ...args: unknown[]) {
    const [bytes, port] = args;
    if (bytes instanceof Uint8Array && typeof port === 'number') {
      const ports = Buffer.alloc(4);
      ports.writeUInt16BE(this.address().port, 0);
      ports.writeUInt16BE(port, 2);
      send.apply(copies, [Buffer.concat([ports, bytes]), tapPort, '127.0.0.1']);
    }
    send.apply(this, args);
  } as Socket['send'];
}
