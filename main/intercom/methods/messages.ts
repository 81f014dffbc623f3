import type { Result } from '../../../preload/api.ts';
import { unwrapMessageKey } from '../../identity/index.ts';
import { CorridorError, type Fragment, type MessageId } from '../../model/index.ts';
import type { StoredMessage } from '../../store/index.ts';
import { findMessage, memberOf, type Handlers, type NodeContext } from '../node-context.ts';
import { playbackStatus } from '../views.ts';

type MessageMethod =
  | 'messages'
  | 'play'
  | 'playback'
  | 'waveform'
  | 'exportMessage'
  | 'forwardMessage'
  | 'deleteMessage'
  | 'restoreMessage';

/** What was said: listened to, handed on, thrown away. */
export function messageMethods(node: NodeContext): Pick<Handlers, MessageMethod> {
  const { store } = node;
  return {
    messages: () =>
      store
        .list()
        .filter((message) => message.roles.mine !== undefined)
        .reverse()
        .map((message) => node.summary(message)),
    play: async ({ which, speed }) => {
      const message = findMessage(node, which);
      await memberOf(node).play(message, speed ?? 1);
      return { id: message.id };
    },
    playback: ({ action, positionMs }) => {
      const { player } = memberOf(node);
      if (action === 'seek') player.seek(positionMs ?? 0);
      else if (action === 'pause' || action === 'resume' || action === 'stop') player.control(action);
      return player.playback ? playbackStatus(player.playback) : null;
    },
    waveform: () => ({ peaks: [], durationMs: 0 }),
    exportMessage: async ({ which, format, heard }) => {
      const message = findMessage(node, which);
      const file = await exportMessage(node, message, format);
      if (heard) memberOf(node).heard(message.id);
      return file;
    },
    forwardMessage: () => {
      throw new CorridorError('not-yet', 'Messages cannot be handed on yet.');
    },
    deleteMessage: async ({ id }) => {
      const message = store.get(id as MessageId);
      if (!message) return { deleted: false };
      if (node.membership?.player.playback?.id === id) node.membership.player.control('stop');
      await store.delete(message.id);
      node.tell({ type: 'notification-done', id });
      return { deleted: true };
    },
    restoreMessage: () => ({ restored: false }),
  };
}

async function exportMessage(
  { identity, store, sound }: NodeContext,
  message: StoredMessage,
  format: 'ogg' | 'wav',
): Promise<Result<'exportMessage'>> {
  const header = message.header.facts;
  const key = await unwrapMessageKey(identity, header);
  const count = message.manifest?.facts.count ?? message.held;
  const fragments: Fragment[] = [];
  while (fragments.length < count) {
    const batch = await store.read(message.id, fragments.length, count - fragments.length);
    if (batch.length === 0) break;
    fragments.push(...batch);
  }
  if (fragments.length < count || count === 0) {
    throw new CorridorError(
      'not-complete',
      'This message is not complete on this computer yet. Try again in a moment.',
    );
  }
  const { bytes, durationMs } = await sound.render({ ssrc: header.ssrc, key, fragments, count, format });
  return { base64: Buffer.from(bytes).toString('base64'), durationMs };
}
