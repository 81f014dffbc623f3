import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { unwrapMessageKey, type Identity } from '../../main/identity/index.ts';
import { SrtpReceiver, SrtpSender } from '../../main/media/srtp.ts';
import { fragmentNumberOf, RTP_HEADER_BYTES, ssrcOf } from '../../main/media/rtp.ts';
import { FRAME_MS, type Header } from '../../main/model/index.ts';
import { eventually } from './eventually.ts';

/** The forged fragments arrive this many fragments before the talker's own. */
const AHEAD = 30;
const FORGED_EVERY_MS = 100;
/** How many of the ten fragments of that time it forges. */
const FORGED_AT_ONCE = 5;

/** Another recipient of the message. */
export interface Victim {
  readonly address: string;
  readonly media: number;
}

interface Forgery {
  readonly victims: readonly Victim[];
  /** Opus frames; left out: what the talker said first. */
  readonly words?: readonly Uint8Array[];
  /** How many of ten fragments it forges. */
  readonly forgedOfTen?: number;
}

/**
 * A recipient who forges: it sends the other recipients words of its choice, sealed under the message's key, as fragments that the
 * talker has yet to speak.
 */
export class Forger {
  /** How many fragments it has forged. */
  count = 0;
  readonly #socket: Socket;
  readonly #heard: { readonly packet: Buffer; readonly at: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `address`: its own. */
  static async open(address = '127.0.0.1'): Promise<Forger> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new Forger(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (packet) => this.#heard.push({ packet, at: performance.now() }));
  }

  /** The UDP port at which it receives fragments. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** Begins to forge that message, until `stop`. */
  async lie(identity: Identity, header: Header, forgery: Forgery): Promise<void> {
    const { ssrc } = header;
    const key = await unwrapMessageKey(identity, header);
    await eventually(() => this.#ofMessage(ssrc).length > 0, 'it heard the beginning');
    const receiver = new SrtpReceiver(key, ssrc);
    const said = this.#ofMessage(ssrc)
      .map(({ packet }) => receiver.open(packet))
      .filter((frame) => typeof frame !== 'string');
    assert.ok(said.length > 0, 'it can open that');
    const { victims, words = said, forgedOfTen = FORGED_AT_ONCE } = forgery;
    const sender = new SrtpSender(key, ssrc);
    let next = 0;
    this.#timer = setInterval(() => {
      const from = this.#spokenAt(ssrc, performance.now()) + AHEAD;
      // A talker seals each number once, in order.
      for (; next < from + forgedOfTen; next += 1) {
        const forged = sender.seal(next, words[next % words.length]!);
        if (next < from) continue;
        this.count += 1;
        for (const { address, media } of victims) this.#socket.send(forged, media, address);
      }
    }, FORGED_EVERY_MS);
  }

  /** The fragment that the talker speaks then, ms of `performance.now`. What came late itself, as on a busy computer, tells less. */
  #spokenAt(ssrc: number, now: number): number {
    const leads = this.#ofMessage(ssrc).map(
      ({ packet, at }) => fragmentNumberOf(packet) + (now - at) / FRAME_MS,
    );
    return Math.floor(Math.max(...leads));
  }

  #ofMessage(ssrc: number) {
    return this.#heard.filter(({ packet }) => packet.length > RTP_HEADER_BYTES && ssrcOf(packet) === ssrc);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.stop();
    this.#socket.close();
  }
}
