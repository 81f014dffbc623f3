import { Socket } from 'node:net';
import type { Arguments, MessageSummary } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';
import { awaitEvent, gone, interruption } from './await-event.ts';
import { describeOutcome, lengthOf, seconds } from './describe.ts';
import type { Output } from './output.ts';
import { readRecording } from './recording.ts';
import { AT_MOST, type TalkHow } from './talk-how.ts';

/** How long the command waits after key up for proof that the message is stored elsewhere, ms. */
const PROOF_TIMEOUT_MS = 5000;
/** How much longer than its duration a recording may take to be sent, ms. */
const SPEAKING_GRACE_MS = 10_000;

/** The recipients of a talk or a page. */
type TalkRecipients = Pick<Arguments<'talkPress'>, 'dial' | 'page' | 'reply' | 'isConfirmed'>;

/** Talks to somebody for a while, and prints how far the message came, never more than is proven. */
export async function talk(
  node: RemoteNode,
  whom: TalkRecipients,
  how: TalkHow,
  output: Output,
): Promise<void> {
  const wavBase64 = how.kind === 'file' ? await readRecording(how.path) : '';
  const { asked, stop } = interruption();
  const ended = new Map<string, MessageSummary>();
  const proven = new Map<string, MessageSummary>();
  /** The present message of each key down: when a recipient is removed, the talk goes on as another message. */
  const last = new Map<string, string>();
  node.onEvent((event) => {
    if (event.type === 'talk' && event.talk) last.set(event.talk.pressed, event.talk.id);
    if (event.type !== 'message' || event.message.direction !== 'out' || event.message.live) return;
    ended.set(event.message.id, event.message);
    if (isProven(event.message)) proven.set(event.message.id, event.message);
  });
  try {
    const { id, lastsMs } = await begin(node, whom, how, wavBase64, output);
    const lastOf = () => last.get(id) ?? id;
    const over = within(node, () => ended.has(lastOf()), lastsMs + SPEAKING_GRACE_MS);
    try {
      if (how.kind === 'hold' || how.kind === 'for') {
        await Promise.race([how.kind === 'for' ? sleep(how.seconds * 1000) : enterPressed(), asked, over]);
        await node.call('talkRelease');
      }
      await Promise.race([over, asked]);
    } catch (error) {
      await node.call('talkRelease').catch(() => undefined);
      // Ctrl+C releases the talk key here, and breaks off a recording.
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
  whom: TalkRecipients,
  how: TalkHow,
  wavBase64: string,
  output: Output,
): Promise<{ id: string; lastsMs: number }> {
  if (how.kind === 'file') {
    const { id, durationMs } = await node.call('talkRecording', { ...whom, wavBase64 });
    const doing = whom.page ? 'paging' : 'talking to';
    output.say(`${doing} ${whom.dial ?? 'everybody'} for ${seconds(durationMs)}`);
    return { id, lastsMs: durationMs };
  }
  if (how.kind === 'say' || how.kind === 'preset') {
    const what = how.kind === 'say' ? { text: how.text } : { preset: how.preset };
    await sayHowHeard(node, what, output);
    const { id, names, durationMs, isSpoken, text } = await node.call('talkText', { ...whom, ...what });
    const typing = how.kind === 'say' ? 'typing' : `“${text}”`;
    const to = whom.page ? pagingWhom(names) : `${typing} to ${names.join(', ')}`;
    output.say(isSpoken ? `${to}: spoken for ${seconds(durationMs)}` : `${to}: sent as words`);
    return { id, lastsMs: durationMs };
  }
  const { id, to, names } = await node.call('talkPress', whom);
  const until = how.kind === 'for' ? `for ${how.seconds} s` : `until you press Enter or Ctrl+C, ${AT_MOST}`;
  output.say(`${whom.page ? pagingWhom(names) : `talking to ${names.join(', ')} (${to})`} ${until}`);
  // A page may be recorded first, also by a setting, and then takes the same time again to be sent.
  return { id, lastsMs: how.kind === 'for' ? 2 * how.seconds * 1000 : 10 * 60_000 };
}

/** Says before words are sent that no voice of this computer speaks them. */
async function sayHowHeard(node: RemoteNode, what: Arguments<'textPreview'>, output: Output): Promise<void> {
  const { isSpoken } = await node.call('textPreview', what);
  if (!isSpoken)
    output.say(
      'No voice of this computer speaks that language: they read it, or hear it from a voice of their own.',
    );
}

export function pagingWhom(names: readonly string[]): string {
  return `paging ${names.length === 1 ? names[0] : `${names.length} people`}`;
}

/**
 * Whether the message is on two other computers, or with every recipient (`at` is the time of a signed receipt). A passing page is done once
 * everybody has heard or missed it, since nobody gets it later.
 */
function isProven(message: MessageSummary): boolean {
  const isHeard = message.recipients.every(({ state }) => ['heard', 'missed', 'removed'].includes(state));
  if (message.page && !message.page.isKept) return isHeard;
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
  output.say(`${lengthOf(message)} to ${describeOutcome(message)}`);
}

/** Resolves when `holds` is true, or after the time. */
async function within(node: RemoteNode, holds: () => boolean, timeoutMs: number): Promise<void> {
  if (holds()) return;
  await Promise.race([awaitEvent(node, timeoutMs, () => (holds() ? true : undefined)), gone(node)]);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Resolves at Enter, at Ctrl+D, and when whoever writes to this program has ended, such as a lost ssh. A file or `/dev/null` has no
 * Enter key: then only a signal ends the talk.
 */
function enterPressed(): Promise<void> {
  return new Promise((resolve) => {
    const { stdin } = process;
    // A terminal and a pipe are sockets to Node.
    if (!(stdin instanceof Socket)) return;
    const end = (): void => {
      stdin.destroy();
      resolve();
    };
    for (const event of ['data', 'end', 'error'] as const) stdin.once(event, end);
  });
}
