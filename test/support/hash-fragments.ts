import { FragmentHash } from '../../main/identity/index.ts';

/** The hash that the manifest of a message with these fragments has. */
export function hashFragments(fragments: Iterable<Uint8Array>): string {
  const hash = new FragmentHash();
  for (const fragment of fragments) hash.add(fragment);
  return hash.digest();
}
