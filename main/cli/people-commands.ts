import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';
import { checkDialled, checkExtension, checkPresence, checkUntil } from './arguments.ts';
import { dayAndClock, describeAhead, describePeople, presenceWord } from './describe.ts';
import { UsageError } from './exit.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { divertCommand } from './divert-command.ts';
import type { Output } from './output.ts';
import { idOf } from './person-id.ts';

/** The commands for people: who is there, whom one likes, what a number does, and how one can be reached oneself. */
export function peopleCommands({ command, ask }: CommandMaking): void {
  command('people', 'who is in the office, favourites first').action((options: Common) =>
    ask(options, async (node, output) => {
      const people = await node.call('people');
      output.give(people);
      output.say(...describePeople(people));
    }),
  );

  command('favourite', 'put a person first in the list of people')
    .argument('<extension>', 'their extension', checkExtension)
    .option('--off', 'no favourite any more')
    .action((extension: string, options: Common & { off?: true }) =>
      ask(options, async (node, output) => {
        const people = await node.call('setFavourite', {
          node: await idOf(node, extension),
          favourite: options.off !== true,
        });
        output.give(people);
        output.say(...describePeople(people));
      }),
    );

  command('dial', 'do what a dialled string says: play the message, or choose whom the talk key reaches')
    .argument(
      '<string>',
      'an extension, or # and a retrieval number; the shell wants # in quotes',
      checkDialled,
    )
    .option('--preview', 'only say what it would do')
    .action((dialled: string, options: Common & { preview?: true }) =>
      ask(options, (node, output) => dial(node, dialled, options.preview === true, output)),
    );

  command('dial-plan', 'what can be dialled').action((options: Common) =>
    ask(options, async (node, output) => {
      const rows = await node.call('dialPlan');
      output.give(rows);
      output.say(...rows.map(({ pattern, explanation }) => `${pattern.padEnd(18)} ${explanation}`));
    }),
  );

  command('presence', 'say whether you can be talked to')
    .argument('<presence>', 'available, busy, dnd or away', checkPresence)
    .option('--for <time>', 'then available again: 30m, 1h, or tomorrow (at eight)', checkUntil)
    .action(
      (
        presence: ReturnType<typeof checkPresence>,
        options: Common & { for?: ReturnType<typeof checkUntil> },
      ) => {
        if (presence === 'available' && options.for !== undefined)
          throw new UsageError('--for goes with busy, dnd or away: available is how it ends.');
        return ask(options, async (node, output) => {
          const until = options.for;
          const status = await node.call('setPresence', {
            presence,
            ...(until === undefined ? {} : { until }),
          });
          output.give(status);
          const ends = status.presenceUntil === null ? '' : ` until ${dayAndClock(status.presenceUntil)}`;
          output.say(`You are ${presenceWord(status.presence)}${ends}.`);
          const unsaved = status.troubles.find(({ code }) => code === 'settings-unsaved');
          if (unsaved) output.say(unsaved.sentence);
        });
      },
    );

  divertCommand({ command, ask });
}

async function dial(node: RemoteNode, dialled: string, preview: boolean, output: Output): Promise<void> {
  const reached = await node.call(preview ? 'dialPreview' : 'dial', { dial: dialled });
  const ahead = describeAhead(reached);
  if (reached.kind === 'nobody' && !preview)
    throw new CorridorError('nobody', [reached.sentence, ...ahead].join(' '), { phrase: reached.phrase });
  output.give(reached);
  output.say(reached.sentence, ...(preview ? ahead : []));
  if (reached.kind !== 'person' || preview) return;
  const isMailbox = reached.phrase.code === 'dial-mailbox';
  output.say(
    isMailbox ? `To talk: corridor talk '${dialled}'` : 'Hold the talk key, or: corridor talk press',
  );
}
