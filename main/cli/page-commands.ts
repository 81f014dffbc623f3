import { checkDial, checkSeconds } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { UsageError } from './exit.ts';
import { howToConfirm } from './how-to-confirm.ts';
import { startedAt } from './started-at.ts';
import { AT_MOST, talkHow } from './talk-how.ts';

interface PageGiven {
  readonly for?: number;
  readonly file?: string;
  readonly say?: string;
  readonly keep?: true;
  readonly record?: true;
  readonly urgent?: true;
  readonly yes?: true;
}

/** The command that pages. */
export function pageCommands({ command, ask }: CommandMaking): void {
  command('page', 'page everybody, or some people: it is heard at once, at all who may be disturbed')
    .argument('[dial]', 'extensions such as 204,205, or press, or release; left out: everybody', checkDial)
    .argument('[extensions]', 'with press: the people to page; left out: everybody', checkDial)
    .option('--for <seconds>', 'hold the key for this many seconds', checkSeconds)
    .option('--file <wav>', 'page this WAV file instead of the microphone')
    .option('--say <text>', 'have a voice of this computer speak this text, which can be read there, too')
    .option('--record', 'record it first, and send it at the end: desks beside each other make no feedback')
    .option('--keep', 'people who do not hear it find it as a message')
    .option(
      '--urgent',
      'heard at once also by those who are busy or do not want to be disturbed; it takes a right',
    )
    .option('--yes', 'with --urgent: yes, disturb them')
    .action((dial: string | undefined, extensions: string | undefined, options: Common & PageGiven) =>
      pageAction(dial, extensions, options, ask),
    );
}

async function pageAction(
  dial: string | undefined,
  extensions: string | undefined,
  options: Common & PageGiven,
  ask: CommandMaking['ask'],
): Promise<void> {
  const { file, say, keep, record, urgent, yes: isConfirmed = false } = options;
  const how = talkHow(options);
  const isKey = dial === 'press' || dial === 'release';
  if (isKey && how.kind !== 'hold')
    throw new UsageError('--for, --file and --say go without press and release: corridor page --for 5');
  if (dial === 'release' && (keep || record || urgent))
    throw new UsageError('--keep, --record and --urgent go with press: corridor page press --keep');
  if (record && (file ?? say) !== undefined)
    throw new UsageError('What --file names, or --say makes, is recorded already.');
  if (extensions !== undefined && dial !== 'press')
    throw new UsageError(`${extensions} is one word too many. To page several: corridor page 204,205`);
  const page = { ...(keep && { keep }), ...(record && { record }), ...(urgent && { urgent }) };
  const whomOf = (typed: string | undefined) => ({
    ...(typed === undefined ? {} : { dial: typed }),
    ...{ page, isConfirmed },
  });
  await ask(options, async (node, output) => {
    const { pagingWhom, talk } = await import('./talk-command.ts');
    if (dial === 'press') {
      const whom = { ...whomOf(extensions), isLatched: true, at: startedAt() };
      const begun = await node.call('talkPress', whom).catch(howToConfirm);
      output.give(begun);
      output.say(`${pagingWhom(begun.names)} until: corridor page release, ${AT_MOST}`);
    } else if (dial === 'release') {
      const released = await node.call('talkRelease', { at: startedAt() });
      output.give(released);
      output.say(released.id === null ? 'nobody was being paged' : 'released');
    } else {
      await talk(node, whomOf(dial), how, output).catch(howToConfirm);
    }
  });
}
