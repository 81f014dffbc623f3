import { MediaWorker, type Opening, type WorkerCommand, type WorkerEvent } from './index.ts';

/** What the test says to a process with one media worker, and what it says back. */
export type Order =
  | { readonly order: 'open'; readonly opening: Opening }
  | { readonly order: 'post'; readonly command: WorkerCommand }
  | { readonly order: 'stall'; readonly ms: number }
  | { readonly order: 'close' };
export type Report =
  | { readonly report: 'event'; readonly event: WorkerEvent; readonly at: number }
  | { readonly report: 'crashed' };

const worker = new MediaWorker(process.argv[2]!);
const report = (message: Report) => process.send?.(message);
worker.onEvent((event) => report({ report: 'event', event, at: Date.now() }));
worker.onCrash(() => report({ report: 'crashed' }));

process.on('message', (order: Order) => {
  if (order.order === 'open') void worker.open(order.opening).catch(() => undefined);
  else if (order.order === 'stall') stall(order.ms);
  else if (order.order === 'close') void worker.close().then(() => process.disconnect());
  else {
    const { command } = order;
    const keyDownAt = performance.timeOrigin + performance.now();
    worker.post(command.type === 'talk' ? { ...command, keyDownAt } : command);
  }
});

function stall(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
