import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { MediaAddress } from './protocol.ts';

/** Room for two seconds of several talkers while the thread is busy. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

export type OnPacket = (packet: Uint8Array, from: MediaAddress) => void;

/** The one UDP socket for RTP and RTCP (RFC 5761). */
export class MediaSocket {
  readonly #socket: Socket;
  readonly port: number;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
  }

  /** Port 0 takes any. @throws ErrnoException where it cannot be bound */
  static open(address: string, port: number, onPacket: OnPacket): Promise<MediaSocket> {
    return new Promise((resolve, reject) => {
      const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.on('message', (packet, from) => onPacket(packet, from));
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error');
        // What cannot be sent is lost like any packet; what cannot be received neither is a reason to stop.
        socket.on('error', () => undefined);
        enlarge(socket);
        resolve(new MediaSocket(socket));
      });
    });
  }

  /** Sends at once; an unreachable target is a lost packet. */
  send(packet: Uint8Array, to: MediaAddress): void {
    try {
      this.#socket.send(packet, to.port, to.address, () => undefined);
    } catch {
      // An address of the other family, or a port that is none.
    }
  }

  close(): void {
    this.#socket.close();
  }
}

/** Why speech can go neither way there, in words. */
export function bindingFailed(address: string, port: number, error: unknown): LocalizedText {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  const where = `${address}${port === 0 ? '' : `:${port}`}`;
  const sentence = `Speech cannot be sent or received on ${where} (${why}). Choose another network address.`;
  return localizedText('media-open-failed', sentence, { where, why });
}

function enlarge(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's own size has to do.
  }
}
