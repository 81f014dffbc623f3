import type { NodeId } from '../model/index.ts';
import type { NodeContext } from './node-context.ts';

/** Whether a message between that person and this one goes on, or just ended. They are there then, even if they have diverted. */
export function isSpokenWith(
  { messages, roster }: Pick<NodeContext, 'messages' | 'roster'>,
  person: NodeId,
): boolean {
  const { replies, turns, outgoing } = messages;
  const talkers = [replies.talker ?? [], turns.waiting.map(({ talker }) => talker)].flat();
  return (
    talkers.some((talker) => roster.directory.get(talker)?.person === person) ||
    (outgoing.current?.recipients.some((recipient) => recipient.person === person) ?? false)
  );
}
