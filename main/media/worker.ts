import { parentPort } from 'node:worker_threads';
import { SoundEngine } from '../../native-audio/index.ts';
import { faults } from '../model/index.ts';
import { MediaHost } from './media-host.ts';
import type { WorkerCommand, WorkerEvent } from './protocol.ts';

/** The media worker's thread begins here. Commands come from main, typed there; events go back. */
if (!parentPort) throw new Error('this is the media worker: it is started by MediaWorker');
const port = parentPort;
const host = new MediaHost(new SoundEngine(), (event) => port.postMessage(event));

let told = 0;
faults.onLogged(({ line, where }) => {
  port.postMessage({ type: 'fault', where, error: line, times: faults.total - told } satisfies WorkerEvent);
  told = faults.total;
});

/** An error of its own ends this thread alone. The devices are given back before: the native code would crash otherwise. */
const CRASH_PATIENCE_MS = 1000;
let isCrashing = false;

port.on('message', (command: WorkerCommand) => {
  void host.execute(command).then(() => {
    if (host.isClosed) port.close();
  });
});
port.postMessage({ type: 'started' } satisfies WorkerEvent);

function crash(error: unknown): void {
  if (isCrashing) return;
  isCrashing = true;
  faults.tell('its thread', error);
  const end = () => process.exit(1);
  setTimeout(end, CRASH_PATIENCE_MS);
  host.close().then(end, end);
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
