import type { Fragment } from '../model/index.ts';
import { FragmentSet } from './fragment-set.ts';
import { gathered } from './gathered.ts';
import { GroupListening } from './group-listening.ts';
import { NackScheduler } from './nack.ts';
import type { MessageKey, MediaAddress } from './protocol.ts';
import { buildGroupReport } from './rtcp-app.ts';
import { buildNack } from './rtcp.ts';
import { fragmentNumberOf } from './rtp.ts';
import { SrtcpSender } from './srtcp.ts';
import { SrtpReceiver } from './srtp.ts';

interface RtpReceiverOptions {
  readonly id: string;
  readonly ssrc: number;
  /** Null where this node keeps fragments for others, and cannot open them. */
  readonly key: MessageKey | null;
  /** Names this receiver in its NACKs: random, so that no two share an SRTCP stream. */
  readonly senderSsrc: number;
  /** A direction of a call: it has no last fragment, and nobody stores it. */
  readonly isEndless?: boolean;
  /** It is sent to the office's group: since when it is expected, and chance from 0 to 1. */
  readonly multicast?: { readonly since: number; readonly random: () => number } | undefined;
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
  /** Each opened Opus frame, as it comes. */
  readonly onFrame: (n: number, opusFrame: Uint8Array, at: number) => void;
}

/** Each listener asks at a random moment within this time for a fragment that many may have lost, ms. */
const SPREAD_MS = 20;

export type Refusal = 'replayed' | 'forged' | 'wrong source';

/** One message, or one direction of a call, on its way in over the network: authentic, each fragment once, gaps asked for. */
export class RtpReceiver {
  readonly id: string;
  readonly ssrc: number;
  readonly #options: RtpReceiverOptions;
  readonly #srtp: SrtpReceiver | undefined;
  readonly #srtcp: SrtcpSender | undefined;
  readonly #nacks: NackScheduler;
  /** Until all of it is said. */
  #listening: GroupListening | undefined;
  /** The fragments that came while there was no key, so that none is stored twice. */
  readonly #sealed = new FragmentSet();
  #talker: MediaAddress | null = null;
  #pending: Fragment[] = [];

  constructor(options: RtpReceiverOptions) {
    this.id = options.id;
    this.ssrc = options.ssrc;
    this.#options = options;
    const { isEndless = false } = options;
    const { multicast } = options;
    const spread = multicast && (() => multicast.random() * SPREAD_MS);
    this.#listening = multicast && new GroupListening(multicast.since, multicast.random);
    this.#nacks = new NackScheduler({ isEndless, ...(spread && { spread }) });
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

  /**
   * A packet with the form of a fragment, or of a call's, and this receiver's SSRC. `at`: when it arrived; `isByGroup`: it was sent to
   * the office's group.
   */
  receive(packet: Uint8Array, from: MediaAddress, at: number, isByGroup = false): Refusal | undefined {
    if (!this.#srtp) {
      const n = fragmentNumberOf(packet);
      if (this.#talker && this.#talker.address !== from.address) return 'wrong source';
      if (!this.#sealed.add(n)) return 'replayed';
      this.#keep(n, packet);
      return undefined;
    }
    const opened = this.#srtp.openNumbered(packet);
    if (opened !== 'forged') this.#listening?.received({ isByGroup, isNew: opened !== 'replayed' }, at);
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
    this.#listening = undefined;
  }

  /** Sends a NACK for what is due, and what the talker is to know of the group. Returns the time of the next call, if there is one. */
  ask(now: number): number | undefined {
    if (!this.#talker || !this.#srtcp) return undefined;
    const { senderSsrc } = this.#options;
    const kind = this.#listening?.due(now);
    if (kind) {
      const report = buildGroupReport(senderSsrc, { kind, media: this.ssrc, next: this.#nacks.known });
      this.#options.send(this.#srtcp.seal(report), this.#talker);
    }
    const missing = this.#nacks.due(now);
    if (missing.length > 0) {
      const packet = buildNack(senderSsrc, this.ssrc, missing);
      this.#options.send(this.#srtcp.seal(packet), this.#talker);
    }
    const next = Math.min(this.#nacks.nextAt() ?? Infinity, this.#listening?.nextAt() ?? Infinity);
    return next === Infinity ? undefined : next;
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
