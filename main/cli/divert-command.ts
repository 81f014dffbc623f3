import { checkDiverted } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describeDivert } from './describe.ts';
import { idOf } from './person-id.ts';

/** The command that diverts this person's messages to somebody else. */
export function divertCommand({ command, ask }: CommandMaking): void {
  command('divert', 'divert your messages and calls to a colleague; without an argument, print who gets them')
    .argument('[extension]', 'the colleague’s extension; off ends the divert', checkDiverted)
    .action((to: string | undefined, options: Common) =>
      ask(options, async (node, output) => {
        const status =
          to === undefined
            ? await node.call('status')
            : await node.call('setDivert', { person: to === 'off' ? null : await idOf(node, to) });
        output.give(status.divert);
        output.say(describeDivert(status));
        const unsaved = status.troubles.find(({ code }) => code === 'settings-unsaved');
        if (unsaved) output.say(unsaved.sentence);
      }),
    );
}
