import { MediaSocket } from './media-socket.ts';
import { PacketsAtRest } from './packets-at-rest.ts';
import type { MediaAddress, Packet } from './protocol.ts';

/** Holds the media port and listens to the office's group while there is no worker. It keeps the packets that come for the worker that starts. */
export class PortKeeper {
  readonly #socket: MediaSocket;
  readonly #address: string;
  readonly #packets: PacketsAtRest;
  readonly #keep: (packet: Packet) => void;
  #joined: MediaSocket | undefined;
  /** Which of several groups, one after the other, is the present one. Undefined: none. */
  #group: MediaAddress | undefined;

  private constructor(
    socket: MediaSocket,
    address: string,
    packets: PacketsAtRest,
    keep: (packet: Packet) => void,
  ) {
    this.#socket = socket;
    this.#address = address;
    this.#packets = packets;
    this.#keep = keep;
  }

  /** Port 0 takes any. @throws ErrnoException where it cannot be bound */
  static async open(address: string, port: number, onPacket: (packet: Packet) => void): Promise<PortKeeper> {
    const packets = new PacketsAtRest();
    const keep = keeperOf(packets, onPacket);
    const socket = await MediaSocket.open(address, port, (bytes, from) => keep({ bytes, from }));
    return new PortKeeper(socket, address, packets, keep);
  }

  /** Listens to that group instead of another one, or to none. */
  async join(group: MediaAddress | undefined): Promise<void> {
    this.#joined?.close();
    this.#joined = undefined;
    this.#group = group;
    if (!group) return;
    const joined = await MediaSocket.join(group, this.#address, (bytes, from) =>
      this.#keep({ bytes, from, isByGroup: true }),
    );
    if (this.#group === group) this.#joined = joined;
    else joined?.close();
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Frees the port. Returns the packets that came just now, in order. */
  close(): Packet[] {
    this.#group = undefined;
    this.#socket.close();
    this.#joined?.close();
    return this.#packets.take(performance.now());
  }
}

function keeperOf(packets: PacketsAtRest, onPacket: (packet: Packet) => void): (packet: Packet) => void {
  return ({ bytes, from: { address, port }, isByGroup }) => {
    const packet: Packet = { bytes, from: { address, port }, ...(isByGroup && { isByGroup }) };
    packets.put(packet, performance.now());
    onPacket(packet);
  };
}
