import type { MediaAddress } from './protocol.ts';
import { ssrcOf } from './rtp.ts';

export const KEEP_EARLY_MS = 2000;
const MAX_STREAMS = 32;
const MAX_STREAMS_PER_ADDRESS = 8;
/** Two seconds of one message, and a little. */
const MAX_FRAGMENTS_PER_STREAM = 256;
const MAX_BYTES = 1024 * 1024;

interface EarlyFragment {
  readonly packet: Uint8Array;
  readonly from: MediaAddress;
  /** It was sent to the office's group. */
  readonly isByGroup: boolean;
  /** When it arrived, by the caller's clock. */
  readonly at: number;
}

interface Stream {
  readonly ssrc: number;
  readonly address: string;
  readonly fragments: EarlyFragment[];
  /** When the first fragment came. The whole stream is forgotten at a fixed time after that, whatever follows. */
  readonly since: number;
  bytes: number;
}

/**
 * Fragments of messages whose header has not come yet: a talker sends them without waiting for it. Bounded in streams (in
 * all and by address), fragments, bytes and age, so that nobody can fill the memory. Time is an argument, milliseconds.
 */
export class EarlyFragments {
  readonly #streams = new Map<string, Stream>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** 'new' for the first fragment of a stream, 'full' if there is no room for it. */
  put(packet: Uint8Array, from: MediaAddress, now: number, isByGroup = false): 'new' | 'kept' | 'full' {
    this.expire(now);
    if (this.#bytes + packet.length > MAX_BYTES) return 'full';
    const ssrc = ssrcOf(packet);
    const key = `${from.address} ${ssrc}`;
    let stream = this.#streams.get(key);
    const isNew = !stream;
    if (!stream) {
      if (this.#streams.size >= MAX_STREAMS || this.#countOf(from.address) >= MAX_STREAMS_PER_ADDRESS)
        return 'full';
      stream = { ssrc, address: from.address, fragments: [], since: now, bytes: 0 };
      this.#streams.set(key, stream);
    }
    if (stream.fragments.length >= MAX_FRAGMENTS_PER_STREAM) return 'full';
    stream.fragments.push({ packet, from, isByGroup, at: now });
    stream.bytes += packet.length;
    this.#bytes += packet.length;
    return isNew ? 'new' : 'kept';
  }

  /** Takes out the fragments of a stream that came from that address or, with null, from any. */
  take(ssrc: number, address: string | null, now: number): EarlyFragment[] {
    this.expire(now);
    const taken: EarlyFragment[] = [];
    for (const [key, stream] of this.#streams) {
      if (stream.ssrc !== ssrc || (address !== null && stream.address !== address)) continue;
      taken.push(...stream.fragments);
      this.#remove(key, stream);
    }
    return taken.sort((a, b) => a.at - b.at);
  }

  expire(now: number): void {
    for (const [key, stream] of this.#streams) {
      if (now - stream.since > KEEP_EARLY_MS) this.#remove(key, stream);
    }
  }

  #remove(key: string, stream: Stream): void {
    this.#bytes -= stream.bytes;
    this.#streams.delete(key);
  }

  #countOf(address: string): number {
    let count = 0;
    for (const stream of this.#streams.values()) if (stream.address === address) count += 1;
    return count;
  }
}
