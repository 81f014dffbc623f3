import type { MessageSummary } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';
import { awaitEvent, gone, interruption } from './await-event.ts';
import { describeRecipients, seconds, storedOn } from './describe.ts';
import type { Output } from './output.ts';
import { readRecording } from './recording.ts';

/** How long after key up the command waits for proof that the message is stored elsewhere. */
const PROOF_TIMEOUT_MS = 5000;
/** How long after its length a recording may still be speaking. */
const SPEAKING_GRACE_MS = 10_000;

export type TalkHow =
  | { readonly kind: 'hold' }
  | { readonly kind: 'for'; readonly seconds: number }
  | { readonly kind: 'file'; readonly path: string };

/** Talks to `dial` for a while, and tells what became of it, never more than is proven. */
export async function talk(
  node: RemoteNode,
  dial: string,
  how: TalkHow,
  output: Output,
  isConfirmed = false,
): Promise<void> {
  const wavBase64 = how.kind === 'file' ? await readRecording(how.path) : '';
  const { asked, stop } = interruption();
  const ended = new Map<string, MessageSummary>();
  const proven = new Map<string, MessageSummary>();
  /** The message that each key down has come to: the talk goes on as another one where a recipient is removed. */
  const last = new Map<string, string>();
  node.onEvent((event) => {
    if (event.type === 'talk' && event.talk) last.set(event.talk.pressed, event.talk.id);
    if (event.type !== 'message' || event.message.direction !== 'out' || event.message.live) return;
    ended.set(event.message.id, event.message);
    if (isProven(event.message)) proven.set(event.message.id, event.message);
  });
  try {
    const { id, lastsMs } = await begin(node, { dial, isConfirmed }, how, wavBase64, output);
    const lastOf = () => last.get(id) ?? id;
    const over = within(node, () => ended.has(lastOf()), lastsMs + SPEAKING_GRACE_MS);
    try {
      if (how.kind !== 'file') {
        await Promise.race([how.kind === 'for' ? sleep(how.seconds * 1000) : enterPressed(), asked, over]);
        await node.call('talkRelease');
      }
      await Promise.race([over, asked]);
    } catch (error) {
      await node.call('talkRelease').catch(() => undefined);
      // Ctrl+C is how one lets go of the key here; while a recording speaks, it breaks it off.
      if (!(error instanceof CorridorError && error.code === 'interrupted')) throw error;
      await over;
    }
    await within(node, () => proven.has(lastOf()), PROOF_TIMEOUT_MS);
    report(proven.get(lastOf()) ?? ended.get(lastOf()), output);
  } finally {
    stop();
  }
}

async function begin(
  node: RemoteNode,
  press: { readonly dial: string; readonly isConfirmed: boolean },
  how: TalkHow,
  wavBase64: string,
  output: Output,
): Promise<{ id: string; lastsMs: number }> {
  if (how.kind === 'file') {
    const { id, durationMs } = await node.call('talkRecording', { ...press, wavBase64 });
    output.say(`talking to ${press.dial} for ${seconds(durationMs)}`);
    return { id, lastsMs: durationMs };
  }
  const { id, to, names } = await node.call('talkPress', press);
  const until = how.kind === 'for' ? `for ${how.seconds} s` : 'until you press Enter or Ctrl+C';
  output.say(`talking to ${names.join(', ')} (${to}) ${until}`);
  return { id, lastsMs: how.kind === 'for' ? how.seconds * 1000 : 10 * 60_000 };
}

/** On two other computers, or with every recipient: `at` is when a signed receipt says they have it. */
function isProven(message: MessageSummary): boolean {
  const allHave = message.recipients.every(({ at, state }) => at !== null || state === 'removed');
  return message.storedOn >= 2 || (message.recipients.length > 0 && allHave);
}

function report(message: MessageSummary | undefined, output: Output): void {
  if (!message) {
    throw new CorridorError(
      'no-message',
      'Nothing was recorded. `corridor status` says how the microphone is.',
      { phrase: null },
    );
  }
  output.give(message);
  output.say(
    `${seconds(message.durationMs)} to ${describeRecipients(message.recipients) || message.extension}; ${storedOn(message.storedOn)}`,
  );
}

/** Resolves when it holds, or after the time. */
async function within(node: RemoteNode, holds: () => boolean, timeoutMs: number): Promise<void> {
  if (holds()) return;
  await Promise.race([awaitEvent(node, timeoutMs, () => (holds() ? true : undefined)), gone(node)]);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Only a terminal has an Enter key; without one, only a signal ends it. */
function enterPressed(): Promise<void> {
  return new Promise((resolve) => {
    if (!process.stdin.isTTY) return;
    process.stdin.once('data', () => {
      process.stdin.pause();
      resolve();
    });
  });
}
