/** A bit set of the indices of the statements in one statement's past. */
export class Past {
  readonly #words: Uint32Array;

  /** An empty set with room for indices below `size`. */
  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  /** It has room for indices below this. */
  get size(): number {
    return this.#words.length << 5;
  }

  has(index: number): boolean {
    return ((this.#words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  hasAny(indices: Iterable<number>): boolean {
    for (const index of indices) if (this.has(index)) return true;
    return false;
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
  }

  /** Adds a set that needs no more room than this one has. */
  addAll(other: Past): void {
    for (let word = 0; word < other.#words.length; word += 1) {
      this.#words[word] = (this.#words[word] ?? 0) | (other.#words[word] ?? 0);
    }
  }
}
