import { CorridorError } from '../model/index.ts';
import type { CallRecording, Status } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { checkCall } from './arguments.ts';
import { awaitStatus } from './await-event.ts';
import { describeCall } from './call-commands.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { seconds } from './describe.ts';
import { UsageError } from './exit.ts';
import type { Output } from './output.ts';

/**
 * Within seconds each computer in the call tells its person of the recording, or the recording ends. What is recorded is on the disk within
 * seconds, too.
 */
const SETTLED_WITHIN_MS = 20_000;
const NOTHING = 'Nothing was recorded.';
const NOT_TOLD =
  'Nothing is recorded yet: somebody in the call has not been told. `corridor status` says how it goes on.';
const NOT_ENDED = 'The recording has not ended yet. `corridor status` says how it goes on.';

type Recording = Common & { readonly stop?: true; readonly forget?: true };

/** The command for recording calls. */
export function recordCommand({ command, ask }: CommandMaking): void {
  command(
    'record',
    'record the call that you are in: everybody in it sees that and hears it, or nothing is recorded',
  )
    .argument('[id]', 'which call, as status --json prints it', checkCall)
    .option('--stop', 'end the recording; the call goes on')
    .option('--forget', 'show no longer where the last recording is; its file stays')
    .action((id: string | undefined, options: Recording) => ask(options, chosen(id, options)));
}

/** @throws UsageError where two things are asked for, or a call is named to forget */
function chosen(
  id: string | undefined,
  { stop, forget }: Recording,
): (node: RemoteNode, output: Output) => Promise<void> {
  if (forget && (stop || id !== undefined))
    throw new UsageError('--forget goes alone: corridor record --forget');
  const which = id === undefined ? {} : { id };
  if (forget) return putAway;
  return (node, output) => (stop ? end(node, output, which) : begin(node, output, which));
}

/** Begins it, and waits until everybody in the call is told. @throws CorridorError `not-recorded` */
async function begin(node: RemoteNode, output: Output, which: { readonly id?: string }): Promise<void> {
  await node.call('controlCall', { action: 'record', ...which });
  const status = await awaitStatus(node, SETTLED_WITHIN_MS, hasBegun);
  // Somebody could not be told, or the call is over already.
  if (!status || isOver(status)) {
    const { recording } = status ?? (await node.call('status'));
    const why = recording?.isOver === false ? NOT_TOLD : recording ? describeRecording(recording) : NOTHING;
    throw new CorridorError('not-recorded', why, { phrase: null });
  }
  tell(status, output);
}

/** Ends it, and says where it is. @throws CorridorError `not-ended` */
async function end(node: RemoteNode, output: Output, which: { readonly id?: string }): Promise<void> {
  await node.call('controlCall', { action: 'stop-recording', ...which });
  const status = await awaitStatus(node, SETTLED_WITHIN_MS, isOver);
  if (!status) throw new CorridorError('not-ended', NOT_ENDED, { phrase: null });
  tell(status, output);
}

async function putAway(node: RemoteNode, output: Output): Promise<void> {
  const { recording } = await node.call('forgetRecording');
  output.give(recording);
  output.say(recording ? describeRecording(recording) : 'No recording is shown any more.');
}

function tell({ recording, calls }: Status, output: Output): void {
  output.give(recording);
  output.say(
    recording ? describeRecording(recording) : NOTHING,
    ...calls.filter((call) => call.recording !== null).map(describeCall),
  );
}

const isOver = ({ recording }: Status): boolean => recording?.isOver !== false;

/** Everybody in the call is told. */
function hasBegun(status: Status): boolean {
  const recorded = status.calls.filter(({ recording }) => recording !== null);
  return isOver(status) || (recorded.length > 0 && recorded.every(({ recording }) => recording === 'on'));
}

/** A recording that goes on, or how it ended. */
export function describeRecording({ file, name, isOver, durationMs, sentence }: CallRecording): string {
  if (!isOver) return `Recording the call with ${name}: ${file}`;
  const kept = file === null ? NOTHING : `Recorded ${seconds(durationMs)} with ${name}: ${file}`;
  return sentence === null ? kept : `${kept} ${sentence}`;
}
