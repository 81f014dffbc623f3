import { parentPort } from 'node:worker_threads';
import type { WorkerCommand, WorkerEvent } from '../media/index.ts';

/** A media worker that begins a sound test as the real one does, and dies of the meter. */
const tell = (event: WorkerEvent) => parentPort?.postMessage(event);

parentPort?.on('message', (command: WorkerCommand) => {
  if (command.type === 'ping') tell({ type: 'pong' });
  else if (command.type === 'bind') tell({ type: 'bound', port: 47_000 });
  else if (command.type === 'sound-test') {
    const test = { state: 'recording', durationMs: 0 } as const;
    tell({ type: 'sound-test', ...test });
    tell({ type: 'sound-tested', request: command.request, ...test });
  } else if (command.type === 'meter') process.exit(1);
  else if (command.type === 'close') parentPort?.close();
});
tell({ type: 'started' });
