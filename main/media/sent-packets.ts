import { SEQUENCES } from './packet-index.ts';
import { RECENT_FRAGMENTS } from './recent-fragments.ts';

/** The packets of a stream that can be sent again: all of a message; of a call, which has no end, the last ten seconds. */
export class SentPackets {
  readonly #packets: (Uint8Array | undefined)[] = [];
  readonly #isEndless: boolean;
  #count = 0;

  constructor(isEndless: boolean) {
    this.#isEndless = isEndless;
  }

  get count(): number {
    return this.#count;
  }

  push(packet: Uint8Array): void {
    this.#packets[this.#placeOf(this.#count)] = packet;
    this.#count += 1;
  }

  /** The latest packet with that sequence number; undefined where it was not sent yet, or is gone. */
  withSequence(sequence: number): Uint8Array | undefined {
    const last = this.#count - 1;
    const n = last - ((last - sequence) & (SEQUENCES - 1));
    const isKept = n >= 0 && (!this.#isEndless || n > last - RECENT_FRAGMENTS);
    return isKept ? this.#packets[this.#placeOf(n)] : undefined;
  }

  /** Those from number `n` on, of a message. */
  from(n: number): readonly Uint8Array[] {
    return this.#packets.slice(n).flatMap((packet) => packet ?? []);
  }

  #placeOf(n: number): number {
    return this.#isEndless ? n % RECENT_FRAGMENTS : n;
  }
}
