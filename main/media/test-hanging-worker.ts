import { parentPort } from 'node:worker_threads';
import './worker.ts';

/** The media worker, which hangs when it is told to: it neither answers nor ends. */
parentPort?.on('message', ({ type }: { type: string }) => {
  if (type === 'hang') for (;;);
});
