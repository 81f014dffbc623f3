import { verifyFragmentHashes, verifyHeader, verifyManifest } from '../identity/index.ts';
import {
  fragmentHashesSchema,
  fromBase64url,
  manifestSchema,
  readHeader,
  readStatement,
  withOwnWords,
  type FragmentHashes,
  type Header,
  type Manifest,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { Statement } from '../store/index.ts';
import type { OfficePort } from './ports.ts';

/**
 * Who may say what about a message. Every member can sign anything, and the signature is genuine. So a header, hashes of
 * fragments and a manifest count only where the talker of that message signed them. (A receipt speaks for its signer alone; the
 * store knows what a node can say of it.)
 */

/** Where the keys of talkers are looked up. */
export type Keys = Pick<OfficePort, 'signingKeyOf' | 'formerKeyOf'>;

/**
 * The header, if a known member signed it as its talker. `orFormer`: the talker may have been removed. What a talker said before
 * the removal must still reach its recipients. Nobody can prove that it was before, so the caller looks at who brings it.
 */
export function headerOf(signed: Signed, keys: Keys, orFormer = false): Statement<Header> | undefined {
  const key = keyOf(readHeader(signed)?.talker, keys, orFormer);
  const facts = key && verifyHeader(signed, key);
  return facts && { signed: withOwnWords(signed, facts), facts };
}

/** The manifest of this message, if its own talker signed it. `orFormer` as for a header. */
export function endOf(
  message: Pick<Header, 'id' | 'talker'>,
  signed: Signed,
  keys: Keys,
  orFormer = false,
): Statement<Manifest> | undefined {
  const claimed = readStatement(signed, manifestSchema);
  const key = keyOfMessage(message, claimed, keys, orFormer);
  const facts = key && verifyManifest(signed, key);
  return facts && { signed, facts };
}

/** Hashes of fragments of this message, if its own talker signed them. `orFormer` as for a header. */
export function hashesOf(
  message: Pick<Header, 'id' | 'talker'>,
  signed: Signed,
  keys: Keys,
  orFormer = false,
): Statement<FragmentHashes> | undefined {
  const claimed = readStatement(signed, fragmentHashesSchema);
  const key = keyOfMessage(message, claimed, keys, orFormer);
  const facts = key && verifyFragmentHashes(signed, key);
  return facts && { signed, facts };
}

/** The talker's key, where the statement names this message and this talker. */
function keyOfMessage(
  { id, talker }: Pick<Header, 'id' | 'talker'>,
  claimed: Pick<Header, 'id' | 'talker'> | undefined,
  keys: Keys,
  orFormer: boolean,
): Uint8Array | undefined {
  return claimed?.id === id && claimed.talker === talker ? keyOf(talker, keys, orFormer) : undefined;
}

function keyOf(node: NodeId | undefined, keys: Keys, orFormer: boolean): Uint8Array | undefined {
  const key = node && (keys.signingKeyOf(node) ?? (orFormer ? keys.formerKeyOf(node) : undefined));
  return key === undefined ? undefined : fromBase64url(key);
}
