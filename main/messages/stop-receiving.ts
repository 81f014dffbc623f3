import type { MessageId } from '../model/index.ts';
import type { Archive } from './archive.ts';
import type { MediaPort } from './ports.ts';

interface StopReceivingParts {
  readonly archive: Pick<Archive, 'read'>;
  readonly media: Pick<MediaPort, 'post'>;
}

/**
 * A message sounds no more. Where it is whole already, the media worker has kept its receiver for the sound alone, and forgets it. The
 * rest of a message that is not whole still comes. An own one stays: the worker may have to send parts of it again.
 */
export function stopReceiving({ archive, media }: StopReceivingParts, id: MessageId): void {
  const message = archive.read.get(id);
  if (message?.state === 'complete' && message.roles.mine !== 'talker') media.post({ type: 'forget', id });
}
