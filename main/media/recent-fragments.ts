/** Ten seconds: an older fragment comes too late to be heard. A power of two. */
export const RECENT_FRAGMENTS = 1024;

/**
 * Which of the latest fragments of a stream without end are there; the replay list of RFC 3711 §3.3.2. Older fragments count as
 * there.
 */
export class RecentFragments {
  readonly #bits = new Uint8Array(RECENT_FRAGMENTS / 8);
  #highest = -1;

  has(n: number): boolean {
    if (n > this.#highest) return false;
    if (n <= this.#highest - RECENT_FRAGMENTS) return true;
    return (this.#byteOf(n) & bitOf(n)) !== 0;
  }

  /** False if it was there already. */
  add(n: number): boolean {
    if (this.has(n)) return false;
    if (n - this.#highest >= RECENT_FRAGMENTS) this.#bits.fill(0);
    else for (let passed = this.#highest + 1; passed < n; passed++) this.#clear(passed);
    this.#bits[placeOf(n)]! |= bitOf(n);
    this.#highest = Math.max(this.#highest, n);
    return true;
  }

  #byteOf(n: number): number {
    return this.#bits[placeOf(n)]!;
  }

  #clear(n: number): void {
    this.#bits[placeOf(n)]! &= ~bitOf(n);
  }
}

function placeOf(n: number): number {
  return (n % RECENT_FRAGMENTS) >> 3;
}

function bitOf(n: number): number {
  return 1 << (n & 7);
}
