import type { RemoteNode } from '../transports/index.ts';
import {
  checkCount,
  checkDial,
  checkExtension,
  checkId,
  checkPlayed,
  checkSpeed,
  checkWhich,
} from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describeMessages, seconds } from './describe.ts';
import { UsageError } from './exit.ts';
import type { ListOptions } from './message-list.ts';

/** The commands for messages: list, play, save, forward, delete and restore. */
export function messageCommands({ command, ask }: CommandMaking): void {
  command('messages', 'messages that came and went, the latest first')
    .option('--find <words>', 'those with these words in what was typed, or understood, or in a name')
    .option('--with <extension>', 'those from or to this colleague', checkExtension)
    .option('--unheard', 'those that you have not heard')
    .option('--before <which>', 'those that came before this one, by its number or its id', checkWhich)
    .option('--limit <count>', 'how many at most; 100 unless you say otherwise', checkCount)
    .action((options: Common & ListOptions) =>
      ask(options, async (node, output) => {
        const { listMessages } = await import('./message-list.ts');
        const { messages, isPart } = await listMessages(node, options);
        output.give(messages);
        output.say(...describeMessages(messages));
        const last = messages[messages.length - 1];
        if (last && isPart) output.say(`older ones: --before ${last.number === '' ? last.id : last.number}`);
      }),
    );

  command('transcript', 'what was said in a message, as far as an engine understands it')
    .argument('<which>', 'its number, its id, or next', checkWhich)
    .option('--again', 'have it made anew')
    .action(async (which: string, options: Common & { again?: true }) => {
      const { printTranscript } = await import('./transcript-command.ts');
      await ask(options, async (node, output) =>
        printTranscript(node, await idOf(node, which), options.again === true, output),
      );
    });

  command('play', 'hear a message on the node’s loudspeaker, or write it to a file')
    .argument('<which>', 'its number, its id, next for the oldest unheard, or all unheard ones', checkPlayed)
    .option('--speed <factor>', '0.5 to 2.5 times as fast, the pitch unchanged', checkSpeed)
    .option('--to <file>', 'write it to a .wav or .ogg file instead')
    .option('--no-wait', 'do not wait until it has been played')
    .action((which: string, options: Common & { speed?: number; to?: string; wait: boolean }) =>
      playAction(which, options, ask),
    );

  command('last-words', 'hear the last 30 seconds that you heard, again').action((options: Common) =>
    ask(options, async (node, output) => {
      const again = await node.call('playLastWords');
      output.give(again);
      output.say(`plays the last ${seconds(again.durationMs)} that you heard`);
    }),
  );

  command('skip', 'end what you hear now; the next that waits follows').action((options: Common) =>
    ask(options, async (node, output) => {
      const { waiting } = await node.call('status');
      output.give({ next: waiting[0] ?? null });
      await node.call('playback', { action: 'skip' });
      output.say(waiting[0] ? `next: ${waiting[0].name} (${waiting[0].extension})` : 'nobody else waits');
    }),
  );

  command('later', 'leave what waits behind what you hear for later').action((options: Common) =>
    ask(options, async (node, output) => {
      const { waiting } = await node.call('status');
      await node.call('playback', { action: 'later' });
      output.give({ waiting });
      output.say(
        waiting.length === 0 ? 'nobody waits' : `for later: ${waiting.map(({ name }) => name).join(', ')}`,
      );
    }),
  );

  command('export', 'write a message to a file that any player plays')
    .argument('<which>', 'its number, its id, or next', checkWhich)
    .argument('<file>', 'a name ending in .ogg (Ogg Opus) or .wav; .txt for its words')
    .action(async (which: string, file: string, options: Common) => {
      const { formatOf, save } = await import('./play-command.ts');
      formatOf(file);
      await ask(options, (node, output) => save(node, which, file, false, output));
    });

  command('forward', 'forward a message, with the name of its talker')
    .argument('<which>', 'its number or its id', checkWhich)
    .argument('<dial>', 'the extension it goes to', checkDial)
    .action((which: string, dial: string, options: Common) =>
      ask(options, async (node, output) => {
        const forwarded = await node.call('forwardMessage', { id: await idOf(node, which), dial });
        output.give(forwarded);
        output.say(`handed on to ${forwarded.names.join(', ')} (${forwarded.to})`);
      }),
    );

  command('delete', 'delete a message here; for a while `undo` brings it back')
    .argument('<id>', 'its id (see: corridor messages --json), or its number', checkWhich)
    .action((which: string, options: Common) =>
      ask(options, async (node, output) => {
        const id = await idOf(node, which);
        const result = await node.call('deleteMessage', { id });
        const { undoMs } = await node.call('settings');
        output.give({ ...result, id, undoMs });
        output.say(
          result.deleted
            ? `deleted; for ${Math.round(undoMs / 1000)} s it comes back with: corridor undo ${id}`
            : 'it was not there any more',
        );
      }),
    );

  command('undo', 'bring back a message that was just deleted')
    .argument('<id>', 'its id, as delete printed it', checkId)
    .action((id: string, options: Common) =>
      ask(options, async (node, output) => {
        const result = await node.call('restoreMessage', { id });
        output.give(result);
        output.say(result.restored ? 'it is back' : 'it is too late, or it was not deleted');
      }),
    );
}

async function playAction(
  which: string,
  options: Common & { speed?: number; to?: string; wait: boolean },
  ask: CommandMaking['ask'],
): Promise<void> {
  const { speed, to, wait } = options;
  if (to !== undefined && which === 'all') throw new UsageError('One message goes into one file: give one.');
  if (to !== undefined && speed !== undefined)
    throw new UsageError('--speed goes with playing, not with --to.');
  const { formatOf, play, save } = await import('./play-command.ts');
  if (to !== undefined) formatOf(to);
  await ask(options, (node, output) =>
    to === undefined ? play(node, which, { speed, wait }, output) : save(node, which, to, true, output),
  );
}

async function idOf(node: RemoteNode, which: string): Promise<string> {
  const { messageNamed } = await import('./message-list.ts');
  return (await messageNamed(node, which)).id;
}
