import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const OVERHEARD = new URL('./overheard.ts', import.meta.url).href;

/** A datagram that a node has sent. */
export interface Overheard {
  readonly bytes: Buffer;
  /** Ports of 127.0.0.1. */
  readonly from: number;
  readonly to: number;
}

/**
 * An attacker on the LAN without keys: it receives a copy of every datagram of the nodes that are started with `env`, and replays them from
 * a port that no node has.
 */
export class Wiretap {
  readonly heard: Overheard[] = [];
  /** The number of datagrams that came back to the port from which it replays. */
  answers = 0;
  readonly #copies = createSocket('udp4');
  readonly #voice = createSocket('udp4');

  static async open(): Promise<Wiretap> {
    const tap = new Wiretap();
    await Promise.all(
      [tap.#copies, tap.#voice].map((socket) => once(socket.bind(0, '127.0.0.1'), 'listening')),
    );
    return tap;
  }

  private constructor() {
    this.#copies.on('message', (copy) =>
      this.heard.push({ bytes: copy.subarray(4), from: copy.readUInt16BE(0), to: copy.readUInt16BE(2) }),
    );
    this.#voice.on('message', () => (this.answers += 1));
  }

  /** The environment that makes a node in another process send the copies. */
  get env(): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--import=${OVERHEARD}`,
      CORRIDOR_WIRETAP_PORT: String(this.#copies.address().port),
    };
  }

  repeat(bytes: Buffer, port: number): void {
    this.#voice.send(bytes, port, '127.0.0.1');
  }

  close(): void {
    this.#copies.close();
    this.#voice.close();
  }
}
