import type { CallStatus, Caption } from '../../preload/api.ts';
import type { Directory } from '../directory/index.ts';
import type { Messages } from '../messages/index.ts';
import type { MessageId } from '../model/index.ts';
import type { CaptionText } from './captioning.ts';
import { nameOf } from './recipient-views.ts';

interface Voices {
  readonly messages: Pick<Messages, 'kept'>;
  readonly directory: Directory;
  readonly calls: readonly CallStatus[];
}

/** A caption as it is shown; null: there is none, or whose voice it was is gone. */
export function captionView(
  said: CaptionText | null,
  { messages, directory, calls }: Voices,
): Caption | null {
  if (!said) return null;
  const { of, id, phrases, partial } = said;
  if (of === 'call') {
    const call = calls.find((one) => one.id === id);
    return call ? { id, name: call.name, extension: call.extension, phrases, partial } : null;
  }
  const header = messages.kept.get(id as MessageId)?.header.facts;
  if (!header) return null;
  return { id, name: nameOf(header.talker, directory), extension: header.from, phrases, partial };
}
