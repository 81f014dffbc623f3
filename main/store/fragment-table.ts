import { MAX_FRAGMENTS, type FragmentRange } from '../model/index.ts';

/** Offset of a fragment that is held in memory and not in the file yet. */
export const IN_MEMORY = 0;

/** Which fragments of one message are held, and where in its file: 6 bytes each, so that ten minutes take 360 KB. */
export class FragmentTable {
  #offsets = new Uint32Array(256);
  /** 0: not held. No fragment is empty. */
  #lengths = new Uint16Array(256);
  #held = 0;
  #end = 0;

  get held(): number {
    return this.#held;
  }

  /** One more than the highest number held. */
  get end(): number {
    return this.#end;
  }

  has(n: number): boolean {
    return n < this.#end && this.#lengths[n]! > 0;
  }

  /** The offset of the fragment's record in the file, or IN_MEMORY. Ask only for what is held. */
  offset(n: number): number {
    return this.#offsets[n]!;
  }

  length(n: number): number {
    return this.#lengths[n] ?? 0;
  }

  set(n: number, offset: number, length: number): void {
    if (n >= this.#lengths.length) this.#grow(n);
    if (this.#lengths[n] === 0) this.#held++;
    this.#offsets[n] = offset;
    this.#lengths[n] = length;
    if (n >= this.#end) this.#end = n + 1;
  }

  drop(n: number): void {
    if (!this.has(n)) return;
    this.#lengths[n] = 0;
    this.#held--;
    while (this.#end > 0 && this.#lengths[this.#end - 1] === 0) this.#end--;
  }

  /** Forgets every fragment from `count` on. */
  cut(count: number): void {
    while (this.#end > count) this.drop(this.#end - 1);
  }

  clear(): void {
    this.cut(0);
  }

  /** The lowest number held at or after `n`, or undefined. */
  next(n: number): number | undefined {
    for (let at = n; at < this.#end; at++) if (this.#lengths[at]! > 0) return at;
    return undefined;
  }

  /** The fragments below `count` that are not held, as ascending ranges. */
  missing(count: number): FragmentRange[] {
    const ranges: FragmentRange[] = [];
    let from = -1;
    for (let n = 0; n < Math.min(count, this.#end); n++) {
      if (this.#lengths[n]! > 0) {
        if (from >= 0) ranges.push({ from, to: n });
        from = -1;
      } else if (from < 0) from = n;
    }
    if (from < 0 && this.#end < count) from = this.#end;
    if (from >= 0) ranges.push({ from, to: count });
    return ranges;
  }

  #grow(n: number): void {
    const size = Math.min(MAX_FRAGMENTS, Math.max(this.#lengths.length * 2, n + 1));
    const offsets = new Uint32Array(size);
    const lengths = new Uint16Array(size);
    offsets.set(this.#offsets);
    lengths.set(this.#lengths);
    this.#offsets = offsets;
    this.#lengths = lengths;
  }
}
