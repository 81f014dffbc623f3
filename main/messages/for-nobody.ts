import type { Header, NodeId } from '../model/index.ts';
import type { MessageReader } from './archive.ts';
import { MAX_FOR_NOBODY } from './limits.ts';
import type { OfficePort } from './ports.ts';

/** Whether none of its recipients is known here, and the talker's budget for such messages is used up. */
export function isOverForNobody(
  { talker, recipients }: Header,
  read: MessageReader,
  office: Pick<OfficePort, 'signingKeyOf'>,
): boolean {
  const isForNobody = (of: readonly NodeId[]) => !of.some((node) => office.signingKeyOf(node));
  if (!isForNobody(recipients)) return false;
  const kept = read.those('others').filter(({ header: { facts } }) => {
    return facts.talker === talker && isForNobody(facts.recipients);
  });
  return kept.length >= MAX_FOR_NOBODY;
}
