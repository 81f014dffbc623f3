import { MAX_FRAGMENTS, type Fragment } from '../model/index.ts';
import { FanOut, type FanOutOptions } from './fan-out.ts';
import { gathered } from './gathered.ts';
import type { GroupReach, MessageKey, MediaAddress } from './protocol.ts';
import { parseGroupReport } from './rtcp-app.ts';
import { parseNack } from './rtcp.ts';
import { SentPackets } from './sent-packets.ts';
import { SrtcpReceiver } from './srtcp.ts';
import { SrtpSender } from './srtp.ts';

interface RtpSenderOptions extends FanOutOptions {
  readonly id: string;
  readonly ssrc: number;
  readonly key: MessageKey;
  /** A direction of a call: it has no last fragment, and nobody stores it. */
  readonly isEndless?: boolean;
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
}

/** One message, or one direction of a call, on its way out: each Opus frame sealed once, sent to every target or once for all, and kept to be sent again. */
export class RtpSender {
  readonly id: string;
  readonly ssrc: number;
  readonly #srtp: SrtpSender;
  readonly #srtcp: SrtcpReceiver;
  readonly #send: RtpSenderOptions['send'];
  readonly #sent: SentPackets;
  readonly #isEndless: boolean;
  readonly #fanOut: FanOut;
  #passedOn = 0;

  constructor(options: RtpSenderOptions) {
    this.id = options.id;
    this.ssrc = options.ssrc;
    this.#srtp = new SrtpSender(options.key, options.ssrc);
    this.#srtcp = new SrtcpReceiver(options.key);
    this.#send = options.send;
    this.#isEndless = options.isEndless ?? false;
    this.#sent = new SentPackets(this.#isEndless);
    this.#fanOut = new FanOut(options);
  }

  get count(): number {
    return this.#sent.count;
  }

  /** The longest message is reached: nothing more can be said in it. */
  get isFull(): boolean {
    return !this.#isEndless && this.#sent.count >= MAX_FRAGMENTS;
  }

  /** New targets get the following fragments at once, and ask for the earlier ones. @param own as in the options */
  setTargets(targets: readonly MediaAddress[], own?: number): void {
    this.#fanOut.setTargets(targets, own);
  }

  /** The header went out: listeners can say now whether the group reaches them. */
  announced(now: number): void {
    this.#fanOut.announced(now);
  }

  /** What became known of the targets in the group since the last call. */
  takeReach(): GroupReach[] {
    return this.#fanOut.takeReach();
  }

  /** Seals and sends the next Opus frame. */
  push(opusFrame: Uint8Array, now: number): void {
    if (this.isFull) return;
    const packet = this.#srtp.seal(this.#sent.count, opusFrame);
    this.#sent.push(packet);
    const last = this.#sent.count - 1;
    this.#fanOut.next(this.#sent.count, now, (n, to) => {
      const sealed = n === last ? packet : this.#sent.withSequence(n);
      if (sealed) this.#send(sealed, to);
    });
  }

  /** An SRTCP packet: sends the very same bytes again, to a target or to the group. Returns the reason where it does not. */
  answer(packet: Uint8Array, from: MediaAddress, now: number): string | undefined {
    if (!this.#fanOut.isTarget(from)) return 'asked by no target';
    const opened = this.#srtcp.open(packet);
    if (!opened) return 'forged';
    const report = parseGroupReport(opened);
    if (report?.media === this.ssrc) {
      this.#fanOut.report(from, report);
      return undefined;
    }
    const nack = parseNack(opened);
    if (nack?.media !== this.ssrc) return 'malformed';
    if (this.#fanOut.isLeftToSwitch(from)) return undefined;
    for (const n of nack.fragments) {
      const sealed = this.#sent.withSequence(n);
      if (!sealed) continue;
      const { to, refusal } = this.#fanOut.resend(from, n, now);
      if (refusal !== undefined) return refusal;
      if (to) this.#send(sealed, to);
    }
    return undefined;
  }

  /** The fragments made since the last call: for this node’s own store. */
  takePending(): Fragment[] {
    const from = this.#passedOn;
    this.#passedOn = this.#sent.count;
    return gathered(this.#sent.from(from).map((bytes, i) => ({ n: from + i, bytes })));
  }
}
