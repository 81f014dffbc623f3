import { FragmentHash } from '../identity/index.ts';
import { fragmentsHashedAtOnce, hashOfFragment, type NodeId } from '../model/index.ts';

/** Hashes of fragments that follow each other, ready to be signed. */
export interface HashedFragments {
  /** The number of the first fragment. */
  readonly from: number;
  /** 8 bytes for each. */
  readonly hashes: Buffer;
}

/**
 * Whether the talker signs hashes of fragments while it speaks. Several recipients all have the key, so each could forge fragments of
 * the talker for the others. A single recipient could only deceive itself.
 */
export function needsHashes(recipients: readonly { readonly node: NodeId }[]): boolean {
  return recipients.length > 1;
}

/**
 * Hashes a message's fragments for its talker to sign: all of them for the manifest, and parts while it speaks where that is needed.
 */
export class OwnHashes {
  /** The hash of all fragments so far, for the manifest. */
  readonly whole = new FragmentHash();
  readonly #isHashed: boolean;
  readonly #atOnce: number;
  #from = 0;
  #hashes: Buffer[] = [];
  #ready: HashedFragments[] = [];

  constructor(recipients: readonly { readonly node: NodeId }[]) {
    this.#isHashed = needsHashes(recipients);
    this.#atOnce = fragmentsHashedAtOnce(recipients.length);
  }

  /** Takes the next fragment. */
  add(fragment: Uint8Array): void {
    this.whole.add(fragment);
    if (!this.#isHashed) return;
    this.#hashes.push(hashOfFragment(fragment));
    if (this.#hashes.length === this.#atOnce) this.end();
  }

  /** No further fragment follows, so the last statement may cover fewer. */
  end(): void {
    if (this.#hashes.length === 0) return;
    this.#ready.push({ from: this.#from, hashes: Buffer.concat(this.#hashes) });
    this.#from += this.#hashes.length;
    this.#hashes = [];
  }

  /** The hashes that are ready to be signed. */
  take(): readonly HashedFragments[] {
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }
}
