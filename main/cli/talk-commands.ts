import { checkDial, checkPreset, checkSeconds } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { UsageError } from './exit.ts';
import { howToConfirm } from './how-to-confirm.ts';
import { startedAt } from './started-at.ts';
import { AT_MOST, talkHow } from './talk-how.ts';

interface TalkGiven {
  readonly for?: number;
  readonly file?: string;
  readonly say?: string;
  readonly preset?: number;
  readonly reply?: true;
  readonly yes?: true;
}

/** The command that talks. */
export function talkCommands({ command, ask }: CommandMaking): void {
  command('talk', 'talk: hold the key until Enter, for a time, or speak a recording; or press and release it')
    .argument('<dial>', 'an extension, or press, or release', checkDial)
    .argument(
      '[extension]',
      'with press: the recipient; left out: the person who talks to you, else the last one',
      checkDial,
    )
    .option('--for <seconds>', 'hold the key for this many seconds', checkSeconds)
    .option('--reply', 'with press: reply to the person who talks to you, or who did last')
    .option('--yes', 'if an override is dialled: yes, override do not disturb')
    .option('--file <wav>', 'speak this WAV file instead of the microphone')
    .option('--say <text>', 'have a voice of this computer speak this text, which can be read there, too')
    .option(
      '--preset <place>',
      'send this one of your sentences at hand, from 1; with press: to whom the key reaches',
      checkPreset,
    )
    .action((dial: string, extension: string | undefined, options: Common & TalkGiven) =>
      talkAction(dial, extension, options, ask),
    );
}

async function talkAction(
  dial: string,
  extension: string | undefined,
  options: Common & TalkGiven,
  ask: CommandMaking['ask'],
): Promise<void> {
  const { reply, yes: isConfirmed = false } = options;
  const how = talkHow(options);
  const isKey = dial === 'press' || dial === 'release';
  if (isKey && how.kind !== 'hold' && !(dial === 'press' && how.kind === 'preset')) {
    throw new UsageError(
      '--for, --file and --say go with an extension, --preset also with press: corridor talk 102 --for 5',
    );
  }
  if (reply && (dial !== 'press' || extension !== undefined)) {
    throw new UsageError('--reply goes with press alone: corridor talk press --reply');
  }
  if (extension !== undefined && dial !== 'press') {
    throw new UsageError(
      `${extension} is one word too many. To talk: corridor talk ${isKey ? extension : dial}`,
    );
  }
  await ask(options, async (node, output) => {
    if (dial === 'press') {
      const whom = reply
        ? { reply: 'last' }
        : extension === undefined
          ? {}
          : { dial: extension, isConfirmed };
      if (how.kind === 'preset') {
        const { talk } = await import('./talk-command.ts');
        return talk(node, whom, how, output).catch(howToConfirm);
      }
      const talk = await node
        .call('talkPress', { ...whom, isLatched: true, at: startedAt() })
        .catch(howToConfirm);
      output.give(talk);
      output.say(
        `talking to ${talk.group ?? talk.names.join(', ')} (${talk.to}) until: corridor talk release, ${AT_MOST}`,
      );
    } else if (dial === 'release') {
      const released = await node.call('talkRelease', { at: startedAt() });
      output.give(released);
      output.say(released.id === null ? 'nobody was being talked to' : 'released');
    } else {
      const { talk } = await import('./talk-command.ts');
      await talk(node, { dial, isConfirmed }, how, output).catch(howToConfirm);
    }
  });
}
