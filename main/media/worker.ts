import { parentPort } from 'node:worker_threads';
import { MediaHost } from './media-host.ts';
import type { WorkerCommand } from './protocol.ts';

/** The media worker's thread begins here. Commands come from main, typed there; events go back. */
if (!parentPort) throw new Error('this is the media worker: it is started by MediaWorker');
const port = parentPort;
const host = new MediaHost((event) => port.postMessage(event));

port.on('message', (command: WorkerCommand) => {
  void host.execute(command).then(() => {
    if (command.type === 'close') port.close();
  });
});
