import type { MessageSummary, Transcript } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';
import { awaitEvent, gone, interruption } from './await-event.ts';
import { describeTranscript } from './describe.ts';
import type { Output } from './output.ts';

/** A slow computer needs this long for ten minutes of speech, ms. */
const PATIENCE_MS = 30 * 60_000;

/**
 * Prints what was said in a message, and waits for that where it is not written down yet.
 * @throws CorridorError `no-recogniser`; `not-transcribed` where the engine fails, with its sentence
 */
export async function printTranscript(
  node: RemoteNode,
  id: string,
  again: boolean,
  output: Output,
): Promise<void> {
  const transcript = await transcriptOf(node, id, again);
  output.give(transcript);
  output.say(describeTranscript(transcript) || 'nothing was understood');
}

async function transcriptOf(node: RemoteNode, id: string, again: boolean): Promise<Transcript> {
  const { asked, stop } = interruption();
  try {
    const ended = awaitEvent(node, PATIENCE_MS, (event) =>
      event.type === 'message' && event.message.id === id && isOver(event.message)
        ? event.message
        : undefined,
    );
    try {
      return await node.call('transcript', { which: id, again });
    } catch (error) {
      if (!(error instanceof CorridorError && error.code === 'no-transcript')) throw error;
    }
    const message = await Promise.race([ended, asked, gone(node)]);
    if (message?.transcript?.state === 'failed') throw notTranscribed(message);
    return await node.call('transcript', { which: id });
  } finally {
    stop();
  }
}

function isOver({ transcript }: MessageSummary): boolean {
  return transcript?.state === 'failed' || (transcript?.state === 'done' && transcript.text !== null);
}

function notTranscribed({ transcript }: MessageSummary): CorridorError {
  const sentence = transcript?.why?.sentence ?? 'It could not be written down.';
  return new CorridorError('not-transcribed', sentence, { phrase: transcript?.why?.phrase ?? null });
}
