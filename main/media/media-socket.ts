import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { UdpSocket } from '../model/index.ts';
import type { MediaAddress } from './protocol.ts';

/** Room for two seconds of several talkers while the thread is busy. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

type OnPacket = (packet: Uint8Array, from: MediaAddress) => void;

/** The one UDP socket for RTP and RTCP (RFC 5761). */
export class MediaSocket {
  readonly #socket: UdpSocket;

  private constructor(socket: UdpSocket) {
    this.#socket = socket;
  }

  /** Port 0 takes any. @throws ErrnoException where it cannot be bound */
  static async open(address: string, port: number, onPacket: OnPacket): Promise<MediaSocket> {
    const socket = await UdpSocket.open({ address, port }, onPacket, RECEIVE_BUFFER_BYTES);
    socket.sendToGroupsFrom(address);
    return new MediaSocket(socket);
  }

  /**
   * What is sent to the group, over the network of this computer's address. Undefined: the system does not let this node hear it, and
   * talkers send it its own.
   */
  static async join(
    group: MediaAddress,
    address: string,
    onPacket: OnPacket,
  ): Promise<MediaSocket | undefined> {
    try {
      return new MediaSocket(await UdpSocket.join(group, address, onPacket, RECEIVE_BUFFER_BYTES));
    } catch {
      return undefined;
    }
  }

  get port(): number {
    return this.#socket.port;
  }

  /** Sends at once; an unreachable target is a lost packet. */
  send(packet: Uint8Array, to: MediaAddress): void {
    this.#socket.send(packet, to);
  }

  close(): void {
    void this.#socket.close();
  }
}

/** Why no speech can be sent or received at that address, as a sentence. */
export function bindingFailed(address: string, port: number, error: unknown): LocalizedText {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  const where = `${address}${port === 0 ? '' : `:${port}`}`;
  const sentence = `Speech cannot be sent or received on ${where} (${why}). Choose another network address.`;
  return localizedText('media-open-failed', sentence, { where, why });
}
