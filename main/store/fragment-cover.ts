import {
  FRAGMENT_HASH_BYTES,
  fromBase64url,
  hashOfFragment,
  MAX_FRAGMENTS,
  type FragmentHashes,
  type Fragment,
  type Signed,
} from '../model/index.ts';

/** The initial capacity, in hashes. */
const LEAST_HASHES = 128;
/** Marks an unknown hash. A 64-bit hash of this value is too improbable to matter. */
const NONE = 0n;

/**
 * A talker's signed hashes of a message's fragments, and the hashes of the held fragments: 8 bytes each. (`FragmentTable` knows which
 * fragments are held.) Pure.
 */
export class FragmentCover {
  /** By the number of the first fragment. `end`: one more than the last one's. */
  readonly #statements = new Map<number, { readonly signed: Signed; readonly end: number }>();
  readonly #signed = new Hashes();
  readonly #held = new Hashes();
  #end = 0;

  /** One more than the highest fragment that the talker vouched for. */
  get end(): number {
    return this.#end;
  }

  /** Whether no statement is here yet that begins with this fragment. The first one counts. */
  lacks(from: number): boolean {
    return !this.#statements.has(from);
  }

  /** Adds a statement of the talker. Of two statements on one fragment the first counts. */
  add(signed: Signed, { from, hashes }: FragmentHashes): void {
    const bytes = fromBase64url(hashes);
    const end = from + bytes.length / FRAGMENT_HASH_BYTES;
    this.#statements.set(from, { signed, end });
    for (let n = from; n < end; n++)
      if (this.#signed.get(n) === NONE)
        this.#signed.set(n, bytes.readBigUInt64BE((n - from) * FRAGMENT_HASH_BYTES));
    this.#end = Math.max(this.#end, end);
  }

  /** Adds the hash of a fragment. False: it differs from the one that the talker signed, so the fragment must not be held. */
  admit({ n, bytes }: Fragment): boolean {
    const hash = hashOfFragment(bytes).readBigUInt64BE();
    const signed = this.#signed.get(n);
    if (signed !== NONE && signed !== hash) return false;
    this.#held.set(n, hash);
    return true;
  }

  /** Whether the held fragment differs from the one that the talker signed. */
  differs(n: number): boolean {
    const [signed, held] = [this.#signed.get(n), this.#held.get(n)];
    return signed !== NONE && held !== NONE && signed !== held;
  }

  /** Whether the held fragment is the one that the talker signed. */
  isVouched(n: number): boolean {
    const signed = this.#signed.get(n);
    return signed !== NONE && signed === this.#held.get(n);
  }

  /** The talker's statements on fragments `from` ≤ n < `to`, in order. */
  statements(from = 0, to = MAX_FRAGMENTS): Signed[] {
    return [...this.#statements]
      .filter(([first, { end }]) => first < to && end > from)
      .sort(([one], [other]) => one - other)
      .map(([, { signed }]) => signed);
  }
}

/** An array of one hash for each fragment, which grows with the message. Most messages are for one person, and have no hashes. */
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
