import { randomBytes } from 'node:crypto';
import { EarlyFragments, KEEP_EARLY_MS } from './early-fragments.ts';
import type { MessageKey, MediaAddress, WorkerEvent } from './protocol.ts';
import { RtpReceiver } from './rtp-receiver.ts';
import { fragmentNumberOf, isCallPacket, isFragment, ssrcOf } from './rtp.ts';

const PASS_ON_EVERY_MS = 50;
const NO_FRAGMENT = 'no fragment';

interface RtpDemuxerParts {
  readonly send: (packet: Uint8Array, to: MediaAddress) => void;
  readonly emit: (event: WorkerEvent) => void;
  readonly clock: () => number;
  /** Chance, 0 to 1. */
  readonly random?: () => number;
  /** The first packet of an unknown message came. Its header and key are likely to follow. */
  readonly onUnknown: () => void;
  /** An opened Opus frame of a message. */
  readonly onFrame: (id: string, n: number, opusFrame: Uint8Array, at: number) => void;
}

interface ExpectedStream {
  readonly id: string;
  readonly ssrc: number;
  readonly key: MessageKey | null;
  readonly talker: MediaAddress | null;
  /** A direction of a call: nothing of it is handed on to be stored. */
  readonly isEndless?: boolean;
  /** It is sent to the office's group. */
  readonly isMulticast?: boolean | undefined;
}

/** Hands each fragment to the receiver of its SSRC (RFC 3550 §5.2), and keeps early ones until there is a receiver. */
export class RtpDemuxer {
  readonly #parts: RtpDemuxerParts;
  readonly #early = new EarlyFragments();
  readonly #byId = new Map<string, RtpReceiver>();
  readonly #bySsrc = new Map<number, RtpReceiver>();
  #askTimer: NodeJS.Timeout | undefined;
  #askAt = Infinity;
  #passOnTimer: NodeJS.Timeout | undefined;
  #expiryTimer: NodeJS.Timeout | undefined;

  constructor(parts: RtpDemuxerParts) {
    this.#parts = parts;
  }

  /** Takes the packets of this message from now on: first the early ones. */
  expect({ id, ssrc, key, talker, isEndless = false, isMulticast = false }: ExpectedStream): void {
    const { clock, random = Math.random } = this.#parts;
    let receiver = this.#byId.get(id);
    if (!receiver || (key && !receiver.canOpen)) {
      receiver = new RtpReceiver({
        id,
        ssrc,
        key,
        isEndless,
        multicast: isMulticast ? { since: clock(), random } : undefined,
        senderSsrc: randomBytes(4).readUInt32BE(0),
        send: this.#parts.send,
        onFrame: (n, frame, at) => this.#parts.onFrame(id, n, frame, at),
      });
      this.#byId.set(id, receiver);
      // A header that names another message's SSRC must not cut that message off. Its own fragments come over a link then.
      const holder = this.#bySsrc.get(ssrc);
      if (!holder || holder.id === id) this.#bySsrc.set(ssrc, receiver);
    }
    receiver.setTalker(talker);
    // With the key a fragment proves by itself whose it is. Without it, its source address is the only sign.
    const early = this.#early.take(ssrc, key ? null : (talker?.address ?? null), clock());
    for (const { packet, from, at, isByGroup } of early) this.#give(receiver, packet, from, at, isByGroup);
    this.#ask(receiver);
  }

  /** A packet; `isByGroup`: it was sent to the office's group. Returns why it was dropped. */
  receive(packet: Uint8Array, from: MediaAddress, isByGroup = false): string | undefined {
    // A packet that has not the form of a fragment may be one of a call, whose numbers have no end. Every call begins as a
    // message does.
    if (!isCallPacket(packet)) return NO_FRAGMENT;
    const now = this.#parts.clock();
    const receiver = this.#bySsrc.get(ssrcOf(packet));
    if (!isFragment(packet) && !receiver?.isEndless) return NO_FRAGMENT;
    if (receiver) return this.#give(receiver, packet, from, now, isByGroup);
    const outcome = this.#early.put(packet, from, now, isByGroup);
    if (outcome === 'new')
      this.#parts.emit({ type: 'early', ssrc: ssrcOf(packet), n: fragmentNumberOf(packet) });
    this.#expiryTimer ??= setTimeout(() => this.#expireEarly(), KEEP_EARLY_MS + 1);
    // What is sent to the group may be for others alone: nobody is at fault for it, and no loudspeaker gets ready.
    if (isByGroup) return undefined;
    if (outcome === 'new') this.#parts.onUnknown();
    return outcome === 'full' ? 'too many early fragments' : undefined;
  }

  end(id: string, count: number): void {
    const receiver = this.#byId.get(id);
    if (!receiver) return;
    receiver.end(count, this.#parts.clock());
    this.#ask(receiver);
  }

  forget(id: string): void {
    const receiver = this.#byId.get(id);
    if (!receiver) return;
    this.#passOn();
    this.#byId.delete(id);
    if (this.#bySsrc.get(receiver.ssrc) === receiver) this.#bySsrc.delete(receiver.ssrc);
  }

  close(): void {
    this.#passOn();
    clearTimeout(this.#askTimer);
    clearTimeout(this.#expiryTimer);
    this.#byId.clear();
    this.#bySsrc.clear();
  }

  #give(
    receiver: RtpReceiver,
    packet: Uint8Array,
    from: MediaAddress,
    at: number,
    isByGroup: boolean,
  ): string | undefined {
    const refusal = receiver.receive(packet, from, at, isByGroup);
    // Resending brings second copies: they are no news.
    if (refusal !== undefined) return refusal === 'replayed' ? undefined : refusal;
    this.#passOnTimer ??= setTimeout(() => this.#passOn(), PASS_ON_EVERY_MS);
    this.#ask(receiver);
    return undefined;
  }

  #ask(receiver: RtpReceiver): void {
    const next = receiver.ask(this.#parts.clock());
    if (next === undefined || next >= this.#askAt) return;
    this.#askAt = next;
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => this.#askAll(), Math.max(1, next - this.#parts.clock()));
  }

  #askAll(): void {
    this.#askAt = Infinity;
    for (const receiver of this.#byId.values()) this.#ask(receiver);
  }

  #passOn(): void {
    clearTimeout(this.#passOnTimer);
    this.#passOnTimer = undefined;
    for (const receiver of this.#byId.values()) {
      const fragments = receiver.takePending();
      if (fragments.length > 0) this.#parts.emit({ type: 'received', id: receiver.id, fragments });
    }
  }

  #expireEarly(): void {
    this.#early.expire(this.#parts.clock());
    this.#expiryTimer =
      this.#early.bytes > 0 ? setTimeout(() => this.#expireEarly(), KEEP_EARLY_MS + 1) : undefined;
  }
}
