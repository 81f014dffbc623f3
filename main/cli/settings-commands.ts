import type { Health } from '../../preload/api.ts';
import { collect } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { explainSettings, readSetting, writeSettings } from './setting-values.ts';

type Given = ReturnType<typeof readSetting>;

/** The commands for settings, health and diagnostics. */
export function settingsCommands({ command, ask }: CommandMaking): void {
  command('settings', 'what is chosen; with --set it is changed')
    .option(
      '--set <name=value>',
      'change one, such as --set talkKey=F8 or --set tones=off (may be repeated)',
      collect(readSetting),
    )
    .addHelpText('after', explainSettings())
    .action((options: Common & { set?: readonly Given[] }) =>
      ask(options, async (node, output) => {
        const settings = options.set
          ? await node.call('setSettings', Object.assign({}, ...options.set) as Given)
          : await node.call('settings');
        output.give(settings);
        output.say(...writeSettings(settings));
      }),
    );

  command('health', 'whether all is well, and what to do about what is not').action((options: Common) =>
    ask(options, async (node, output) => {
      const health = await node.call('health');
      output.give(health);
      output.say(...describeHealth(health));
    }),
  );

  command(
    'diagnostics',
    'a text for somebody who helps you; it contains no key and nothing of any message',
  ).action((options: Common) =>
    ask(options, async (node, output) => {
      const { text } = await node.call('diagnostics');
      output.give({ text });
      output.say(...text.trimEnd().split('\n'));
    }),
  );
}

function describeHealth({ switch: leader, standby, nodes, checks }: Health): string[] {
  const who = (one: Health['switch']): string => (one?.self ? 'this computer' : (one?.name ?? 'none'));
  return [
    `switch   ${who(leader)}`,
    `standby  ${who(standby)}`,
    ...nodes.map(({ extension, name, online, address, latencyMs, loss }) => {
      const way = [
        address ?? '',
        latencyMs === null ? '' : `${latencyMs} ms`,
        loss === null ? '' : `${Math.round(loss * 100)} % lost`,
      ];
      return `${extension.padEnd(7)} ${name.padEnd(24)} ${online ? way.filter(Boolean).join(', ') : 'offline'}`;
    }),
    ...checks.flatMap(({ ok, sentence, next }) => [
      `${ok ? 'well ' : 'FAILS'}  ${sentence}`,
      ...(next === null ? [] : [`       ${next}`]),
    ]),
  ];
}
