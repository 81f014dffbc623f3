import { MediaSocket } from './media-socket.ts';
import type { Packet } from './protocol.ts';

/** Two seconds of one message, and a little: far more than comes until a thread has started. */
const MAX_HELD = 256;

/** Holds the media port while there is no worker: what comes is kept for the worker that it calls for. */
export class PortKeeper {
  readonly #socket: MediaSocket;
  readonly #held: Packet[];

  private constructor(socket: MediaSocket, held: Packet[]) {
    this.#socket = socket;
    this.#held = held;
  }

  /** Port 0 takes any. @throws ErrnoException where it cannot be bound */
  static async open(address: string, port: number, onPacket: () => void): Promise<PortKeeper> {
    const held: Packet[] = [];
    const socket = await MediaSocket.open(address, port, (bytes, from) => {
      const { address: host, port: number } = from;
      if (held.length < MAX_HELD) held.push({ bytes, from: { address: host, port: number } });
      onPacket();
    });
    return new PortKeeper(socket, held);
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Frees the port. What came, in order. */
  close(): Packet[] {
    this.#socket.close();
    return this.#held.splice(0);
  }
}
