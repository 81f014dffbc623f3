import { MediaSocket } from './media-socket.ts';
import type { Packet } from './protocol.ts';

/** Two seconds of one message, and a little: far more packets than come until a thread has started. */
const MAX_PACKETS = 256;

/** Has the media port while there is no worker. It keeps the packets that come, for the worker that it calls for. */
export class PortKeeper {
  readonly #socket: MediaSocket;
  readonly #packets: Packet[];

  private constructor(socket: MediaSocket, packets: Packet[]) {
    this.#socket = socket;
    this.#packets = packets;
  }

  /** Port 0 takes any. @throws ErrnoException where it cannot be bound */
  static async open(address: string, port: number, onPacket: () => void): Promise<PortKeeper> {
    const packets: Packet[] = [];
    const socket = await MediaSocket.open(address, port, (bytes, from) => {
      const { address: host, port: number } = from;
      if (packets.length < MAX_PACKETS) packets.push({ bytes, from: { address: host, port: number } });
      onPacket();
    });
    return new PortKeeper(socket, packets);
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Frees the port. Returns the packets that came, in order. */
  close(): Packet[] {
    this.#socket.close();
    return this.#packets.splice(0);
  }
}
