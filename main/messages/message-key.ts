import { unwrapMessageKey, type Identity } from '../identity/index.ts';
import type { MessageKey } from '../media/index.ts';
import { CorridorError, keyGrantSchema, readStatement } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';

/**
 * Unwraps the key of a message that is kept here: the header's, or one that was granted since.
 * @throws CorridorError `key-not-here` where it is for this person and no key of it is here yet, and as `unwrapMessageKey`
 */
export function keyOf(
  identity: Identity,
  { header, local }: Pick<StoredMessage, 'header' | 'local'>,
): Promise<MessageKey> {
  if (local.sealed) {
    const sentence =
      'The key of this message is not on this computer yet. Your other computer, or that of whoever said it, has to be on once to hand it over.';
    return Promise.reject(new CorridorError('key-not-here', sentence));
  }
  const own = new Set([identity.nodeId, ...identity.former.map(({ nodeId }) => nodeId)]);
  const granted = (local.grants ?? []).flatMap(({ node, grant }) =>
    own.has(node) ? (readStatement(grant, keyGrantSchema)?.key ?? []) : [],
  );
  return unwrapMessageKey(identity, header.facts, granted);
}
