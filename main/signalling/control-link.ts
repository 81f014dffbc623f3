import type { TLSSocket } from 'node:tls';
import {
  BUDGETS,
  commonProtocol,
  faults,
  PROTOCOLS,
  type BudgetName,
  type Fragment,
  type MessageId,
  type NodeId,
  type ProtocolRange,
} from '../model/index.ts';
import { encodeFragments, encodeFrame, FRAME_JSON, FRAME_PING } from './frames.ts';
import { LinkReader, type LinkCounts, type LinkReading, type Log } from './link-reader.ts';
import type { ControlMessage } from './schemas.ts';
import { exportedOf, keyOfCertificate } from './tls-peer.ts';

const PING_INTERVAL_MS = 2000;
const DEAD_AFTER_MS = 6000;
const MAX_BUFFERED_BYTES = BUDGETS.unsentBytes.perPeer.atOnce;
/** How long the last frames may take to leave before the socket is destroyed. */
const LINGER_MS = 1000;
const PING = encodeFrame(FRAME_PING, Buffer.alloc(0));

/** Why a link ended. Seen from here: 'closed' by this side, 'peer-closed' by the other in good order. */
export type LinkCloseReason = 'closed' | 'peer-closed' | 'lost' | 'silent' | 'bad-frames' | 'overflow';

export interface LinkEvents {
  onMessage(message: ControlMessage): void;
  onFragments(id: MessageId, fragments: Fragment[]): void;
  /** The peer sent more than this node takes. */
  onOver?(budget: BudgetName): void;
  /** Once, and nothing after it. */
  onClose(reason: LinkCloseReason): void;
}

export interface LinkOptions {
  readonly log: Log;
  /** Left out: everything. */
  readonly reads?: LinkReading | undefined;
  readonly pingIntervalMs?: number | undefined;
  readonly deadAfterMs?: number | undefined;
}

/**
 * A control channel to one other node, whose identity is proven; on one that reads everything it has proven to know the office,
 * too. It reads nothing before `listen` is called, so nothing is missed.
 */
export class ControlLink {
  readonly peer: NodeId;
  /** The peer's IP address. */
  readonly address: string;
  readonly #socket: TLSSocket;
  readonly #options: LinkOptions;
  readonly #reader: LinkReader;
  #events: LinkEvents | undefined;
  #closeReason: LinkCloseReason | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** One promise for all callers that wait for room. */
  #draining: Promise<void> | undefined;
  #lastHeardMs = 0;
  #lastTickMs = 0;
  #protocol: number | undefined;
  /** The peer has closed its end; what it sent before is still handled. */
  #isEnding = false;

  /** Takes over a socket whose peer is proven; `early` are bytes of it that were read already. */
  constructor(socket: TLSSocket, peer: NodeId, early: Buffer, options: LinkOptions) {
    this.peer = peer;
    this.address = socket.remoteAddress ?? '';
    this.#socket = socket;
    this.#options = options;
    this.#reader = new LinkReader({
      ...{ peer, reads: options.reads, log: options.log },
      message: (message) => this.#events?.onMessage(message),
      fragments: (id, fragments) => this.#events?.onFragments(id, fragments),
      over: (budget) => this.#events?.onOver?.(budget),
      answer: (frame) => void this.#write(frame),
      refuse: (refusal) => void this.send(refusal),
      reading: (isReading) => (isReading ? socket.resume() : socket.pause()),
      expel: () => this.#finish('bad-frames'),
    });
    socket.pause();
    if (early.length > 0) socket.unshift(early);
    socket.on('error', () => this.#finish('lost'));
    socket.on('end', () => {
      this.#isEnding = true;
      this.#reader.end(() => this.#finish('peer-closed'));
    });
    socket.on('close', () => {
      if (!this.#isEnding) this.#finish('lost');
    });
  }

  /** Begins to read. To be called once; a link that has ended meanwhile says so at once. */
  listen(events: LinkEvents): void {
    if (this.#events) throw new Error('a link has one listener');
    this.#events = events;
    if (this.#closeReason) {
      const reason = this.#closeReason;
      queueMicrotask(() => faults.guard('a frame', () => events.onClose(reason)));
      return;
    }
    this.#lastHeardMs = this.#lastTickMs = performance.now();
    this.#timer = setInterval(() => this.#tick(), this.#options.pingIntervalMs ?? PING_INTERVAL_MS);
    this.#timer.unref();
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.resume();
  }

  get closed(): boolean {
    return this.#closeReason !== undefined;
  }

  /** The signing key of the other end's certificate (SPKI). @throws where the link has ended */
  get peerKey(): Uint8Array {
    const certificate = this.#socket.getPeerCertificate() as { readonly raw?: Buffer } | null;
    const key = certificate?.raw && keyOfCertificate(certificate.raw);
    if (!key) throw new Error('the link has ended');
    return key;
  }

  /** 32 bytes that only the two ends know, other ones for each label (RFC 8446 §7.5). @throws where the link has ended */
  exported(label: string): Uint8Array {
    return exportedOf(this.#socket, label);
  }

  /** The protocol that both ends speak; undefined: not settled yet. */
  get protocol(): number | undefined {
    return this.#protocol;
  }

  /**
   * Settles on the highest protocol that both ends have, by the other end's greeting. Where they have none in common, tells the other
   * end so, ends the link and returns false.
   */
  settle(theirs: ProtocolRange | undefined): boolean {
    this.#protocol = commonProtocol(theirs);
    if (this.#protocol !== undefined) return true;
    const { min, max } = PROTOCOLS;
    const text = `This Corridor speaks protocol ${min} to ${max}, and yours none of them. Update the older one.`;
    this.send({ type: 'refuse', code: 'no-common-protocol', text, re: 'hello' });
    this.close();
    return false;
  }

  get counts(): LinkCounts {
    return this.#reader.counts;
  }

  /** Bytes that were sent and have not left this node yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /**
   * Sends one message. False where the link has ended.
   * @throws RangeError where the message is longer than a frame.
   */
  send(message: ControlMessage): boolean {
    return this.#write(encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(message))));
  }

  /**
   * Sends fragments of one message, in as many frames as needed. False where the link has ended. A caller with many
   * fragments waits for `drained` between batches: a link with 32 MiB waiting ends with 'overflow'.
   */
  sendFragments(id: MessageId, fragments: Iterable<Fragment>): boolean {
    for (const frame of encodeFragments(id, fragments)) {
      if (!this.#write(frame)) return false;
    }
    return !this.closed;
  }

  /** Resolves as soon as more can be sent without piling up; at once on a link that has ended. */
  drained(): Promise<void> {
    const socket = this.#socket;
    if (this.closed || socket.writableLength < socket.writableHighWaterMark) return Promise.resolve();
    this.#draining ??= new Promise((resolve) => {
      const done = (): void => {
        socket.off('drain', done);
        socket.off('close', done);
        this.#draining = undefined;
        resolve();
      };
      socket.on('drain', done);
      socket.on('close', done);
    });
    return this.#draining;
  }

  /** Ends the link after all frames that were sent have left. */
  close(): void {
    this.#finish('closed');
  }

  #write(frame: Buffer): boolean {
    if (this.closed || !this.#socket.writable) return false;
    if (this.bufferedBytes > MAX_BUFFERED_BYTES) {
      this.#finish('overflow');
      return false;
    }
    this.#socket.write(frame);
    return true;
  }

  #read(chunk: Buffer): void {
    if (this.closed) return;
    this.#lastHeardMs = performance.now();
    this.#reader.push(chunk);
  }

  #tick(): void {
    const nowMs = performance.now();
    const deadAfterMs = this.#options.deadAfterMs ?? DEAD_AFTER_MS;
    // After a stall or sleep of this computer the peer's words wait unread in the socket: it gets another turn.
    // While many of its frames wait here, the socket is not read.
    if (nowMs - this.#lastTickMs > deadAfterMs / 2 || !this.#reader.isReading) this.#lastHeardMs = nowMs;
    this.#lastTickMs = nowMs;
    if (nowMs - this.#lastHeardMs > deadAfterMs) this.#finish('silent');
    else this.#write(PING);
  }

  #finish(reason: LinkCloseReason): void {
    if (this.#closeReason) return;
    this.#closeReason = reason;
    clearInterval(this.#timer);
    this.#reader.close();
    const socket = this.#socket;
    if (reason === 'closed' || reason === 'peer-closed') {
      // The last frames still leave. Frames that the peer still sends are not waited for.
      socket.end(() => socket.destroy());
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
    } else {
      socket.destroy();
    }
    const events = this.#events;
    if (events) faults.guard('a frame', () => events.onClose(reason));
  }
}
