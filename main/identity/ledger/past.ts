/** A set of small whole numbers, as bits. What a statement has in its past came before it, so its set needs no more bits than that. */
export class Past {
  readonly #words: Uint32Array;

  /** Room for the numbers below `size`. */
  constructor(size: number) {
    this.#words = new Uint32Array((size + 31) >>> 5);
  }

  has(index: number): boolean {
    return ((this.#words[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  hasAny(indices: readonly number[]): boolean {
    return indices.some((index) => this.has(index));
  }

  add(index: number): void {
    const word = index >>> 5;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << (index & 31));
  }

  addAll(other: Past): void {
    for (let word = 0; word < other.#words.length; word += 1) {
      this.#words[word] = (this.#words[word] ?? 0) | (other.#words[word] ?? 0);
    }
  }
}
