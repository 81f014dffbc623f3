import assert from 'node:assert/strict';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { missingPulse, startPulse } from '../test/support/pulse.ts';
import { tempFolder } from '../test/support/temp-folder.ts';

const skip = missingPulse() ?? false;
/** Three seconds of frames. */
const FRAMES = 300;
/** The loudspeaker reports a level every five frames. */
const LEVELS = FRAMES / 5;
/** Only a failing test stands still for this long. */
const PATIENCE_MS = 20_000;

const ROOM = pathToFileURL(join(dirname(fileURLToPath(import.meta.url)), 'index.ts')).href;
/** Once main says `go`, it counts frames and levels until there are enough, and then wakes main. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { enough, frames, levels } = workerData;
  import('${ROOM}').then(({ SoundEngine }) => {
    const engine = new SoundEngine();
    const left = { frames, levels };
    const count = (kind) => {
      left[kind] -= 1;
      if (left.frames > 0 || left.levels > 0) return;
      Atomics.store(enough, 0, 1);
      Atomics.notify(enough, 0);
    };
    engine.on('state', ({ microphone, speaker }) => {
      if (microphone.state === 'running' && speaker.state === 'running') parentPort.postMessage('running');
    });
    engine.configure({ ready: 'warm' });
    parentPort.once('message', () => {
      engine.on('level', ({ kind }) => { if (kind === 'speaker') count('levels'); });
      engine.startCapture(() => count('frames'));
      parentPort.postMessage('counting');
      parentPort.once('message', () => engine.close().then(() => parentPort.close()));
    });
  });`;

test(
  'microphone and loudspeaker go on in a worker while the main loop stands still',
  { skip, timeout: 60_000 },
  async (t) => {
    const dir = tempFolder('stall');
    const pulse = await startPulse({ dir });
    Object.assign(process.env, pulse.env);
    const enough = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { enough, frames: FRAMES, levels: LEVELS },
    });
    t.after(async () => {
      await worker.terminate();
      await pulse.stop();
    });
    await once(worker, 'message');
    worker.postMessage('go');
    await once(worker, 'message');
    // This is the stall: not one turn of the main loop until the worker has enough.
    assert.notEqual(
      Atomics.wait(enough, 0, 0, PATIENCE_MS),
      'timed-out',
      'sound stood still with the main loop',
    );
    const exited = once(worker, 'exit');
    worker.postMessage('close');
    await exited;
  },
);
