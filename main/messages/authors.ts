import { verifyHeader, verifyManifest } from '../identity/index.ts';
import {
  fromBase64url,
  headerSchema,
  manifestSchema,
  readStatement,
  type Header,
  type Manifest,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import type { Statement } from '../store/index.ts';
import type { OfficePort } from './ports.ts';

/*
 * Who may say what of a message. Every member can sign anything, and what it signs is genuine: a header and an end count only where
 * the talker of that message signed them. (A receipt speaks for its signer alone; the store knows what a node can say of it.)
 */

/** The header, if its talker is a known member and signed it. */
export function headerOf(
  signed: Signed,
  office: Pick<OfficePort, 'signingKeyOf'>,
): Statement<Header> | undefined {
  const key = keyOf(readStatement(signed, headerSchema)?.talker, office);
  const facts = key && verifyHeader(signed, key);
  return facts && { signed, facts };
}

/** The end of this message, if its own talker signed it. */
export function endOf(
  { id, talker }: Pick<Header, 'id' | 'talker'>,
  signed: Signed,
  office: Pick<OfficePort, 'signingKeyOf'>,
): Statement<Manifest> | undefined {
  const claimed = readStatement(signed, manifestSchema);
  if (claimed?.id !== id || claimed.talker !== talker) return undefined;
  const key = keyOf(talker, office);
  const facts = key && verifyManifest(signed, key);
  return facts && { signed, facts };
}

function keyOf(node: NodeId | undefined, office: Pick<OfficePort, 'signingKeyOf'>): Uint8Array | undefined {
  const key = node && office.signingKeyOf(node);
  return key === undefined ? undefined : fromBase64url(key);
}
