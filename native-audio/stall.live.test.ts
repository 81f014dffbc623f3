import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { missingPulse, startPulse } from '../test/support/pulse.ts';

const skip = missingPulse() ?? false;
const roomFolder = dirname(fileURLToPath(import.meta.url));

test(
  'frames keep their pace in a worker while the main loop stalls 100 ms twice a second',
  { skip, timeout: 30_000 },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'corridor-stall-'));
    const pulse = await startPulse({ dir });
    Object.assign(process.env, pulse.env);
    try {
      const room = pathToFileURL(join(roomFolder, 'index.ts')).href;
      const program = `
      const { parentPort } = require('node:worker_threads');
      import('${room}').then(({ SoundEngine }) => {
        const engine = new SoundEngine();
        engine.configure({ ready: 'warm' });
        const gaps = [];
        let last = 0;
        let whileOpening = 0;
        setTimeout(() => {
          whileOpening = engine.ranDry;
          engine.startCapture(() => {
            const now = performance.now();
            if (last) gaps.push(now - last);
            last = now;
          });
        }, 500);
        setTimeout(async () => {
          const ranDry = engine.ranDry - whileOpening;
          await engine.close();
          parentPort.postMessage({ gaps, ranDry });
        }, 3500);
      });`;
      const worker = new Worker(program, { eval: true });
      t.after(() => worker.terminate());
      const stall = setInterval(() => {
        const end = performance.now() + 100;
        while (performance.now() < end);
      }, 500);
      t.after(() => clearInterval(stall));
      const { gaps, ranDry } = await new Promise<{ gaps: number[]; ranDry: number }>((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
      });
      clearInterval(stall);
      gaps.sort((a, b) => a - b);
      assert.ok(gaps.length > 270, `${gaps.length} frames in 3 s`);
      assert.ok(gaps[Math.floor(gaps.length * 0.99)]! < 30, `p99 ${gaps[Math.floor(gaps.length * 0.99)]} ms`);
      assert.ok(gaps[gaps.length - 1]! < 80, `longest gap ${gaps[gaps.length - 1]} ms`);
      // There are six stalls: one that reached the loudspeaker would leave it without samples at least once.
      assert.ok(ranDry < 6, `the loudspeaker ran dry ${ranDry} times`);
    } finally {
      await pulse.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
