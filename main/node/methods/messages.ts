import type { Result } from '../../../preload/api.ts';
import { unwrapMessageKey } from '../../identity/index.ts';
import { assertNever, CorridorError, type Fragment, type MessageId } from '../../model/index.ts';
import type { StoredMessage } from '../../store/index.ts';
import { recipientsOf } from '../dial-effects.ts';
import { Deletions } from '../deletions.ts';
import { forward } from '../forwarding.ts';
import { findMessage, memberOf, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import type { Player } from '../player.ts';
import { UNDO_MS } from '../profile.ts';
import { playbackStatus } from '../views.ts';
import { Waveforms } from '../waveforms.ts';

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
  const { store, identity, media } = node;
  const waveforms = new Waveforms({ identity, store, media, log: node.options.log });
  const deletions = new Deletions(store, UNDO_MS);
  node.onClose(() => {
    waveforms.close();
    deletions.close();
  });
  return {
    messages: () =>
      store
        .shown()
        .reverse()
        .map((message) => node.summary(message)),
    play: async ({ which, ...options }) => {
      const message = findMessage(node, which);
      await memberOf(node).play(message, options);
      return { id: message.id };
    },
    playback: (asked) => playback(memberOf(node).player, asked),
    waveform: ({ id }) => waveforms.of(findMessage(node, id)),
    exportMessage: async ({ which, format, heard }) => {
      const message = findMessage(node, which);
      const file = await exportMessage(node, message, format);
      if (heard) memberOf(node).heard(message.id);
      return file;
    },
    forwardMessage: ({ id, dial }) => forwardMessage(node, findMessage(node, id), dial),
    deleteMessage: async ({ id }) => {
      const message = store.get(id as MessageId);
      if (message?.roles.mine === undefined) return { deleted: false };
      if (node.membership?.outgoing.current?.id === id) {
        throw new CorridorError('still-talking', 'You are still saying this. Delete it when you are done.');
      }
      const deleted = await deletions.delete(message.id);
      node.membership?.silence(message.id);
      if (deleted) node.tell({ type: 'notification-done', id });
      return { deleted };
    },
    restoreMessage: async ({ id }) => ({ restored: await deletions.restore(id as MessageId) }),
  };
}

async function playback(
  player: Player,
  { action, positionMs, speed }: Checked<'playback'>,
): Promise<Result<'playback'>> {
  switch (action) {
    case 'pause':
    case 'resume':
    case 'stop':
      player.control(action);
      break;
    case 'seek':
      player.seek(positionMs ?? 0);
      break;
    case 'speed':
      player.setSpeed(speed ?? 1);
      break;
    case 'skip':
      await player.skip();
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
  memberOf(node);
  const recipients = recipientsOf(node, dialled);
  const { talker, forwardedFrom } = message.header.facts;
  const own = node.roster.own.record;
  const to = recipients[0]?.extension ?? dialled;
  const names = recipients.map(({ name }) => name);
  const speaker = talker === node.identity.nodeId ? own : node.roster.directory.get(talker);
  const spokenBy = forwardedFrom ?? speaker?.name ?? 'Somebody unknown';
  const forwarded = await forward(node, message, { recipients, from: own.extension, to, spokenBy });
  const { header, manifest } = forwarded;
  // Where it is joining the office anew just now, what waits is told as soon as it has.
  node.membership?.hand(header.signed, header.facts, manifest);
  return { id: header.facts.id, to, names };
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
      { details: { wish: 'export' } },
    );
  }
  const { bytes, durationMs } = await sound.render({ ssrc: header.ssrc, key, fragments, count, format });
  return { base64: Buffer.from(bytes).toString('base64'), durationMs };
}
