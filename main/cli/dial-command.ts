import type { DialPreview } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';
import { checkDialled, checkSeconds } from './arguments.ts';
import { describeAhead } from './describe.ts';
import { UsageError } from './exit.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { howToConfirm } from './how-to-confirm.ts';
import type { Output } from './output.ts';
import { talkHow, type TalkHow } from './talk-how.ts';

interface DialGiven {
  readonly preview?: true;
  readonly for?: number;
  readonly file?: string;
  readonly yes?: true;
}

/** The commands for dialled strings: to dial one, to preview one, and to show the dial plan. */
export function dialCommands({ command, ask }: CommandMaking): void {
  command('dial', 'do what a dialled string says: talk, page or call, play, set, or choose whom to talk to')
    .argument(
      '<string>',
      'an extension or a code, as `corridor dial-plan` lists them; the shell wants # and * in quotes',
      checkDialled,
    )
    .option('--preview', 'only say what it would do')
    .option('--for <seconds>', 'if it talks or pages: for this many seconds', checkSeconds)
    .option('--file <wav>', 'if it talks or pages: speak this WAV file')
    .option('--yes', 'if it overrides: yes, override do not disturb')
    .action((dialled: string, options: Common & DialGiven) => {
      const how = talkHow(options);
      if (options.preview && how.kind !== 'hold')
        throw new UsageError('--preview talks to nobody: leave --for and --file out.');
      return ask(options, async (node, output) => {
        if (options.preview) await preview(node, dialled, output);
        else if (how.kind === 'hold') await dial(node, dialled, output);
        else await speak(node, { dial: dialled, isConfirmed: options.yes === true }, how, output);
      });
    });

  command('dial-plan', 'what can be dialled').action((options: Common) =>
    ask(options, async (node, output) => {
      const rows = await node.call('dialPlan');
      output.give(rows);
      output.say(
        ...rows.map(({ pattern, explanation, code, usualCode }) => {
          const changed = code === usualCode ? '' : ` Usually ${usualCode}.`;
          return `${pattern.padEnd(20)} ${explanation}${changed}`;
        }),
      );
    }),
  );
}

async function preview(node: RemoteNode, dialled: string, output: Output): Promise<void> {
  const reached = await node.call('dialPreview', { dial: dialled });
  output.give(reached);
  output.say(reached.sentence, ...describeAhead(reached));
}

async function dial(node: RemoteNode, dialled: string, output: Output): Promise<void> {
  const reached = await node.call('dial', { dial: dialled });
  if (reached.kind === 'nobody') throw nobody(reached);
  output.give(reached);
  output.say(reached.sentence, ...nextStep(reached, dialled));
}

async function speak(
  node: RemoteNode,
  whom: { readonly dial: string; readonly isConfirmed: boolean },
  how: TalkHow,
  output: Output,
): Promise<void> {
  const reached = await node.call('dialPreview', { dial: whom.dial });
  if (reached.kind === 'nobody') throw nobody(reached);
  if (reached.kind !== 'person' && reached.kind !== 'page')
    throw new UsageError(`--for and --file are for talking. ${whom.dial}: ${reached.sentence}`);
  const { talk } = await import('./talk-command.ts');
  await talk(node, whom, how, output).catch(howToConfirm);
}

function nobody(reached: DialPreview): CorridorError {
  const { sentence, phrase } = reached;
  return new CorridorError('nobody', [sentence, ...describeAhead(reached)].join(' '), { phrase });
}

/** The hint how to talk to what was dialled. A mailbox, an override or a page does not stay selected for the talk key. */
function nextStep({ kind, phrase }: DialPreview, dialled: string): readonly string[] {
  if (kind === 'page') return [`To page: corridor page '${dialled}'`];
  if (kind !== 'person') return [];
  if (phrase.code === 'dial-override') return [`To talk: corridor talk '${dialled}' --yes`];
  const isMailbox = phrase.code === 'dial-mailbox' || phrase.code === 'dial-group-mailbox';
  return [isMailbox ? `To talk: corridor talk '${dialled}'` : 'Hold the talk key, or: corridor talk press'];
}
