import { parentPort } from 'node:worker_threads';
import './worker.ts';

parentPort?.on('message', ({ type }: { type: string }) => {
  if (type === 'crash') throw new Error('crash, as the test asked for');
});
