import { PossessionProof, type PossessionClaim } from '../identity/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';

/** This many fragments are hashed before other work of the thread has its turn: about a millisecond. */
const FRAGMENTS_AT_ONCE = 256;

/**
 * Computes the proof from the disk. Undefined where not all of the message is there. Other work of the thread has its turn in
 * between.
 */
export async function proofOf(
  read: MessageReader,
  { id, state, manifest }: StoredMessage,
  claim: PossessionClaim,
  nextTurn: () => Promise<void>,
): Promise<string | undefined> {
  if (state !== 'complete' || !manifest) return undefined;
  const { count } = manifest.facts;
  const proof = new PossessionProof(claim);
  let done = 0;
  while (done < count) {
    const batch = await read.read(id, done, Math.min(FRAGMENTS_AT_ONCE, count - done));
    if (batch.length === 0) return undefined;
    for (const { bytes } of batch) proof.add(bytes);
    done += batch.length;
    await nextTurn();
  }
  return proof.digest();
}
