import { isAlone } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { findMessage, type Checked, type NodeContext } from './node-context.ts';
import { noVoice, refuseSoundTest } from './sound-test.ts';

interface PlayOptions extends Pick<Checked<'play'>, 'positionMs' | 'speed' | 'all'> {
  /** The person sees the words of a message that has no voice. Where they do not, they have to be spoken. */
  readonly isSeen?: boolean;
}

/** The oldest unheard message with a voice; where there is none, the oldest that is to be read. @throws CorridorError `nothing-unheard` */
export function nextToPlay(node: NodeContext): StoredMessage {
  return (
    node.messages.kept.unheard().find(({ header }) => !isAlone(header.facts)) ?? findMessage(node, 'next')
  );
}

/** Plays a message. What has no voice is read, and a voice of this computer speaks it. @throws CorridorError as `Player.play`, `refuseSoundTest` */
export async function playMessage(
  node: NodeContext,
  message: StoredMessage,
  { isSeen = false, ...options }: PlayOptions = {},
): Promise<void> {
  if (isAlone(message.header.facts)) await read(node, message, isSeen);
  else await node.messages.player.play(message, options);
}

async function read(node: NodeContext, message: StoredMessage, isSeen: boolean): Promise<void> {
  const { messages, ownVoice, sound } = node;
  const isSounding = messages.inbox.isLive(message.id);
  if (isSeen) messages.inbox.heard(message.id);
  // It sounds already, or did until now.
  if (isSounding) return;
  const text = await messages.typed.open(message);
  const language = message.header.facts.words?.language;
  const pcm = text === undefined ? undefined : await ownVoice.readOut({ text, language });
  if (!pcm && isSeen) return;
  if (!pcm) throw noVoice();
  refuseSoundTest(node, 'play');
  await sound.soundTest('play', pcm);
  messages.inbox.heard(message.id, { isSpoken: true });
}
