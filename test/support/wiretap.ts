import { createSocket, Socket } from 'node:dgram';

/** A datagram that a node of this process has sent. */
export interface Overheard {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  /** ms, monotonic. */
  readonly at: number;
}

/** Somebody on the LAN without any key: hears every datagram of this process, and says again what it has heard. */
export class Wiretap {
  readonly heard: Overheard[] = [];
  readonly #socket = createSocket('udp4');
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is applied to the socket that is overheard
  readonly #send = Socket.prototype.send as (...args: unknown[]) => void;

  constructor() {
    const { heard } = this;
    const [send, own] = [this.#send, this.#socket];
    Socket.prototype.send = function (this: Socket, ...args: unknown[]) {
      const [bytes, port] = args;
      if (this !== own && bytes instanceof Uint8Array && typeof port === 'number') {
        const from = this.address().port;
        heard.push({ bytes: Buffer.from(bytes), from, to: port, at: performance.now() });
      }
      send.apply(this, args);
    } as Socket['send'];
  }

  /** From a socket of its own, so from another port than the packet came from. */
  repeat(bytes: Buffer, port: number): void {
    this.#socket.send(bytes, port, '127.0.0.1');
  }

  close(): void {
    Socket.prototype.send = this.#send as Socket['send'];
    this.#socket.close();
  }
}
