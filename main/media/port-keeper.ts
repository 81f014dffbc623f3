import { MediaSocket } from './media-socket.ts';
import { PacketsAtRest } from './packets-at-rest.ts';
import type { Packet } from './protocol.ts';

/** Holds the media port while there is no worker, and keeps the packets that come for the worker that starts. */
export class PortKeeper {
  readonly #socket: MediaSocket;
  readonly #packets: PacketsAtRest;

  private constructor(socket: MediaSocket, packets: PacketsAtRest) {
    this.#socket = socket;
    this.#packets = packets;
  }

  /** Port 0 takes any. @throws ErrnoException where it cannot be bound */
  static async open(address: string, port: number, onPacket: (packet: Packet) => void): Promise<PortKeeper> {
    const packets = new PacketsAtRest();
    const socket = await MediaSocket.open(address, port, (bytes, { address: host, port: number }) => {
      const packet = { bytes, from: { address: host, port: number } };
      packets.put(packet, performance.now());
      onPacket(packet);
    });
    return new PortKeeper(socket, packets);
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Frees the port. Returns the packets that came just now, in order. */
  close(): Packet[] {
    this.#socket.close();
    return this.#packets.take(performance.now());
  }
}
