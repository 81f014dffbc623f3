import type { Arguments, CallStatus, MissedCall, Status } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { awaitStatus, interruption } from './await-event.ts';
import { checkCall, checkDial } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { clock } from './describe.ts';
import { UsageError } from './exit.ts';
import type { Output } from './output.ts';
import { readRecording } from './recording.ts';

/** A call rings for less than a minute before the node reports that nobody answered, ms. */
const ANSWERED_WITHIN_MS = 90_000;

type Answering = Common & { file?: string };
type Calling = Answering & { wait: boolean; add?: true; reply?: true };
const FILE = ['--file <wav>', 'speak this recording instead of the microphone'] as const;

/** The commands for calls between two people. */
export function callCommands({ command, ask }: CommandMaking): void {
  command('call', 'call somebody: you both speak at once, until one of you hangs up')
    .argument('[dial]', 'their extension; with --reply: nothing', checkDial)
    .option(...FILE)
    .option('--reply', 'call the person who is talking to you, or who did last')
    .option('--add', 'into the call that you are in: it goes on, and all hear each other')
    .option('--no-wait', 'do not wait until it is answered')
    .action((dial: string | undefined, options: Calling) => {
      const whom = called(dial, options);
      return ask(options, (node, output) => call(node, whom, options, output));
    });

  command('answer', 'take the call that rings; another one that you are in is held')
    .argument('[id]', 'which, as status --json prints it', checkCall)
    .option(...FILE)
    .action((id: string | undefined, options: Answering) =>
      ask(options, async (node, output) => {
        const wavBase64 = options.file === undefined ? {} : { wavBase64: await readRecording(options.file) };
        tell(await node.call('controlCall', { action: 'answer', ...named(id), ...wavBase64 }), output);
      }),
    );

  const actions = [
    ['hangup', 'hang-up', 'end the call; one that rings: not now'],
    ['mute', 'mute', 'the other side hears nothing of you in the call'],
    ['unmute', 'unmute', 'the other side hears you again'],
    ['hold', 'hold', 'leave the call for a while: neither hears the other'],
    ['merge', 'merge', 'bring the call that is held into the one that you are in: all hear each other'],
    ['resume', 'resume', 'go on with a call that is held; another one that you are in is held'],
  ] as const;
  for (const [name, action, description] of actions) {
    command(name, description)
      .argument('[id]', 'which call, as status --json prints it', checkCall)
      .action((id: string | undefined, options: Common) =>
        ask(options, async (node, output) =>
          tell(await node.call('controlCall', { action, ...named(id) }), output),
        ),
      );
  }

  command(
    'transfer',
    'put the colleague that you talk with through to somebody; where nobody answers, you have the call again',
  )
    .argument(
      '<dial>',
      'their extension; a colleague that you are in another call with is connected at once',
      checkDial,
    )
    .argument('[id]', 'which call, as status --json prints it', checkCall)
    .action((dial: string, id: string | undefined, options: Common) =>
      ask(options, async (node, output) =>
        tell(await node.call('transferCall', { dial, ...named(id) }), output),
      ),
    );

  command('pickup', 'take the call that rings at a colleague who is in a group with you').action(
    (options: Common) =>
      ask(options, async (node, output) => {
        await node.call('pickUp');
        tell(await node.call('status'), output);
      }),
  );

  command('missed', 'who called and was not answered')
    .option('--forget', 'empty the list')
    .action((options: Common & { forget?: true }) =>
      ask(options, async (node, output) => {
        const { missedCalls } = await node.call(options.forget ? 'forgetMissedCalls' : 'status');
        output.give(missedCalls);
        output.say(...(missedCalls.length === 0 ? ['nobody'] : missedCalls.map(describeMissed)));
      }),
    );
}

/** @throws UsageError where nobody is named, or two */
function called(dial: string | undefined, { reply }: Calling): Arguments<'startCall'> {
  if (reply && dial !== undefined)
    throw new UsageError('--reply goes without an extension: corridor call --reply');
  if (reply) return { reply: 'last' };
  if (dial === undefined)
    throw new UsageError('Whom? For example: corridor call 102, or: corridor call --reply');
  return { dial };
}

async function call(
  node: RemoteNode,
  whom: Arguments<'startCall'>,
  { file, wait, add }: Calling,
  output: Output,
): Promise<void> {
  const wavBase64 = file === undefined ? {} : { wavBase64: await readRecording(file) };
  const { asked, stop } = interruption();
  try {
    const into = add ? { into: await presentCall(node) } : {};
    const { id } = await node.call('startCall', { ...whom, ...wavBase64, ...into });
    const isSettled = ({ calls }: Status): boolean =>
      ['active', 'ended', undefined].includes(calls.find((one) => one.id === id)?.state);
    if (wait) {
      const settled = awaitStatus(node, ANSWERED_WITHIN_MS, isSettled);
      await Promise.race([settled, asked]).catch(async (error: unknown) => {
        // A node that has ended is in no call, and refuses this.
        await node.call('controlCall', { action: 'hang-up', id }).catch(() => undefined);
        throw error;
      });
    }
    const status = await node.call('status');
    tell(status, output);
    output.say(...leaveMessage(status.calls.find((one) => one.id === id)));
  } finally {
    stop();
  }
}

/** The way to say it all the same, where nobody took the call: ready to paste. */
function leaveMessage(call: CallStatus | undefined): readonly string[] {
  const isTaken = call?.reason === 'picked-up' || call?.reason === 'transferred';
  if (call?.state !== 'ended' || isTaken) return [];
  return [`To leave a message: corridor talk ${call.extension}`];
}

/** The call that this person is in. @throws UsageError where they are in none */
async function presentCall(node: RemoteNode): Promise<string> {
  const { calls } = await node.call('status');
  const call = calls.find(({ state }) => state === 'active');
  if (call) return call.id;
  throw new UsageError('You are in no call. Call somebody first: corridor call 102');
}

function tell({ calls }: Status, output: Output): void {
  output.give(calls);
  output.say(...(calls.length === 0 ? ['no call'] : calls.map(describeCall)));
}

const STATES: Record<Exclude<CallStatus['state'], 'ended'>, readonly [out: string, in_: string]> = {
  calling: ['calling', 'calls you'],
  ringing: ['it rings at', 'calls you'],
  waiting: ['in another call, and sees yours:', 'calls you while you are in a call'],
  notified: ['away, and notified:', 'calls you'],
  active: ['in a call with', 'is in a call with you'],
};
const RECORDING: Record<NonNullable<CallStatus['recording']>, string> = {
  asked: 'they are being told that you record',
  on: 'you record this call, and they know it',
};
const ENDS: Record<NonNullable<CallStatus['reason']>, string> = {
  'hung-up': 'has hung up',
  cancelled: 'calls no more',
  declined: 'does not take the call now',
  unanswered: 'did not answer',
  elsewhere: 'answered at another computer',
  undisturbed: 'does not want to be disturbed, and sees that you called',
  full: 'has too many calls',
  vanished: 'cannot be heard any more: the call has ended',
  'picked-up': 'was answered by a colleague',
  transferred: 'was put through to somebody else',
  failed: 'cannot be talked with: the sound of one of the two computers does not work',
  unreachable: 'is out of reach',
  asleep: 'is not in the call any more: their computer went to sleep',
  slept: 'is not in the call any more: this computer slept',
  other: 'is not in the call any more',
};

/** One call in a line. */
export function describeCall({ name, extension, direction, state, ...call }: CallStatus): string {
  const { meant, transfer, transferredTo, putThroughBy } = call;
  const who =
    meant && direction === 'out' ? `${meant.name} → ${name} (${extension})` : `${name} (${extension})`;
  if (state === 'ended') return `${who} ${ENDS[call.reason ?? 'other']}`;
  const [out, incoming] = STATES[state];
  const marks = [
    ...(call.recording === null ? [] : [RECORDING[call.recording]]),
    ...(call.isRecordedByThem ? ['they record this call'] : []),
    ...(call.isAutomatic ? ['answered by itself'] : []),
    ...(call.isMuted ? ['you are muted'] : []),
    ...(call.isSilenced ? ['you muted them, and do not hear them'] : []),
    ...(call.isHeld ? ['held'] : []),
    ...(call.isHeldByThem ? ['they hold the call'] : []),
    ...(meant && direction === 'in' ? [`for ${meant.name}`] : []),
    ...(call.alsoIn.length > 0 ? [`with ${call.alsoIn.map(({ name }) => name).join(', ')}`] : []),
    ...(putThroughBy ? [`${putThroughBy.name} puts ${name} through`] : []),
    ...(transferredTo ? [`they put you through to ${transferredTo.name}`] : []),
    ...(transfer ? [describeTransfer(transfer)] : []),
  ];
  const line = direction === 'out' ? `${out} ${who}` : `${who} ${incoming}`;
  return [line, ...marks].join('; ');
}

function describeTransfer({ name, extension, state, reason }: NonNullable<CallStatus['transfer']>): string {
  const who = `${name} (${extension})`;
  if (state === 'failed') return `not put through: ${who} ${ENDS[reason ?? 'other']}`;
  return `being put through to ${who}`;
}

function describeMissed({ name, extension, at, times }: MissedCall): string {
  return `${clock(at)}  ${name} (${extension})${times === 1 ? '' : `, ${times} times`}`;
}

function named(id: string | undefined): { id?: string } {
  return id === undefined ? {} : { id };
}
