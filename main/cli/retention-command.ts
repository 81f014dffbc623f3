import type { Settings, Storage } from '../../preload/api.ts';
import { checkKeepDays } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';

/** The commands for how long heard messages are kept: here, and at most in the office, which admins decide. */
export function retentionCommand({ command, within, ask }: CommandMaking): void {
  const retention = command(
    'retention',
    'for how long heard messages are kept, here and in the office; its own commands change it for the office',
  )
    // Options after a subcommand belong to the subcommand.
    .enablePositionalOptions()
    .action((options: Common) => show(options));
  const show = (options: Common) =>
    ask(options, async (node, output) => {
      const [{ keepDays }, { officeKeepDays }] = [await node.call('settings'), await node.call('storage')];
      output.give({ keepDays, officeKeepDays });
      output.say(...describeRetention({ keepDays, officeKeepDays }));
    });
  const change = (options: Common, keepDays: number | null) =>
    ask(options, async (node, output) => {
      const { office } = await node.call('setOffice', { keepDays });
      const settings = await node.call('settings');
      const told = { keepDays: settings.keepDays, officeKeepDays: office.keepDays };
      output.give(told);
      output.say(...describeRetention(told));
    });
  within(retention, 'set', 'keep heard messages for so many days at most, on all computers of the office')
    .argument('<days>', 'from 1 to 3650', checkKeepDays)
    .action((days: number, options: Common) => change(options, days));
  within(retention, 'reset', 'leave it to each computer again').action((options: Common) =>
    change(options, null),
  );
}

function describeRetention({
  keepDays,
  officeKeepDays,
}: Pick<Settings, 'keepDays'> & Pick<Storage, 'officeKeepDays'>): string[] {
  const most = officeKeepDays === null ? 'leaves it to each computer' : inDays(officeKeepDays);
  return [
    `here        ${inDays(keepDays)}. To change it: corridor settings --set keepDays=30`,
    `the office  ${most}${officeKeepDays === null ? '' : ' at most'}`,
    `in force    ${inDays(Math.min(keepDays, officeKeepDays ?? Infinity))}, for messages that were heard. Others stay.`,
  ];
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}
