import type { Result } from '../../../preload/api.ts';
import { readWav } from '../../../native-audio/index.ts';
import { CorridorError, type MessageId, type NodeId, type KnownNode } from '../../model/index.ts';
import { reachedBy, type Reached } from '../dial-effects.ts';
import { requireSetUp, type Handlers, type NodeContext } from '../node-context.ts';
import { noDevice } from '../sound.ts';

/** Key down and key up. */
export function talkMethods(
  node: NodeContext,
): Pick<Handlers, 'talkPress' | 'talkRelease' | 'talkRecording'> {
  return {
    talkPress: ({ dial, reply, person }) => {
      if (dial === undefined && person !== undefined) {
        throw new CorridorError('bad-arguments', 'Whoever names a person says their extension too.', {
          phrase: null,
        });
      }
      if (dial !== undefined && reply !== undefined) {
        throw new CorridorError('bad-arguments', 'Either somebody is dialled, or a message is replied to.', {
          phrase: null,
        });
      }
      requireSetUp(node);
      if (reply !== undefined) return talk(node, aloud([talkerOf(node, reply)]));
      if (dial === undefined) return talk(node, aloud(chosen(node)));
      const theirs = person === undefined ? undefined : node.known.reach(dial, person as NodeId);
      return talk(node, theirs ? aloud(theirs) : reachedBy(node, dial));
    },
    talkRelease: () => ({ id: node.messages.outgoing.release() ?? null }),
    talkRecording: ({ dial, wavBase64 }) => {
      const pcm = readWav(Buffer.from(wavBase64, 'base64'));
      const { id } = talk(node, reachedBy(node, dial), pcm);
      return { id, durationMs: Math.round(pcm.length / 48) };
    },
  };
}

const aloud = (recipients: readonly KnownNode[]): Reached => ({ recipients, isQuiet: false });

/** Whom the talk key reaches. @throws CorridorError `number-moved`, `nobody-chosen` */
function chosen(node: NodeContext): readonly KnownNode[] {
  const { messages, roster, known, profile } = node;
  const talker = messages.inbox.speaking[0]?.talker;
  const speaker = talker === undefined ? undefined : roster.directory.get(talker);
  if (speaker) return known.nodesOf(speaker.person);
  const { lastDialled, lastPerson } = profile.settings;
  if (lastDialled !== null) {
    const theirs = lastPerson === null ? undefined : known.reach(lastDialled, lastPerson);
    if (theirs) return theirs;
    if (roster.directory.resolve(lastDialled).length > 0) return reachedBy(node, lastDialled).recipients;
  }
  throw new CorridorError(
    'nobody-chosen',
    'Choose somebody to talk to first: a person in the list, or a number.',
  );
}

/** Who spoke the message; `last`: who is speaking to me now, else the talker of the last one that came in. */
function talkerOf(node: NodeContext, reply: string): KnownNode {
  const { messages, roster } = node;
  const speaking = messages.inbox.speaking[0]?.talker;
  const talker = reply === 'last' ? (speaking ?? lastTalker(node)) : talkerOfMessage(node, reply);
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

function lastTalker({ messages }: NodeContext): NodeId | undefined {
  return messages.kept.list({ mine: 'recipient' }).pop()?.header.facts.talker;
}

function talk(node: NodeContext, { recipients, isQuiet }: Reached, pcm?: Int16Array): Result<'talkPress'> {
  const { extension: from } = requireSetUp(node);
  const { microphone } = node.sound.state;
  if (!pcm && (microphone.state === 'missing' || microphone.state === 'failed')) {
    throw noDevice('no-microphone', microphone);
  }
  const to = recipients[0]?.extension ?? '';
  const begun = node.messages.outgoing.press({ recipients, from, to, ...(isQuiet && { isQuiet }) }, pcm);
  node.troubles.set('microphone', undefined);
  // Somebody whose extension belongs to another by now is reached by reply only.
  const isReached = node.roster.directory.resolve(begun.to)[0]?.node === recipients[0]?.node;
  const person = recipients[0]?.person;
  if (isReached && person !== undefined && !isQuiet)
    void node.profile.note({ lastDialled: begun.to, lastPerson: person });
  for (const recipient of recipients) node.known.know(recipient.person);
  return { id: begun.id, to: begun.to, names: recipients.map((record) => record.name) };
}
