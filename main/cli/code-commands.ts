import type { DialRow } from '../../preload/api.ts';
import type { CommandMaking, Common } from './command-making.ts';

const ROW = 'its name, as `corridor codes` shows it';

/** The commands for the codes of the dial plan, which admins change for the office. */
export function codeCommands({ command, within, ask }: CommandMaking): void {
  const codes = command('codes', 'the codes of this office; its own commands change them, for admins')
    // Options after a subcommand belong to the subcommand.
    .enablePositionalOptions()
    .action((options: Common) =>
      ask(options, async (node, output) => {
        const plan = await node.call('dialPlan');
        output.give(plan);
        output.say(...describeCodes(plan));
      }),
    );
  const change = (options: Common, row: string, code: string | null) =>
    ask(options, async (node, output) => {
      const plan = await node.call('setCode', { row, code });
      output.give(plan);
      output.say(...describeCodes(plan.filter(({ name }) => name === row)));
    });
  within(codes, 'set', 'give a row another code, for everybody in the office')
    .argument('<name>', ROW)
    .argument('<code>', 'one digit, or * or # with up to four digits behind it; the shell wants it in quotes')
    .action((row: string, code: string, options: Common) => change(options, row, code));
  within(codes, 'reset', 'give a row its usual code again')
    .argument('<name>', ROW)
    .action((row: string, options: Common) => change(options, row, null));
}

function describeCodes(plan: readonly DialRow[]): string[] {
  return plan
    .filter(({ isFixed }) => !isFixed)
    .map(({ name, code, usualCode, lostCode, explanation }) => {
      const usual = code === usualCode ? '' : ` Usually ${usualCode}.`;
      const lost =
        lostCode === null
          ? ''
          : ` ${lostCode} was chosen, and does not hold: another code is dialled alike. To forget it: corridor codes reset ${name}`;
      return `${name.padEnd(16)} ${code.padEnd(6)} ${explanation}${usual}${lost}`;
    });
}
