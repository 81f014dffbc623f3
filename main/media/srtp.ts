import { createCipheriv, createDecipheriv } from 'node:crypto';
import { FragmentSet } from './fragment-set.ts';
import { PacketIndex, rolloverOf, sequenceOf } from './packet-index.ts';
import type { MessageKey } from './protocol.ts';
import { RecentFragments } from './recent-fragments.ts';
import {
  fragmentNumberOf,
  isCallPacket,
  isFragment,
  RTP_HEADER_BYTES,
  rtpHeaderLength,
  ssrcOf,
  TAG_BYTES,
  writeRtpHeader,
} from './rtp.ts';
import { rtpKeys, writeRtpIv, type SessionKeys } from './srtp-keys.ts';

const CIPHER = 'aes-128-gcm';
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** Makes the fragments of one message, or of one direction of a call: SRTP with AEAD_AES_128_GCM (RFC 7714 §8), no MKI. */
export class SrtpSender {
  readonly #keys: SessionKeys;
  readonly #ssrc: number;
  readonly #iv = Buffer.alloc(12);
  #next = 0;

  constructor(key: MessageKey, ssrc: number) {
    this.#keys = rtpKeys(key);
    this.#ssrc = ssrc;
  }

  /**
   * Seals the Opus frame as fragment `n`, in memory of its own.
   * @throws RangeError unless n is the next: a number that is sealed twice would give the key away
   */
  seal(n: number, opusFrame: Uint8Array): Buffer {
    if (n !== this.#next) throw new RangeError(`fragment ${n} is not the next`);
    this.#next += 1;
    const packet = Buffer.allocUnsafeSlow(RTP_HEADER_BYTES + opusFrame.length + TAG_BYTES);
    writeRtpHeader(packet, n, this.#ssrc);
    writeRtpIv(this.#iv, this.#keys.salt, this.#ssrc, rolloverOf(n), sequenceOf(n));
    const cipher = createCipheriv(CIPHER, this.#keys.key, this.#iv, OPTIONS);
    cipher.setAAD(packet.subarray(0, RTP_HEADER_BYTES));
    packet.set(cipher.update(opusFrame), RTP_HEADER_BYTES);
    cipher.final();
    packet.set(cipher.getAuthTag(), RTP_HEADER_BYTES + opusFrame.length);
    return packet;
  }
}

/** What can be opened, and the number of the fragment that it is. */
export interface Opened {
  readonly n: number;
  readonly frame: Uint8Array;
}

/** Opens the fragments of one message, or of one direction of a call. */
export class SrtpReceiver {
  readonly #keys: SessionKeys;
  readonly #ssrc: number;
  readonly #hasForm: (packet: Uint8Array) => boolean;
  readonly #seen: FragmentSet | RecentFragments;
  /** A message has no index besides its sequence number. */
  readonly #index: PacketIndex | undefined;
  readonly #iv = Buffer.alloc(12);

  constructor(key: MessageKey, ssrc: number, { isEndless = false } = {}) {
    this.#keys = rtpKeys(key);
    this.#ssrc = ssrc;
    this.#hasForm = isEndless ? isCallPacket : isFragment;
    this.#seen = isEndless ? new RecentFragments() : new FragmentSet();
    this.#index = isEndless ? new PacketIndex() : undefined;
  }

  /** The Opus frame of a packet from the network, or why there is none. */
  open(packet: Uint8Array): Uint8Array | 'replayed' | 'forged' {
    const opened = this.openNumbered(packet);
    return typeof opened === 'string' ? opened : opened.frame;
  }

  /**
   * The same with its number. The replay list (RFC 3711 §3.3.2) covers a whole message, since a resent fragment may be late by any
   * time; of a call it covers what an ear can still want.
   */
  openNumbered(packet: Uint8Array): Opened | 'replayed' | 'forged' {
    if (!this.#hasForm(packet) || ssrcOf(packet) !== this.#ssrc) return 'forged';
    const sequence = fragmentNumberOf(packet);
    const n = this.#index?.estimate(sequence) ?? sequence;
    if (this.#seen.has(n)) return 'replayed';
    const frame = openRtp(this.#keys, packet, rolloverOf(n), this.#iv);
    if (!frame) return 'forged';
    this.#seen.add(n);
    this.#index?.accepted(n);
    return { n, frame };
  }

  /** The Opus frame of fragment `n` of a store, as often as wanted; undefined if it is not that fragment, whole. */
  openAt(n: number, packet: Uint8Array): Uint8Array | undefined {
    if (!isFragment(packet) || ssrcOf(packet) !== this.#ssrc || fragmentNumberOf(packet) !== n)
      return undefined;
    return openRtp(this.#keys, packet, 0, this.#iv);
  }
}

/** Opens any SRTP packet (RFC 7714 §8.2) at a rollover count; undefined if it is not authentic. */
export function openRtp(
  keys: SessionKeys,
  packet: Uint8Array,
  rollover: number,
  iv: Buffer = Buffer.alloc(12),
): Uint8Array | undefined {
  const header = rtpHeaderLength(packet);
  if (header === undefined || packet.length < header + TAG_BYTES) return undefined;
  writeRtpIv(iv, keys.salt, ssrcOf(packet), rollover, fragmentNumberOf(packet));
  const decipher = createDecipheriv(CIPHER, keys.key, iv, OPTIONS);
  decipher.setAAD(packet.subarray(0, header));
  decipher.setAuthTag(packet.subarray(packet.length - TAG_BYTES));
  const frame = decipher.update(packet.subarray(header, packet.length - TAG_BYTES));
  try {
    decipher.final();
    return frame;
  } catch {
    return undefined;
  }
}
