import type { FoundedAnew, PersonAlong } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { checkExtension, checkName } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describeStatus } from './describe.ts';
import { UsageError } from './exit.ts';
import type { Output } from './output.ts';
import { sayRecoveryCode } from './say-recovery-code.ts';

/** The commands for founding the office anew, and for following a colleague who did. */
export function movingCommands({ command, ask }: CommandMaking): void {
  command('found-anew', 'found the office anew and ask your colleagues to move too; keys and messages stay')
    .option('--without <extension...>', 'who stays behind and is not asked')
    .option('--office-name <name>', 'what the new office is called (as this one)', checkName)
    .action((options: Common & { without?: readonly string[]; officeName?: string }) =>
      ask(options, async (node, output) => {
        const { without = [], officeName } = options;
        const along = await peopleWithout(node, without.map(checkExtension));
        const founded = await node.call('foundAnew', {
          along,
          ...(officeName === undefined ? {} : { officeName }),
        });
        output.give(founded);
        output.say(...describeFounded(founded));
        await sayRecoveryCode(node, (line) => output.say(line));
      }),
    );

  command('move', 'move to the office that a colleague founded anew').action((options: Common) =>
    ask(options, (node, output) => answer(node, output, true)),
  );

  command('stay', 'stay in this office when a colleague asks whether you move').action((options: Common) =>
    ask(options, (node, output) => answer(node, output, false)),
  );
}

async function peopleWithout(node: RemoteNode, without: readonly string[]): Promise<string[]> {
  const { people } = await node.call('members');
  const unknown = without.find((extension) => !people.some((one) => one.extension === extension));
  if (unknown !== undefined) throw new UsageError(`Nobody has extension ${unknown}. See: corridor members`);
  const along = people.filter(({ isMe, extension }) => !isMe && !without.includes(extension ?? ''));
  if (along.length === 0) throw new UsageError('Nobody is left who could move with you.');
  return along.map(({ id }) => id);
}

async function answer(node: RemoteNode, output: Output, isMoving: boolean): Promise<void> {
  const { moveAsked } = await node.call('status');
  if (!moveAsked) throw new UsageError('Nobody asks you whether you move to another office.');
  const status = await node.call('answerMove', { office: moveAsked.office, isMoving });
  output.give(status);
  output.say(...describeStatus(status));
}

function describeFounded({ asked, missed, link }: FoundedAnew): string[] {
  return [
    'The office is founded anew, and you are in it.',
    ...(asked.length === 0 ? [] : [`asked        ${asked.map(shown).join(', ')}`]),
    ...(missed.length === 0
      ? []
      : [
          `not reached  ${missed.map(shown).join(', ')}`,
          'Give them this link, or they cannot follow:',
          link,
        ]),
  ];
}

function shown({ name, extension }: PersonAlong): string {
  return `${name ?? 'not met yet'}${extension === null ? '' : ` (${extension})`}`;
}
