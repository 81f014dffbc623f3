import { checkComputer, checkExtension, checkPresence, checkUntil } from './arguments.ts';
import { dayAndClock, describePeople, presenceWord } from './describe.ts';
import { describeGroups } from './describe-groups.ts';
import { UsageError } from './exit.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { divertCommand } from './divert-command.ts';
import { idOf } from './person-id.ts';

const COMPUTER: Readonly<Record<ReturnType<typeof checkComputer>, string>> = {
  lock: 'The screen counts as locked: nothing sounds here.',
  unlock: 'The screen counts as unlocked.',
  idle: 'Nobody counts as sitting here: what sounds stays unheard.',
  active: 'You count as sitting here.',
};

/** The commands for people: who is online, favourites, dialled strings, and one's own presence and divert. */
export function peopleCommands(making: CommandMaking): void {
  const { command, ask } = making;
  command('people', 'who is in the office, favourites first').action((options: Common) =>
    ask(options, async (node, output) => {
      const people = await node.call('people');
      output.give(people);
      output.say(...describePeople(people));
    }),
  );

  command('favourite', 'put a person or a group first in its list')
    .argument('<extension>', 'their extension', checkExtension)
    .option('--off', 'no favourite any more')
    .action((extension: string, options: Common & { off?: true }) =>
      ask(options, async (node, output) => {
        const favourite = options.off !== true;
        const group = (await node.call('groups')).find((one) => one.extension === extension);
        if (group) {
          const groups = await node.call('setFavouriteGroup', { group: group.id, favourite });
          output.give(groups);
          output.say(...describeGroups(groups, (await node.call('members')).people));
          return;
        }
        const people = await node.call('setFavourite', {
          node: await idOf(node, extension),
          favourite,
        });
        output.give(people);
        output.say(...describePeople(people));
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

  command('computer', 'tell a node without a desktop what it cannot see: for a script, or to try it')
    .argument(
      '<event>',
      'lock or unlock, of the screen; idle or active, of keyboard and mouse',
      checkComputer,
    )
    .action((event: ReturnType<typeof checkComputer>, options: Common) =>
      ask(options, async (node, output) => {
        const heard = await node.call('computer', { event });
        output.give(heard);
        output.say(COMPUTER[event]);
      }),
    );

  divertCommand(making);
}
