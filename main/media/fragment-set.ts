import { MAX_FRAGMENTS } from '../model/index.ts';

const FIRST_BYTES = 128;

/** Which fragments of a message are there: one bit each. It grows with the message, to 7.5 kB at most. */
export class FragmentSet {
  #bits = new Uint8Array(FIRST_BYTES);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(n: number): boolean {
    return ((this.#bits[n >> 3] ?? 0) & (1 << (n & 7))) !== 0;
  }

  /** False if it was there already. @throws RangeError beyond the longest message */
  add(n: number): boolean {
    if (!Number.isInteger(n) || n < 0 || n >= MAX_FRAGMENTS)
      throw new RangeError(`no fragment has number ${n}`);
    if (this.has(n)) return false;
    if (n >> 3 >= this.#bits.length) {
      const grown = new Uint8Array(Math.max((n >> 3) + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[n >> 3]! |= 1 << (n & 7);
    this.#size += 1;
    return true;
  }
}
