import { openWords, type Identity } from '../identity/index.ts';
import type { MessageKey } from '../media/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { TypedWords } from './compose.ts';
import { keyOf } from './message-key.ts';

/**
 * The words of a message that is kept here. Undefined: its talker typed none, or they have not come yet.
 * @throws CorridorError as `keyOf` and `openWords`
 */
export async function wordsOf(
  identity: Identity,
  message: Pick<StoredMessage, 'header' | 'local'>,
): Promise<TypedWords | undefined> {
  return wordsIn(message, await keyOf(identity, message));
}

/** As `wordsOf`, where the message's key is known already. */
export function wordsIn(
  { header: { signed, facts } }: Pick<StoredMessage, 'header'>,
  { masterKey }: MessageKey,
): TypedWords | undefined {
  if (!facts.words || signed.words === undefined) return undefined;
  const { hash: _hash, ...about } = facts.words;
  return { ...about, text: openWords(signed.words, { masterKey, id: facts.id, talker: facts.talker }) };
}
