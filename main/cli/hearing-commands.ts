import { checkExtension, checkUntil, checkVolume } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { dayAndClock, describeVolume } from './describe.ts';
import { UsageError } from './exit.ts';
import { personWith } from './person-id.ts';

const HOUR_MS = 3_600_000;

/** The commands for how single colleagues are heard. */
export function hearingCommands({ command, ask }: CommandMaking): void {
  command('volume', 'show or change how loud a colleague is heard')
    .argument('<extension>', 'their extension', checkExtension)
    .argument('[percent]', '10 to 200; 100 is as loud as they are by themselves', checkVolume)
    .action((extension: string, percent: number | undefined, options: Common) =>
      ask(options, async (node, output) => {
        const { id } = await personWith(node, extension);
        if (percent !== undefined) await node.call('setVolume', { person: id, percent });
        const person = await personWith(node, extension);
        output.give(person);
        output.say(`You hear ${person.name} ${describeVolume(person.volume)}.`);
      }),
    );

  command('silence', 'let nothing of a colleague sound unasked: their messages wait silently')
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
          output.give(person);
          output.say(
            person.mutedUntil === null
              ? `You hear ${person.name} again.`
              : `Messages of ${person.name} wait silently until ${dayAndClock(person.mutedUntil)}.`,
          );
        });
      },
    );
}
