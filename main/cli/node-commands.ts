import { CorridorError } from '../model/index.ts';
import type { RemoteNode } from '../transports/index.ts';
import {
  checkAddress,
  checkExtension,
  checkInterface,
  checkName,
  checkOffice,
  checkPort,
  checkSetting,
  collect,
} from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describePanel, describeStatus } from './describe.ts';
import type { NodeCommand } from './node-command.ts';
import { Output } from './output.ts';
import { soundOf, type SoundGiven } from './sound-options.ts';

const EXTENSION = 'your extension, 2 to 6 digits; left out: the lowest that is free';

/** The commands that start a node, and give it its office and its person. */
export function nodeCommands({ command, ask }: CommandMaking, setExit: (code: number) => void): void {
  command('node', 'run a node without a desktop, until Ctrl+C')
    .option('--name <name>', 'your name, as colleagues see it', checkName)
    .option('--extension <number>', EXTENSION, checkExtension)
    .option('--office <new|link>', 'begin a new office, or join one by its link', checkOffice)
    .option(
      '--interface <address>',
      'network interface to use, by address or name (may be repeated)',
      collect(checkInterface),
    )
    .option(
      '--address <host[:port]>',
      'a colleague’s computer, where multicast is blocked (may be repeated)',
      collect(checkAddress),
    )
    .option(
      '--microphone <device>',
      'microphone, by name (see: corridor devices)',
      checkSetting('microphone'),
    )
    .option('--speaker <device>', 'loudspeaker, by name', checkSetting('speaker'))
    .option(
      '--ready <warm|cold>',
      'warm: the microphone is kept ready, and no first word is lost',
      checkSetting('ready'),
    )
    .option('--panel [port]', 'serve the panel to a browser on this computer; prints its address', checkPort)
    .action(async (options: NodeOptionsGiven) => {
      const { runNode } = await import('./node-command.ts');
      setExit(await runNode(nodeCommand(options), new Output(options.json === true)));
    });

  command('setup', 'say who you are, and begin or join an office')
    .requiredOption('--name <name>', 'your name', checkName)
    .option('--extension <number>', EXTENSION, checkExtension)
    .option('--office <new|link>', 'begin a new office, or join one by its link', checkOffice)
    .action((options: Common & { name: string; extension?: string; office?: string }) =>
      ask(options, async (node, output, { name, extension, office }) => {
        const status = await node.call('setup', {
          name,
          ...(extension === undefined ? {} : { extension }),
          ...(office === undefined ? {} : { office }),
        });
        output.give(status);
        output.say(...describeStatus(status));
      }),
    );

  command('panel', 'print an address that opens the panel in a browser on this computer, once').action(
    (options: Common) =>
      ask(options, async (node, output) => {
        const { address } = await panelOf(node);
        output.give({ address });
        output.say(...describePanel(address));
      }),
  );

  command('link', 'print the link that colleagues join this office with').action((options: Common) =>
    ask(options, async (node, output) => {
      const { link } = await node.call('joinLink');
      output.give({ link });
      output.say(link);
    }),
  );
}

interface NodeOptionsGiven extends Common, SoundGiven {
  /** true: the option without a port. */
  readonly panel?: number | true;
  readonly name?: string;
  readonly extension?: string;
  readonly office?: string;
  readonly interface?: readonly string[];
  readonly address?: readonly string[];
}

function nodeCommand(options: NodeOptionsGiven): NodeCommand {
  const { profile, name, extension, office, panel } = options;
  return {
    profile,
    ...soundOf(options),
    ...(name === undefined ? {} : { name }),
    ...(extension === undefined ? {} : { extension }),
    ...(office === undefined ? {} : { office }),
    ...(options.interface === undefined ? {} : { interfaces: options.interface }),
    ...(options.address === undefined ? {} : { addresses: options.address }),
    ...(panel === undefined ? {} : { panel: panel === true ? null : panel }),
  };
}

/** Makes a new address of the panel, which only a node without a desktop serves. */
async function panelOf(node: RemoteNode): Promise<{ address: string }> {
  try {
    return (await node.ask('panel')) as { address: string };
  } catch (error) {
    if (!(error instanceof CorridorError) || error.code !== 'unknown-method') throw error;
    throw new CorridorError(
      'no-panel',
      'The desktop app runs with this profile, and has the panel in its own window: click its icon, or start it again.',
    );
  }
}
