import { Command, CommanderError } from 'commander';
import { connectLocalSocket, type RemoteNode } from '../transports/index.ts';
import { VERSION } from '../node/version.ts';
import { CorridorError } from '../model/index.ts';
import type { SettingName, SettingValues } from '../../preload/api.ts';
import {
  checkAddress,
  checkDial,
  checkExtension,
  checkInterface,
  checkName,
  checkOffice,
  checkPort,
  checkProfile,
  checkSeconds,
  checkSetting,
  collect,
} from './arguments.ts';
import { describeDevices, describePanel, describeStatus } from './describe.ts';
import { EXIT, failureOf, UsageError } from './exit.ts';
import { messageCommands } from './message-commands.ts';
import { Narrator } from './narrator.ts';
import type { NodeCommand } from './node-command.ts';
import { Output } from './output.ts';
import { peopleCommands } from './people-commands.ts';
import { readValue } from './setting-values.ts';
import { settingsCommands } from './settings-commands.ts';

const EXAMPLES = `
Examples:
  corridor node --office new --name Dana --extension 101    begin an office; prints the join link
  corridor node --office LINK --name Bo                     join it from another computer, with the lowest free extension
  corridor talk 102 --for 5                                 talk to 102 for five seconds
  corridor talk 102 --file announcement.wav                 speak a recording
  corridor talk press / corridor talk release               bind these to a key of your desktop
  corridor play next                                        hear the oldest unheard message
  corridor play all --speed 1.5                             hear everything unheard, faster, the pitch unchanged
  corridor export 4821 message.ogg                          keep message #4821 as a file
  corridor forward 4821 103                                 hand message #4821 on to 103
  corridor dial '#4821' --preview                           what dialling that would do
  corridor presence dnd --for 1h                            do not disturb, for an hour
  corridor settings --set replyKey=F8 --set tones=off       change what is chosen
  corridor health                                           is all well, and what to do if not

Exit codes: 0 done, 1 refused or failed, 2 not understood, 3 no Corridor runs with that profile, 130 ended by Ctrl+C.
Every command takes --profile DIR and --json; with --json one JSON value a line is printed, and an error is
{"ok":false,"code":…,"error":…}.`;

const EXTENSION = 'your extension, 2 to 6 digits; left out: the lowest that is free';

interface Common {
  readonly profile: string;
  readonly json?: true;
}

/** Runs one command; resolves to the exit code. Everything that goes wrong is said in a sentence. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exit: number = EXIT.done;
  const program = buildProgram((code) => (exit = code));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const failure =
      error instanceof CommanderError
        ? failureOf(new UsageError(usageText(error, program)))
        : failureOf(error);
    new Output(args.includes('--json')).fail(failure.code, failure.sentence);
    return failure.exit;
  }
}

function usageText(error: CommanderError, program: Command): string {
  if (error.code === 'commander.help') return `Say what to do.\n\n${program.helpInformation()}`;
  return `${error.message.replace(/^error: /, '')}. See: corridor --help`;
}

function buildProgram(setExit: (code: number) => void): Command {
  const program = new Command('corridor')
    .description(
      'An office intercom for one LAN: hold a key and talk, a colleague hears you while you speak.',
    )
    .version(VERSION)
    .addHelpText('after', EXAMPLES);
  /** A command with the options that all have. */
  const command = (usage: string, description: string): Command =>
    program
      .command(usage)
      .description(description)
      .option('--profile <dir>', 'the profile’s folder', checkProfile, checkProfile(undefined))
      .option('--json', 'print JSON, one value a line');
  /** A command that asks the node that runs. */
  const ask = <T extends Common>(
    options: T,
    work: (node: RemoteNode, output: Output, options: T) => Promise<void>,
  ) => withNode(options, work);

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

  command('talk', 'talk: hold the key until Enter, for a time, or speak a recording; or press and release it')
    .argument('<dial>', 'an extension, or press, or release', checkDial)
    .argument(
      '[extension]',
      'with press: whom to talk to; left out: whoever talks to you, else the last one',
      checkDial,
    )
    .option('--for <seconds>', 'hold the key so long', checkSeconds)
    .option('--reply', 'with press: reply to whoever talks to you, else to whoever did last')
    .option('--file <wav>', 'speak this WAV file instead of the microphone')
    .action((dial: string, extension: string | undefined, options: Common & TalkGiven) =>
      talkAction(dial, extension, options),
    );

  peopleCommands({ command, ask });
  messageCommands({ command, ask });

  settingsCommands({ command, ask });

  command('status', 'how this node is').action((options: Common) =>
    ask(options, async (node, output) => {
      const status = await node.call('status');
      output.give(status);
      output.say(...describeStatus(status));
    }),
  );

  command('devices', 'microphones and loudspeakers').action((options: Common) =>
    ask(options, async (node, output) => {
      const devices = await node.call('devices');
      output.give(devices);
      output.say(...describeDevices(devices));
    }),
  );

  command('sound', 'choose microphone and loudspeaker')
    .option('--microphone <device>', 'by name; default follows the system', checkSetting('microphone'))
    .option('--speaker <device>', 'by name; default follows the system', checkSetting('speaker'))
    .option('--ready <warm|cold>', 'warm: kept ready; cold: opened at key down', checkSetting('ready'))
    .action((options: Common & SoundGiven) =>
      ask(options, async (node, output) => {
        await node.call('setSettings', soundOf(options));
        const status = await node.call('status');
        output.give(status);
        output.say(...describeStatus(status));
      }),
    );

  command('address', 'look for a colleague’s computer at an address, where multicast is blocked')
    .argument('<host[:port]>', 'its name or IP address', checkAddress)
    .action((address: string, options: Common) =>
      ask(options, async (node, output) => {
        const added = await node.call('addAddress', { address });
        output.give(added);
        output.say(`Colleagues are looked for at ${added.address}.`);
      }),
    );

  command('events', 'print what happens, as it happens, until Ctrl+C')
    .option('--levels', 'with --json: also how loud it is, many times a second')
    .action((options: Common & { levels?: true }) =>
      ask(options, (node, output) => follow(node, options, output)),
    );

  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  }
  return program;
}

/** The settings that have options of their own, each as text. */
const SOUND = ['microphone', 'speaker', 'ready'] as const satisfies readonly SettingName[];
type SoundGiven = { readonly [N in (typeof SOUND)[number]]?: string };

interface TalkGiven {
  readonly for?: number;
  readonly file?: string;
  readonly reply?: true;
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

/** Of the options, the settings that were given. */
function soundOf(options: SoundGiven): Partial<Pick<SettingValues, keyof SoundGiven>> {
  return Object.fromEntries(
    SOUND.flatMap((name) => {
      const text = options[name];
      return text === undefined ? [] : Object.entries(readValue(name, text));
    }),
  );
}

async function withNode<T extends Common>(
  options: T,
  work: (node: RemoteNode, output: Output, options: T) => Promise<void>,
): Promise<void> {
  const node = await connectLocalSocket(options.profile);
  try {
    await work(node, new Output(options.json === true), options);
  } finally {
    node.close();
  }
}

/** A fresh address of the panel. Only a node without a desktop serves one. */
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

async function talkAction(
  dial: string,
  extension: string | undefined,
  options: Common & TalkGiven,
): Promise<void> {
  const { for: forSeconds, file, reply } = options;
  const isKey = dial === 'press' || dial === 'release';
  if (forSeconds !== undefined && file !== undefined) throw new UsageError('Give --for or --file, not both.');
  if (isKey && (forSeconds !== undefined || file !== undefined)) {
    throw new UsageError(`--for and --file go with an extension: corridor talk 102 --for 5`);
  }
  if (reply && (dial !== 'press' || extension !== undefined)) {
    throw new UsageError('--reply goes with press alone: corridor talk press --reply');
  }
  if (extension !== undefined && dial !== 'press') {
    throw new UsageError(
      `${extension} is one word too many. To talk: corridor talk ${isKey ? extension : dial}`,
    );
  }
  await withNode(options, async (node, output) => {
    if (dial === 'press') {
      const whom = reply ? { reply: 'last' } : extension === undefined ? {} : { dial: extension };
      const talk = await node.call('talkPress', whom);
      output.give(talk);
      output.say(`talking to ${talk.names.join(', ')} (${talk.to}) until: corridor talk release`);
    } else if (dial === 'release') {
      const released = await node.call('talkRelease');
      output.give(released);
      output.say(released.id === null ? 'nobody was being talked to' : 'released');
    } else {
      const { talk } = await import('./talk-command.ts');
      const how =
        file !== undefined
          ? ({ kind: 'file', path: file } as const)
          : forSeconds !== undefined
            ? ({ kind: 'for', seconds: forSeconds } as const)
            : ({ kind: 'hold' } as const);
      await talk(node, dial, how, output);
    }
  });
}

async function follow(node: RemoteNode, options: { levels?: true }, output: Output): Promise<void> {
  const { interruption } = await import('./await-event.ts');
  const { asked, stop } = interruption();
  const narrator = new Narrator(await node.call('status'), await node.call('people'));
  node.onEvent((event) => {
    if (event.type === 'level' && options.levels !== true) return;
    output.give(event);
    output.say(...narrator.lines(event));
  });
  await Promise.race([node.closed, asked.catch(() => undefined)]);
  stop();
}
