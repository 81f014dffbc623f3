import type { Fragment } from '../model/index.ts';
import { FragmentSet } from './fragment-set.ts';
import { gathered } from './gathered.ts';
import { NackScheduler } from './nack.ts';
import type { MessageKey, MediaAddress } from './protocol.ts';
import { buildNack } from './rtcp.ts';
import { fragmentNumberOf } from './rtp.ts';
import { SrtcpSender } from './srtcp.ts';
import { SrtpReceiver } from './srtp.ts';

export interface RtpReceiverOptions {
  readonly id: string;
  readonly ssrc: number;
  /** Null where this node keeps fragments for others, and cannot open them. */
  readonly key: MessageKey | null;
  /** Names this receiver in its NACKs: random, so that no two share an SRTCP stream. */
  readonly senderSsrc: number;
  /** A direction of a call: it has no last fragment, and nobody stores it. */
  readonly isEndless?: boolean;
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
  /** Each opened Opus frame, as it comes. */
  readonly onFrame: (n: number, opusFrame: Uint8Array, at: number) => void;
}

export type Refusal = 'replayed' | 'forged' | 'wrong source';

/** One message, or one direction of a call, on its way in over the network: authentic, each fragment once, gaps asked for. */
export class RtpReceiver {
  readonly id: string;
  readonly ssrc: number;
  readonly #options: RtpReceiverOptions;
  readonly #srtp: SrtpReceiver | undefined;
  readonly #srtcp: SrtcpSender | undefined;
  readonly #nacks: NackScheduler;
  /** The fragments that came while there was no key, so that none is stored twice. */
  readonly #sealed = new FragmentSet();
  #talker: MediaAddress | null = null;
  #pending: Fragment[] = [];

  constructor(options: RtpReceiverOptions) {
    this.id = options.id;
    this.ssrc = options.ssrc;
    this.#options = options;
    const { isEndless = false } = options;
    this.#nacks = new NackScheduler({ isEndless });
    this.#srtp = options.key ? new SrtpReceiver(options.key, options.ssrc, { isEndless }) : undefined;
    this.#srtcp = options.key ? new SrtcpSender(options.key) : undefined;
  }

  /** Whether it is a direction of a call. */
  get isEndless(): boolean {
    return this.#options.isEndless ?? false;
  }

  get canOpen(): boolean {
    return this.#srtp !== undefined;
  }

  /** NACKs go to this address; null once there is nobody to ask. */
  setTalker(talker: MediaAddress | null): void {
    this.#talker = talker;
  }

  /** A packet with the form of a fragment, or of a call's, and this receiver's SSRC. `at`: when it arrived. */
  receive(packet: Uint8Array, from: MediaAddress, at: number): Refusal | undefined {
    if (!this.#srtp) {
      const n = fragmentNumberOf(packet);
      if (this.#talker && this.#talker.address !== from.address) return 'wrong source';
      if (!this.#sealed.add(n)) return 'replayed';
      this.#keep(n, packet);
      return undefined;
    }
    const opened = this.#srtp.openNumbered(packet);
    if (typeof opened === 'string') return opened;
    const { n, frame } = opened;
    this.#nacks.received(n, at);
    this.#options.onFrame(n, frame, at);
    this.#keep(n, packet);
    return undefined;
  }

  /** The manifest came with the number of fragments: those at the end may be missing too. */
  end(count: number, now: number): void {
    this.#nacks.end(count, now);
  }

  /** Sends a NACK for what is due. Returns the time of the next call, undefined if nothing is missing. */
  ask(now: number): number | undefined {
    if (!this.#talker || !this.#srtcp) return undefined;
    const missing = this.#nacks.due(now);
    if (missing.length > 0) {
      const packet = buildNack(this.#options.senderSsrc, this.ssrc, missing);
      this.#options.send(this.#srtcp.seal(packet), this.#talker);
    }
    return this.#nacks.nextAt();
  }

  #keep(n: number, packet: Uint8Array): void {
    if (!this.#options.isEndless) this.#pending.push({ n, bytes: packet });
  }

  /** The fragments that came since the last call. */
  takePending(): Fragment[] {
    const pending = this.#pending;
    this.#pending = [];
    return gathered(pending);
  }
}
