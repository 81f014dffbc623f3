import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { Headless } from '../../test/support/headless.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';

const skip = process.platform !== 'linux' && 'tail cannot wait for a process elsewhere';

/** Loaded into each thread. Asked to close, the media worker waits in native code for a program that ends with the node. */
const STUCK = `data:text/javascript,${encodeURIComponent(`
  import { execFileSync } from 'node:child_process';
  import { isMainThread, parentPort } from 'node:worker_threads';
  if (!isMainThread) parentPort.on('message', ({ type }) => type === 'close' && wait());
  const wait = () => execFileSync('tail', ['-f', '/dev/null', '--pid', String(process.pid)]);
`)}`;

it(
  'a node whose media thread is stuck ends all the same, and has written what it knows',
  { skip },
  async (t) => {
    const profile = tempFolder('stuck');
    const node = await Headless.start({
      ...{ interface: '127.0.0.1', name: 'Dana', extension: '101', office: 'new', profile },
      ...{ ready: 'warm', speaker: `file:${join(profile, 'heard.wav')}` },
      env: { NODE_OPTIONS: `--import ${STUCK}` },
    });
    t.after(() => node.stop());
    await node.api.call('setSettings', { keepDays: 17 });
    node.api.close();
    const ended = once(node.process, 'exit');
    node.process.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGKILL']);
    assert.match(node.output(), /The media worker does not end/);
    const settings = JSON.parse(readFileSync(join(profile, 'settings.json'), 'utf8')) as { keepDays: number };
    assert.equal(settings.keepDays, 17);
  },
);
