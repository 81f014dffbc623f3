import { rename, rm, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { MessageSummary } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError, whyOf } from '../model/index.ts';
import { awaitEvent, gone, interruption } from './await-event.ts';
import { seconds } from './describe.ts';
import { UsageError } from './exit.ts';
import type { Output } from './output.ts';

/** How long playing may take, ms: the longest message, and time to catch up with a live one. */
const PLAY_TIMEOUT_MS = 20 * 60_000;
const PLAY_ALL_TIMEOUT_MS = 24 * 60 * 60_000;

interface PlayArguments {
  readonly speed?: number | undefined;
  readonly wait: boolean;
}

/** Plays a message, or `all` unheard ones, on the node's loudspeaker and waits for the end; Ctrl+C stops it. */
export async function play(
  node: RemoteNode,
  which: string,
  { speed, wait }: PlayArguments,
  output: Output,
): Promise<void> {
  const { asked, stop } = interruption();
  const all = which === 'all';
  const heard: string[] = [];
  const over = awaitEvent(node, all ? PLAY_ALL_TIMEOUT_MS : PLAY_TIMEOUT_MS, (event) => {
    if (event.type !== 'playback') return undefined;
    if (event.playback === null) return heard.length > 0 ? true : undefined;
    if (heard[heard.length - 1] !== event.playback.id) {
      heard.push(event.playback.id);
      if (heard.length > 1) say(node, event.playback.id, output).catch(() => undefined);
    }
    return undefined;
  });
  try {
    const { id } = await node.call('play', {
      which: all ? 'next' : which,
      ...(all ? { all } : {}),
      ...(speed === undefined ? {} : { speed }),
    });
    const message = await say(node, id, output);
    if (wait && !message?.words?.isAlone) {
      await Promise.race([over, asked, gone(node)]).catch(async (error: unknown) => {
        // A node that has ended plays nothing, and refuses this.
        await node.call('playback', { action: 'stop' }).catch(() => undefined);
        throw error;
      });
    }
    output.give(all && wait ? { ids: heard } : { id });
  } finally {
    stop();
  }
}

/** Prints the talker and the duration of the message that begins; of one without a voice its words. */
async function say(node: RemoteNode, id: string, output: Output): Promise<MessageSummary | undefined> {
  const [message] = await node.call('messages', { which: id });
  if (!message) {
    output.say(`playing ${id}`);
    return undefined;
  }
  const { name, extension, forwardedFrom, words, durationMs } = message;
  const spokenBy = forwardedFrom === null ? '' : `, spoken by ${forwardedFrom}`;
  const what = words?.isAlone ? `: ${words.text ?? ''}` : `, ${seconds(durationMs)}`;
  output.say(`${name} (${extension})${spokenBy}${what}`);
  return message;
}

/**
 * Saves a message as a file that any player plays: Ogg Opus or WAV, by the name's ending. `heard`: marks it as heard, since the person
 * will listen to the file.
 */
export async function save(
  node: RemoteNode,
  which: string,
  path: string,
  heard: boolean,
  output: Output,
): Promise<void> {
  const format = formatOf(path);
  const { base64, durationMs } = await node.call('exportMessage', { which, format, heard });
  const temporary = `${path}.${process.pid}.part`;
  try {
    await writeFile(temporary, Buffer.from(base64, 'base64'));
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    const reason = whyOf(cause);
    throw new CorridorError('not-written', `${path} could not be written: ${reason}`, { cause });
  }
  output.give({ path, format, durationMs });
  output.say(format === 'txt' ? path : `${path}: ${seconds(durationMs)}`);
}

/** The format of a file name. @throws UsageError where its ending is none */
export function formatOf(path: string): 'ogg' | 'wav' | 'txt' {
  switch (extname(path).toLowerCase()) {
    case '.txt':
      return 'txt';
    case '.ogg':
    case '.opus':
      return 'ogg';
    case '.wav':
      return 'wav';
    default:
      throw new UsageError(`${path} must end in .ogg (Ogg Opus), .wav or .txt.`);
  }
}
