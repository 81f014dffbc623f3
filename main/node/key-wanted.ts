import { localizedText } from '../../i18n/index.ts';
import type { MessageSummary } from '../../preload/api.ts';
import type { NodeId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';

/** Whose computer has to hand over the key. */
export function keyWanted(
  { header: { facts }, local }: Pick<StoredMessage, 'header' | 'local'>,
  nameOf: (node: NodeId) => string,
  {
    isSelf,
    isRemoved,
  }: { readonly isSelf: (node: NodeId) => boolean; readonly isRemoved: (node: NodeId) => boolean },
): MessageSummary['keyWanted'] {
  if (!local.sealed) return null;
  const isWithOwn = facts.recipients.some((node) => isSelf(node) && !isRemoved(node));
  const talker = isWithOwn ? null : nameOf(facts.talker);
  const whose = talker === null ? 'Your other computer' : `The computer of ${talker}`;
  return localizedText('key-wanted', `${whose} has to be on once to hand over the key.`, { talker });
}
