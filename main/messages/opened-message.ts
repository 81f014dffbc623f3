import type { Identity } from '../identity/index.ts';
import type { MessageKey } from '../media/index.ts';
import { CorridorError, type Fragment } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import { keyOf } from './message-key.ts';

/** A whole message with the key that opens it: what is needed to make a file of it. */
export interface OpenedMessage {
  readonly ssrc: number;
  readonly key: MessageKey;
  readonly fragments: readonly Fragment[];
  readonly count: number;
}

/** @throws CorridorError `not-complete` where a fragment is missing here, and as `keyOf` */
export async function openMessage(
  identity: Identity,
  read: MessageReader,
  message: StoredMessage,
): Promise<OpenedMessage> {
  const { id, header, manifest, held } = message;
  const { ssrc } = header.facts;
  const key = await keyOf(identity, message);
  // A message that was broken off has no manifest: only the part that its talker vouched for goes into the file.
  const count = manifest?.facts.count ?? Math.min(held, read.vouched(id));
  const fragments: Fragment[] = [];
  while (fragments.length < count) {
    const batch = await read.read(id, fragments.length, count - fragments.length);
    if (batch.length === 0) break;
    fragments.push(...batch);
  }
  if (fragments.length < count || count === 0) {
    throw new CorridorError(
      'not-complete',
      'This message is not complete on this computer yet. Try again in a moment.',
      { details: { wish: 'export' } },
    );
  }
  return { ssrc, key, fragments, count };
}
