import { parentPort } from 'node:worker_threads';
import './worker.ts';

/** The media worker, which reports each order to rest. `dropped` is an event that does not count as use. */
parentPort?.on('message', ({ type }: { type: string }) => {
  if (type === 'rest') parentPort?.postMessage({ type: 'dropped', reason: 'asked to rest', total: 1 });
});
