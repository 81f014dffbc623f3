import type { LocalizedText } from '../../i18n/index.ts';
import { bindingFailed, MediaSocket } from './media-socket.ts';
import type { MediaAddress } from './protocol.ts';

interface MediaSocketsParts {
  /** A packet. `isByGroup`: it was sent to the office's group. */
  readonly onPacket: (packet: Uint8Array, from: MediaAddress, isByGroup: boolean) => void;
  readonly bound: (port: number) => void;
  readonly failed: (text: LocalizedText) => void;
}

/** Where packets come to this node: its own media socket, and the office's multicast group at the same address. */
export class MediaSockets {
  readonly #parts: MediaSocketsParts;
  #own: { readonly socket: MediaSocket; readonly address: string } | undefined;
  #group: MediaAddress | undefined;
  #joined: MediaSocket | undefined;
  /** One change after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(parts: MediaSocketsParts) {
    this.#parts = parts;
  }

  /** Moves the media socket; port 0 takes any. */
  bind(address: string, port: number): Promise<void> {
    return this.#change(async () => {
      await this.#bind(address, port);
      await this.#join();
    });
  }

  /** Listens to that group instead of another one, or to none. */
  join(group: MediaAddress | undefined): Promise<void> {
    return this.#change(() => {
      this.#group = group;
      return this.#join();
    });
  }

  /** Sends at once; an unreachable target is a lost packet. */
  send(packet: Uint8Array, to: MediaAddress): void {
    this.#own?.socket.send(packet, to);
  }

  async close(): Promise<void> {
    await this.#changing;
    this.#joined?.close();
    this.#own?.socket.close();
    this.#joined = undefined;
    this.#own = undefined;
  }

  #change(work: () => Promise<void>): Promise<void> {
    this.#changing = this.#changing.then(work);
    return this.#changing;
  }

  /** The old socket serves until the new one is there, unless the new one needs its port. */
  async #bind(address: string, port: number): Promise<void> {
    const { onPacket, bound, failed } = this.#parts;
    const old = this.#own?.socket;
    const needsOldPort = port !== 0 && port === old?.port;
    if (needsOldPort) old.close();
    const opening = MediaSocket.open(address, port, (packet, from) => onPacket(packet, from, false));
    const socket = await opening.catch((error: unknown) => failed(bindingFailed(address, port, error)));
    if (!needsOldPort) old?.close();
    this.#own = socket ? { socket, address } : undefined;
    if (socket) bound(socket.port);
  }

  async #join(): Promise<void> {
    this.#joined?.close();
    this.#joined = undefined;
    if (!this.#group || !this.#own) return;
    const { socket, address } = this.#own;
    this.#joined = await MediaSocket.join(this.#group, address, (packet, from) => {
      // What this node sends comes back to it, since others on the same computer are to hear it.
      const isOwn = from.port === socket.port && from.address === address;
      if (!isOwn) this.#parts.onPacket(packet, from, true);
    });
  }
}
