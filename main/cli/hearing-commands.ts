import { checkExtension, checkUntil, checkVolume } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { dayAndClock, describeVolume } from './describe.ts';
import type { RemoteNode } from '../transports/index.ts';
import { UsageError } from './exit.ts';
import type { Output } from './output.ts';
import { personWith } from './person-id.ts';

const HOUR_MS = 3_600_000;

interface OfPages {
  readonly pages?: number | true;
}

/** The commands for volume and mute of single colleagues. */
export function hearingCommands({ command, ask }: CommandMaking): void {
  command('volume', 'show or change how loud a colleague is heard, in a call at once, or pages')
    .argument('[extension]', 'their extension', checkExtension)
    .argument('[percent]', '10 to 200; at 100 their volume is unchanged', checkVolume)
    .option('--pages [percent]', 'the volume of pages, from any colleague', checkVolume)
    .action((extension: string | undefined, percent: number | undefined, options: Common & OfPages) => {
      const { pages } = options;
      if ((extension === undefined) === (pages === undefined))
        throw new UsageError('Say whom: corridor volume 204 60, or: corridor volume --pages 60');
      return ask(options, (node, output) =>
        extension === undefined
          ? volumeOfPages(node, output, pages === true ? undefined : pages)
          : volumeOfPerson(node, output, extension, percent),
      );
    });

  command(
    'silence',
    'let nothing of a colleague sound unasked: their messages wait silently, and their calls do not ring; in a call with them you hear them no more',
  )
    .argument('<extension>', 'their extension', checkExtension)
    .option('--for <time>', '30m, 1h (unless you say otherwise), or tomorrow at eight', checkUntil)
    .option('--off', 'hear them again')
    .action(
      (
        extension: string,
        options: Common & { readonly for?: ReturnType<typeof checkUntil>; readonly off?: true },
      ) => {
        if (options.off && options.for !== undefined) throw new UsageError('Give --for or --off, not both.');
        return ask(options, async (node, output) => {
          const { id } = await personWith(node, extension);
          const until = options.off ? null : (options.for ?? Date.now() + HOUR_MS);
          await node.call('mute', { person: id, until });
          const person = await personWith(node, extension);
          const { calls } = await node.call('status');
          output.give(person);
          output.say(
            person.mutedUntil === null
              ? `You hear ${person.name} again.`
              : `Messages of ${person.name} wait silently until ${dayAndClock(person.mutedUntil)}.`,
            ...(calls.some((call) => call.person === id && call.isSilenced)
              ? [`You do not hear ${person.name} in this call.`]
              : []),
          );
        });
      },
    );
}

async function volumeOfPerson(
  node: RemoteNode,
  output: Output,
  extension: string,
  percent: number | undefined,
): Promise<void> {
  const { id } = await personWith(node, extension);
  if (percent !== undefined) await node.call('setVolume', { person: id, percent });
  const person = await personWith(node, extension);
  output.give(person);
  output.say(`You hear ${person.name} ${describeVolume(person.volume)}.`);
}

async function volumeOfPages(node: RemoteNode, output: Output, percent: number | undefined): Promise<void> {
  const { pageVolume } =
    percent === undefined
      ? await node.call('settings')
      : await node.call('setSettings', { pageVolume: percent });
  output.give({ pageVolume });
  output.say(`You hear pages ${pageVolume === 100 ? 'as loud as messages' : `at ${pageVolume} %`}.`);
}
