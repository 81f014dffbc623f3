import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';

/** Throws outside of every handler, and leaves a promise to reject, at each SIGUSR2. */
const BREAKS = `data:text/javascript,${encodeURIComponent(`
  process.on('SIGUSR2', () => {
    setImmediate(() => { throw new Error('a fault of the test'); });
    setImmediate(() => { void Promise.reject(new Error('another fault of the test')); });
  });
`)}`;

it('a node without a desktop says what nobody foresaw, counts it, shows it in its health, and goes on', async (t) => {
  const node = await Headless.start({
    ...{ interface: '127.0.0.1', name: 'Dana', extension: '101', office: 'new', ready: 'cold' },
    env: { NODE_OPTIONS: `--import ${BREAKS}` },
  });
  t.after(() => node.stop());
  const program = async () => (await node.api.call('health')).checks.find(({ code }) => code === 'program');
  assert.equal((await program())?.ok, true);
  node.process.kill('SIGUSR2');
  await eventually(async () => /2 times/.test((await program())?.sentence ?? ''), 'health tells of both');
  for (const said of [
    '(uncaught, 1 so far): Error: a fault of',
    '(unhandled rejection, 1 so far): Error: another',
  ])
    await eventually(
      () => node.output().includes(said),
      () => `the log says ${said}; it says: ${node.output()}`,
    );
  assert.equal(node.process.exitCode, null);
  assert.equal((await node.api.call('status')).state, 'running');
});
