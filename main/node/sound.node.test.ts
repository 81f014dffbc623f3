import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { it } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { startNode } from './index.ts';

it('a sound test ends with the sound worker, and is told so', { timeout: 240_000 }, async () => {
  const profile = tempFolder('sound');
  const node = await startNode({
    profile,
    workerPath: fileURLToPath(new URL('test-dying-worker.ts', import.meta.url)),
    interfaces: ['127.0.0.1'],
    log: () => undefined,
  });
  try {
    const states: string[] = [];
    const idle = new Promise<void>((resolve) => {
      node.onEvent((event: NodeEvent) => {
        if (event.type !== 'sound-test') return;
        states.push(event.test.state);
        if (event.test.state === 'idle') resolve();
      });
    });
    assert.equal((await node.call('soundTest', { action: 'record' })).state, 'recording');
    await node.call('meter', { on: true });
    await idle;
    assert.deepEqual(states, ['recording', 'idle']);
  } finally {
    await node.close();
  }
});
