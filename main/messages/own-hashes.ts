import { FragmentHash } from '../identity/index.ts';
import { FRAGMENTS_HASHED_AT_ONCE, hashOfFragment, type NodeId } from '../model/index.ts';

/** Hashes of fragments that follow each other, ready to be signed. */
export interface HashedFragments {
  /** The number of the first one. */
  readonly from: number;
  /** 8 bytes for each. */
  readonly hashes: Buffer;
}

/**
 * Whether a message's talker signs hashes of its fragments on the way. Several recipients all have the key, and each could seal
 * fragments in the talker's voice. A single recipient gains nothing by that.
 */
export function needsHashes(recipients: readonly { readonly node: NodeId }[]): boolean {
  return recipients.length > 1;
}

/**
 * What the talker of a message signs of its fragments: a hash of all of them at the end, and hashes of parts on the way where it
 * must.
 */
export class OwnHashes {
  /** Of all fragments so far: for the manifest. */
  readonly whole = new FragmentHash();
  readonly #isHashed: boolean;
  #from = 0;
  #hashes: Buffer[] = [];
  #ready: HashedFragments[] = [];

  constructor(recipients: readonly { readonly node: NodeId }[]) {
    this.#isHashed = needsHashes(recipients);
  }

  /** Takes the next fragment. */
  add(fragment: Uint8Array): void {
    this.whole.add(fragment);
    if (!this.#isHashed) return;
    this.#hashes.push(hashOfFragment(fragment));
    if (this.#hashes.length === FRAGMENTS_HASHED_AT_ONCE) this.end();
  }

  /** No further fragment follows, so the last statement may cover fewer. */
  end(): void {
    if (this.#hashes.length === 0) return;
    this.#ready.push({ from: this.#from, hashes: Buffer.concat(this.#hashes) });
    this.#from += this.#hashes.length;
    this.#hashes = [];
  }

  /** What is to be signed now. */
  take(): readonly HashedFragments[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
