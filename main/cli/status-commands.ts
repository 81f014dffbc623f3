import type { RemoteNode } from '../transports/index.ts';
import { checkAddress, checkSetting } from './arguments.ts';
import type { CommandMaking, Common } from './command-making.ts';
import { describeDevices, describeStatus, describeVoices } from './describe.ts';
import { describeExchange } from './describe-exchange.ts';
import { Narrator } from './narrator.ts';
import type { Output } from './output.ts';
import { soundOf, type SoundGiven } from './sound-options.ts';

/** The commands for status and events, sound devices, and addresses of colleagues. */
export function statusCommands({ command, ask }: CommandMaking): void {
  command('status', 'how this node is').action((options: Common) =>
    ask(options, async (node, output) => {
      const status = await node.call('status');
      output.give(status);
      output.say(...describeStatus(status), ...(status.node ? describeExchange(status) : []));
    }),
  );

  command('voices', 'the voices of this computer, which speak what you type').action((options: Common) =>
    ask(options, async (node, output) => {
      const voices = await node.call('voices', { again: true });
      output.give(voices);
      output.say(...describeVoices(voices));
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

  command('address', 'look for a colleague’s computer at an address, if multicast is blocked')
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
}

async function follow(node: RemoteNode, options: { levels?: true }, output: Output): Promise<void> {
  const { interruption } = await import('./await-event.ts');
  const { asked, stop } = interruption();
  const narrator = await Narrator.of(node);
  node.onEvent((event) => {
    if (event.type === 'level' && options.levels !== true) return;
    output.give(event);
    output.say(...narrator.lines(event));
  });
  await Promise.race([node.closed, output.closed, asked.catch(() => undefined)]);
  stop();
}
