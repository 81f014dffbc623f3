import { createHash } from 'node:crypto';
import { MAX_FRAGMENT_BYTES } from '../model/index.ts';

/** The hash that a manifest signs: SHA-256 over every fragment in order, each after its length as two bytes, big endian. */
export class FragmentHash {
  readonly #hash = createHash('sha256');
  readonly #length = Buffer.alloc(2);
  #count = 0;

  /** Fragments added so far. */
  get count(): number {
    return this.#count;
  }

  add(fragment: Uint8Array): this {
    if (fragment.length > MAX_FRAGMENT_BYTES) throw new RangeError('fragment too long');
    this.#length.writeUInt16BE(fragment.length);
    this.#hash.update(this.#length).update(fragment);
    this.#count += 1;
    return this;
  }

  /** The hash of what was added so far, 43 characters of base64url; more may follow. */
  digest(): string {
    return this.#hash.copy().digest('base64url');
  }
}
