import {
  FRAGMENT_HASH_BYTES,
  FRAGMENTS_HASHED_AT_ONCE,
  fromBase64url,
  hashOfFragment,
  MAX_FRAGMENTS,
  type FragmentHashes,
  type Fragment,
  type Signed,
} from '../model/index.ts';

/** Room for so many at first. */
const LEAST_HASHES = 128;
/** No hash is known. That a hash of 64 bits has this value does not happen. */
const NONE = 0n;

/**
 * What a message's talker signed of its fragments, and the hashes of those that are held: 8 bytes each. Which fragments are held
 * the table knows. Pure.
 */
export class FragmentCover {
  /** By the number of the first fragment. */
  readonly #statements = new Map<number, Signed>();
  readonly #signed = new Hashes();
  readonly #held = new Hashes();
  #end = 0;

  /** One more than the highest fragment that the talker vouched for. */
  get end(): number {
    return this.#end;
  }

  /** Whether nothing was signed yet of what begins with this fragment. The first statement counts. */
  lacks(from: number): boolean {
    return !this.#statements.has(from);
  }

  /** Takes what the talker signed. */
  add(signed: Signed, { from, hashes }: FragmentHashes): void {
    const bytes = fromBase64url(hashes);
    const count = bytes.length / FRAGMENT_HASH_BYTES;
    this.#statements.set(from, signed);
    for (let at = 0; at < count; at++)
      this.#signed.set(from + at, bytes.readBigUInt64BE(at * FRAGMENT_HASH_BYTES));
    this.#end = Math.max(this.#end, from + count);
  }

  /** Takes the hash of a fragment that is held from now on. False: it is not the one that the talker signed, and is not to be held. */
  admit({ n, bytes }: Fragment): boolean {
    const hash = hashOfFragment(bytes).readBigUInt64BE();
    const signed = this.#signed.get(n);
    if (signed !== NONE && signed !== hash) return false;
    this.#held.set(n, hash);
    return true;
  }

  /** The fragment that is held is not the one that the talker signed. */
  differs(n: number): boolean {
    const [signed, held] = [this.#signed.get(n), this.#held.get(n)];
    return signed !== NONE && held !== NONE && signed !== held;
  }

  /** The fragment that is held is the one that the talker signed. */
  isVouched(n: number): boolean {
    const signed = this.#signed.get(n);
    return signed !== NONE && signed === this.#held.get(n);
  }

  /** What the talker signed of fragments `from` ≤ n < `to`, in order. */
  statements(from = 0, to = MAX_FRAGMENTS): Signed[] {
    return [...this.#statements]
      .filter(([first]) => first < to && first + FRAGMENTS_HASHED_AT_ONCE > from)
      .sort(([one], [other]) => one - other)
      .map(([, signed]) => signed);
  }
}

/** One hash for each fragment, grown as the message grows. Most messages are for one person, and have none. */
class Hashes {
  #all = new BigUint64Array(0);

  get(n: number): bigint {
    return this.#all[n] ?? NONE;
  }

  set(n: number, hash: bigint): void {
    if (n >= this.#all.length) {
      const grown = new BigUint64Array(
        Math.min(MAX_FRAGMENTS, Math.max(n + 1, this.#all.length * 2, LEAST_HASHES)),
      );
      grown.set(this.#all);
      this.#all = grown;
    }
    this.#all[n] = hash;
  }
}
