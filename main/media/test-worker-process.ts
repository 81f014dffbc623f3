import { endAtOnce, nodePorts } from '../model/index.ts';
import { MediaWorker, type SoundConfiguration, type WorkerCommand, type WorkerEvent } from './index.ts';

/** What the test says to a process with one media worker, and what it says back. */
export type Order =
  | { readonly order: 'start'; readonly sound: SoundConfiguration }
  | { readonly order: 'bind'; readonly address: string; readonly port: number }
  | { readonly order: 'post'; readonly command: WorkerCommand }
  | { readonly order: 'stall'; readonly ms: number }
  | { readonly order: 'close' };
export type Report =
  | { readonly report: 'event'; readonly event: WorkerEvent; readonly at: number }
  | { readonly report: 'crashed' | 'restarted' };

const EVENTS = [
  ...([
    'bound',
    'bind-failed',
    'sound-state',
    'devices',
    'talk-fragments',
    'capturing',
    'talk-ended',
  ] as const),
  ...(['received', 'sounding', 'playback', 'playback-ended', 'level', 'rendered', 'render-failed'] as const),
  ...(['loudness', 'sound-test', 'sound-tested', 'dropped'] as const),
] satisfies WorkerEvent['type'][];

const worker = new MediaWorker(process.argv[2]!);
const report = (message: Report) => process.send?.(message);
for (const name of EVENTS) worker.on(name, (event) => report({ report: 'event', event, at: Date.now() }));
for (const name of ['crashed', 'restarted'] as const) worker.on(name, () => report({ report: name }));

process.on('message', (order: Order) => {
  if (order.order === 'start') worker.start(order.sound);
  else if (order.order === 'bind') void worker.bind(order.address, order.port).catch(() => undefined);
  else if (order.order === 'stall') stall(order.ms);
  else if (order.order === 'close') void worker.close().then(() => process.disconnect(), endAtOnce);
  else {
    const { command } = order;
    const keyDownAt = nodePorts.clock.monotonic();
    worker.post(command.type === 'talk' ? { ...command, keyDownAt } : command);
  }
});

function stall(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
