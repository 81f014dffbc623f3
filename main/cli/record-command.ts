import { CorridorError } from '../model/index.ts';
import type { CallRecording, Status } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { checkCall } from './arguments.ts';
import { awaitEvent, interruption } from './await-event.ts';
import { describeCall } from './call-commands.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { seconds } from './describe.ts';
import type { Output } from './output.ts';

/** Whoever is recorded is told within seconds, or it is over; what is kept is on the disk within seconds. */
const SETTLED_WITHIN_MS = 20_000;

/** The command for recording calls. */
export function recordCommand({ command, ask }: CommandMaking): void {
  command(
    'record',
    'record the call that you are in: everybody in it sees that and hears it, or nothing is recorded',
  )
    .argument('[id]', 'which call, as status --json prints it', checkCall)
    .option('--stop', 'end the recording; the call goes on')
    .action((id: string | undefined, options: Common & { readonly stop?: true }) =>
      ask(options, (node, output) =>
        options.stop
          ? ofRecording(node, output, 'stop-recording', {}, isOver)
          : ofRecording(node, output, 'record', id === undefined ? {} : { id }, hasBegun),
      ),
    );
}

/** Does it, and says how the recording is then. */
async function ofRecording(
  node: RemoteNode,
  output: Output,
  action: 'record' | 'stop-recording',
  which: { readonly id?: string },
  isSettled: (status: Status) => boolean,
): Promise<void> {
  const { asked, stop } = interruption();
  try {
    await node.call('controlCall', { action, ...which });
    const settled = awaitEvent(node, SETTLED_WITHIN_MS, (event) =>
      event.type === 'status' && isSettled(event.status) ? true : undefined,
    );
    if (!isSettled(await node.call('status'))) await Promise.race([settled, asked]);
    const status = await node.call('status');
    const { recording } = status;
    // Somebody could not be told, or the call is over already.
    if (action === 'record' && recording?.isOver)
      throw new CorridorError('not-recorded', describeRecording(recording), { phrase: null });
    tell(status, output);
  } finally {
    stop();
  }
}

function tell({ recording, calls }: Status, output: Output): void {
  output.give(recording);
  output.say(
    recording ? describeRecording(recording) : 'Nothing was recorded.',
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
  const kept =
    file === null ? 'Nothing was recorded.' : `Recorded ${seconds(durationMs)} with ${name}: ${file}`;
  return sentence === null ? kept : `${kept} ${sentence}`;
}
