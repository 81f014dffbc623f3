import { CorridorError, type KnownNode, type MessageId, type NodeId } from '../model/index.ts';
import { lastTalker } from './dial-effects.ts';
import type { NodeContext } from './node-context.ts';

/**
 * Who spoke the message; `last`: who is speaking to me now, else the talker of the last one that came in.
 * @throws CorridorError `nobody-spoke`, `talker-unknown`, `no-message`, `own-message`
 */
export function talkerOf(node: NodeContext, reply: string): KnownNode {
  const { messages, roster } = node;
  const talker = reply === 'last' ? lastTalker(node) : talkerOfMessage(node, reply);
  if (talker === undefined) {
    throw new CorridorError('nobody-spoke', 'Nobody has talked to you yet, so there is nobody to reply to.');
  }
  const record = roster.directory.get(talker);
  if (record) return record;
  const from = messages.kept.get(reply as MessageId)?.header.facts.from;
  throw new CorridorError(
    'talker-unknown',
    `Whoever spoke this${from === undefined ? '' : ` (extension ${from})`} is not known in this office any more. Dial somebody else.`,
    { details: { extension: from ?? null } },
  );
}

function talkerOfMessage({ messages }: NodeContext, id: string): NodeId {
  const message = messages.kept.get(id as MessageId);
  if (!message?.roles.mine) {
    throw new CorridorError(
      'no-message',
      'The message is not here any more. Choose the person in the list instead.',
      { details: { which: null } },
    );
  }
  const { talker, to } = message.header.facts;
  if (message.roles.mine === 'talker') {
    throw new CorridorError('own-message', `You spoke this message yourself. To talk again, dial ${to}.`, {
      details: { extension: to },
    });
  }
  return talker;
}
