import { addressKey, MAX_FRAGMENTS, type Fragment } from '../model/index.ts';
import type { MessageKey, MediaAddress } from './protocol.ts';
import { gathered } from './gathered.ts';
import { parseNack } from './rtcp.ts';
import { SentPackets } from './sent-packets.ts';
import { SrtcpReceiver } from './srtcp.ts';
import { SrtpSender } from './srtp.ts';

/** How many fragments one target may have resent, at once and per second: twice what a loss of a fifth of all packets needs. */
const RESEND_BURST = 300;
const RESENDS_PER_SECOND = 400;
/** How many fragments of one message go to an address from which its node has not answered: a record can name anybody's. */
const MAX_UNBELIEVED = 10;

export interface RtpSenderOptions {
  readonly id: string;
  readonly ssrc: number;
  readonly key: MessageKey;
  readonly targets: readonly MediaAddress[];
  /** A direction of a call: it has no last fragment, and nobody stores it. */
  readonly isEndless?: boolean;
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
}

interface Budget {
  left: number;
  at: number;
}

/** One message, or one direction of a call, on its way out: each Opus frame sealed once, sent to every target, and kept to be sent again. */
export class RtpSender {
  readonly id: string;
  readonly ssrc: number;
  readonly #srtp: SrtpSender;
  readonly #srtcp: SrtcpReceiver;
  readonly #send: RtpSenderOptions['send'];
  readonly #sent: SentPackets;
  readonly #isEndless: boolean;
  readonly #budgets = new Map<string, Budget>();
  /** How many fragments went to each address that was not believed. */
  readonly #unbelieved = new Map<string, number>();
  #targets: readonly MediaAddress[];
  #passedOn = 0;

  constructor(options: RtpSenderOptions) {
    this.id = options.id;
    this.ssrc = options.ssrc;
    this.#srtp = new SrtpSender(options.key, options.ssrc);
    this.#srtcp = new SrtcpReceiver(options.key);
    this.#send = options.send;
    this.#isEndless = options.isEndless ?? false;
    this.#sent = new SentPackets(this.#isEndless);
    this.#targets = options.targets;
  }

  get count(): number {
    return this.#sent.count;
  }

  /** The longest message is reached: nothing more can be said in it. */
  get isFull(): boolean {
    return !this.#isEndless && this.#sent.count >= MAX_FRAGMENTS;
  }

  /** New targets get the following fragments at once, and ask for the earlier ones. */
  setTargets(targets: readonly MediaAddress[]): void {
    this.#targets = targets;
  }

  /** Seals and sends the next Opus frame. */
  push(opusFrame: Uint8Array): void {
    if (this.isFull) return;
    const packet = this.#srtp.seal(this.#sent.count, opusFrame);
    for (const target of this.#targets) if (this.#mayGoTo(target)) this.#send(packet, target);
    this.#sent.push(packet);
  }

  /** An SRTCP packet: sends the very same bytes again, to a target only. Returns the reason where it does not. */
  answer(packet: Uint8Array, from: MediaAddress, now: number): string | undefined {
    const target = this.#targets.find(({ address, port }) => address === from.address && port === from.port);
    if (!target) return 'asked by no target';
    const opened = this.#srtcp.open(packet);
    if (!opened) return 'forged';
    const nack = parseNack(opened);
    if (nack?.media !== this.ssrc) return 'malformed';
    const budget = this.#budgetOf(target, now);
    for (const n of nack.fragments) {
      const sealed = this.#sent.withSequence(n);
      if (!sealed) continue;
      if (!this.#mayGoTo(target)) return 'asked from an address that is not believed';
      if (budget.left < 1) return 'asked for too much';
      budget.left -= 1;
      this.#send(sealed, target);
    }
    return undefined;
  }

  /** The fragments made since the last call: for this node’s own store. */
  takePending(): Fragment[] {
    const from = this.#passedOn;
    this.#passedOn = this.#sent.count;
    return gathered(this.#sent.from(from).map((bytes, i) => ({ n: from + i, bytes })));
  }

  /** Counts a fragment to an address that is not believed. */
  #mayGoTo(target: MediaAddress): boolean {
    if (target.isBelieved !== false) return true;
    const sent = this.#unbelieved.get(addressKey(target)) ?? 0;
    this.#unbelieved.set(addressKey(target), sent + 1);
    return sent < MAX_UNBELIEVED;
  }

  #budgetOf(target: MediaAddress, now: number): Budget {
    const name = addressKey(target);
    const budget = this.#budgets.get(name) ?? { left: RESEND_BURST, at: now };
    this.#budgets.set(name, budget);
    budget.left = Math.min(RESEND_BURST, budget.left + ((now - budget.at) * RESENDS_PER_SECOND) / 1000);
    budget.at = now;
    return budget;
  }
}
