import { CommanderError, Option, type Command } from 'commander';
import { VERSION } from '../node/version.ts';
import { checkProfile } from './arguments.ts';
import { autoAnswerCommand } from './auto-answer-command.ts';
import { callCommands } from './call-commands.ts';
import { codeCommands } from './code-commands.ts';
import { dialCommands } from './dial-command.ts';
import { withNode } from './command-making.ts';
import { EXIT, failureOf, UsageError } from './exit.ts';
import { groupCommands } from './group-commands.ts';
import { hearingCommands } from './hearing-commands.ts';
import { IdAwareCommand } from './id-aware-command.ts';
import { joiningCommands } from './joining-commands.ts';
import { memberCommands } from './member-commands.ts';
import { movingCommands } from './moving-commands.ts';
import { messageCommands } from './message-commands.ts';
import { nodeCommands } from './node-commands.ts';
import { Output } from './output.ts';
import { pageCommands } from './page-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { recordCommand } from './record-command.ts';
import { retentionCommand } from './retention-command.ts';
import { settingsCommands } from './settings-commands.ts';
import { statusCommands } from './status-commands.ts';
import { talkCommands } from './talk-commands.ts';

const EXAMPLES = `
Examples:
  corridor node --office new --name Dana --extension 101    begin an office; prints the join link
  corridor node --office LINK --name Bo                     join it from another computer, with the lowest free extension
  corridor talk 102 --for 5                                 talk to 102 for five seconds
  corridor talk 102 --file announcement.wav                 speak a recording
  corridor talk press / corridor talk release               bind these to a key of your desktop
  corridor page --for 5                                     page everybody for five seconds
  corridor call 102 / corridor answer / corridor hangup     speak with 102, both at once
  corridor play next                                        hear the oldest unheard message
  corridor play all --speed 1.5                             hear everything unheard, faster, the pitch unchanged
  corridor export 4821 message.ogg                          keep message #4821 as a file
  corridor forward 4821 103                                 hand message #4821 on to 103
  corridor join --tag 3f7a-91c2 --name Cy                   ask an office of this network to be let in
  corridor invite --days 2 --uses 5                         print a link for five colleagues; it ends in two days
  corridor groups create 600 Sales --members 204,205        make a group; corridor talk 600 reaches all of it
  corridor remove 104                                       take 104 out of the office, for good
  corridor codes set undisturbed '*11'                      for everybody in the office, as an admin
  corridor dial '#4821' --preview                           what dialling that would do
  corridor presence dnd --for 1h                            do not disturb, for an hour
  corridor settings --set replyKey=F8 --set tones=off       change what is chosen
  corridor health                                           is all well, and what to do if not

Exit codes: 0 done, 1 refused or failed, 2 not understood, 3 no Corridor runs with that profile, 130 ended by Ctrl+C.
Every command takes --profile DIR and --json; with --json one JSON value a line is printed, and an error is
{"ok":false,"code":…,"error":…}.`;

/** Runs one command; resolves to the exit code. Every failure is printed as a sentence. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  let exit: number = EXIT.done;
  try {
    const program = buildProgram((code) => (exit = code));
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const failure =
      error instanceof CommanderError ? failureOf(new UsageError(usageText(error))) : failureOf(error);
    new Output(args.includes('--json')).fail(failure.code, failure.sentence);
    return failure.exit;
  }
}

function usageText(error: CommanderError): string {
  if (error.code === 'commander.help') return 'Say what to do. See: corridor --help';
  return `${error.message.replace(/^error: /, '')}. See: corridor --help`;
}

/** A user without a home folder has no default: they have to give a profile. */
function profileOption(): Option {
  const option = new Option('--profile <dir>', 'the profile’s folder').argParser(checkProfile);
  try {
    return option.default(checkProfile(undefined));
  } catch {
    return option.makeOptionMandatory();
  }
}

function buildProgram(setExit: (code: number) => void): Command {
  const program = new IdAwareCommand('corridor')
    .description(
      'An office intercom for one LAN: hold a key and talk, a colleague hears you while you speak.',
    )
    .version(VERSION)
    // Options after a subcommand belong to the subcommand.
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES);
  /** Makes a command with the common options. */
  const within = (parent: Command, usage: string, description: string): Command =>
    parent
      .command(usage)
      .description(description)
      .addOption(profileOption())
      .option('--json', 'print JSON, one value a line');
  const command = (usage: string, description: string): Command => within(program, usage, description);
  const making = { command, within, ask: withNode };
  nodeCommands(making, setExit);
  talkCommands(making);
  pageCommands(making);
  callCommands(making);
  autoAnswerCommand(making);
  recordCommand(making);
  peopleCommands(making);
  dialCommands(making);
  codeCommands(making);
  groupCommands(making);
  hearingCommands(making);
  memberCommands(making);
  joiningCommands(making);
  movingCommands(making);
  messageCommands(making);
  settingsCommands(making);
  retentionCommand(making);
  statusCommands(making);

  for (const each of [
    program,
    ...program.commands,
    ...program.commands.flatMap(({ commands }) => commands),
  ]) {
    each.exitOverride().configureOutput({ outputError: () => undefined, writeErr: () => undefined });
  }
  return program;
}
