import type { Person } from '../../preload/api.ts';
import { checkExtension } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { UsageError } from './exit.ts';
import { personWith } from './person-id.ts';

/** The command for colleagues whose calls are answered by themselves. */
export function autoAnswerCommand({ command, ask }: CommandMaking): void {
  command(
    'auto-answer',
    'have calls of a colleague answered by themselves, after a tone, while you are available; or say whose are',
  )
    .argument('[extension]', 'their extension', checkExtension)
    .option('--off', 'their calls ring again')
    .action((extension: string | undefined, options: Common & { readonly off?: true }) => {
      if (extension === undefined && options.off)
        throw new UsageError('Say whose calls ring again: corridor auto-answer 204 --off');
      return ask(options, async (node, output) => {
        if (extension === undefined) {
          const people = (await node.call('people')).filter(({ isAutoAnswered }) => isAutoAnswered);
          output.give(people);
          output.say(...(people.length === 0 ? ['Every call rings.'] : people.map(describeAutoAnswer)));
          return;
        }
        const { id } = await personWith(node, extension);
        await node.call('setAutoAnswer', { person: id, isOn: !options.off });
        const person = await personWith(node, extension);
        output.give(person);
        output.say(describeAutoAnswer(person));
      });
    });
}

function describeAutoAnswer({ name, extension, isAutoAnswered }: Person): string {
  const who = `${name} (${extension})`;
  return isAutoAnswered
    ? `Calls of ${who} are answered by themselves after a tone, while you are available.`
    : `Calls of ${who} ring.`;
}
