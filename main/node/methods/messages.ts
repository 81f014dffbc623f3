import type { Result } from '../../../preload/api.ts';
import { assertNever, CorridorError, isUnsure, type MessageId } from '../../model/index.ts';
import { reachedBy } from '../dial-effects.ts';
import { followed, labelsOf } from '../diverts.ts';
import { groupOf } from '../groups.ts';
import type { StoredMessage } from '../../store/index.ts';
import { findMessage, requireSetUp, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { findMessages, messagePage } from '../message-pages.ts';
import { textsFor } from '../node-texts.ts';
import { nextToPlay, playMessage } from '../play-message.ts';
import { playbackStatus } from '../views.ts';

type MessageMethod =
  | 'messages'
  | 'findMessages'
  | 'play'
  | 'playLastWords'
  | 'playback'
  | 'waveform'
  | 'exportMessage'
  | 'transcript'
  | 'forwardMessage'
  | 'deleteMessage'
  | 'restoreMessage';

/** Messages: playing, forwarding, deleting. */
export function messageMethods(node: NodeContext): Pick<Handlers, MessageMethod> {
  const { messages } = node;
  return {
    messages: (asked) => messagePage(node, asked),
    findMessages: (asked) => findMessages(node, asked),
    play: async ({ which, ...options }) => {
      const message = which === 'next' ? nextToPlay(node) : findMessage(node, which);
      // A person who opens it has seen its words.
      await playMessage(node, message, { ...options, isSeen: true });
      return { id: message.id };
    },
    playLastWords: async () => ({ durationMs: await messages.player.playLastWords() }),
    playback: (asked) => playback(node, asked),
    transcript: ({ which, again }) => transcript(node, findMessage(node, which), again),
    waveform: ({ id }) => messages.waveforms.of(findMessage(node, id)),
    exportMessage: async ({ which, format, heard }) => {
      const message = findMessage(node, which);
      const file = await exportMessage(node, message, format);
      if (heard) messages.inbox.heard(message.id);
      return file;
    },
    forwardMessage: ({ id, dial }) => forwardMessage(node, findMessage(node, id), dial),
    deleteMessage: async ({ id }) => {
      const message = messages.kept.get(id as MessageId);
      if (message?.roles.mine === undefined) return { deleted: false };
      if (messages.outgoing.current?.id === id) {
        throw new CorridorError('still-talking', 'You are still saying this. Delete it when you are done.');
      }
      return { deleted: await messages.delete(message.id) };
    },
    restoreMessage: async ({ id }) => ({ restored: await messages.retention.restore(id as MessageId) }),
  };
}

function noWords(): CorridorError {
  return new CorridorError(
    'no-words',
    'Nothing was typed or written down of this message, so there is no text to save.',
  );
}

/** @throws CorridorError `no-transcript` where there is none yet; it is made then, before all others */
async function transcript(
  { transcripts, transcribing }: NodeContext,
  message: StoredMessage,
  again = false,
): Promise<Result<'transcript'>> {
  const kept = again ? undefined : await transcripts.open(message.id);
  if (kept) {
    const { text, words, confidence } = kept;
    return {
      text,
      words: words.map((word) => ({ ...word, isUnsure: isUnsure(word.confidence) })),
      confidence,
      isUnsure: isUnsure(confidence),
    };
  }
  transcribing.ask(message);
  throw new CorridorError('no-transcript', 'Nothing of this message is written down yet.');
}

async function playback(
  { messages }: NodeContext,
  { action, positionMs, speed }: Checked<'playback'>,
): Promise<Result<'playback'>> {
  const { player, turns } = messages;
  switch (action) {
    case 'pause':
    case 'resume':
      player.control(action);
      break;
    case 'stop':
      turns.later();
      player.control(action);
      break;
    case 'later':
      turns.later();
      break;
    case 'seek':
      player.seek(positionMs ?? 0);
      break;
    case 'speed':
      player.setSpeed(speed ?? 1);
      break;
    case 'skip':
      await turns.skip();
      break;
    default:
      assertNever(action);
  }
  return player.playback ? playbackStatus(player.playback) : null;
}

async function forwardMessage(
  node: NodeContext,
  message: StoredMessage,
  dialled: string,
): Promise<Result<'forwardMessage'>> {
  const { extension: from } = requireSetUp(node);
  const { recipients: meant, isQuiet, groups = [], page } = reachedBy(node, dialled);
  if (page) {
    const sentence = `${dialled} pages, and nothing is forwarded by it. Dial an extension.`;
    throw new CorridorError('nobody', sentence, {
      phrase: { code: 'dial-only-pages', details: { dialled } },
    });
  }
  const group = groupOf(groups, meant);
  const reached = isQuiet ? { nodes: meant, diverted: [] } : followed(node.roster, meant);
  const { nodes: recipients, diverted } = reached;
  const { talker, forwardedFrom } = message.header.facts;
  const to = (group && groups[0]?.extension) ?? meant[0]?.extension ?? dialled;
  const names = labelsOf(reached, node.roster.directory);
  const how = { diverted, ...(isQuiet && { isDirect: isQuiet }), ...(group && { group }) };
  const spokenBy = forwardedFrom ?? node.roster.directory.get(talker)?.name ?? 'Somebody unknown';
  const id = await node.messages.forward(message, { recipients, from, to, forwardedFrom: spokenBy, ...how });
  return { id, to, names };
}

/** What an engine understood of a message, a guess with a mark: whoever reads the file later sees no engine. */
async function understood({ transcripts, profile }: NodeContext, id: MessageId): Promise<string | undefined> {
  const { text = '', confidence = null } = (await transcripts.open(id)) ?? {};
  if (text === '') return undefined;
  return isUnsure(confidence) ? (await textsFor(profile.settings)).understood.unsure(text) : text;
}

/** @throws CorridorError `no-words` where text is wanted and there is none, and as `Messages.open` */
async function exportMessage(
  node: NodeContext,
  message: StoredMessage,
  format: 'ogg' | 'wav' | 'txt',
): Promise<Result<'exportMessage'>> {
  const { messages, sound } = node;
  const words = (await messages.typed.open(message)) ?? (await understood(node, message.id));
  if (format === 'txt') {
    if (!words) throw noWords();
    return { base64: Buffer.from(`${words}\n`).toString('base64'), durationMs: 0 };
  }
  const opened = await messages.open(message);
  const { bytes, durationMs } = await sound.render({ ...opened, format, ...(words && { words }) });
  return { base64: Buffer.from(bytes).toString('base64'), durationMs };
}
