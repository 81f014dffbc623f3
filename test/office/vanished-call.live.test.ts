import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { CallStatus } from '../../preload/api.ts';
import { runCorridor } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/** After this long without any packet a call is over (README), less what a busy computer notices late, ms. */
const AT_LEAST_MS = 25_000;
/** Only a failing test waits this long. */
const AT_MOST_MS = 90_000;

/** Each is a process of its own. Two calls at once, so that the half minute is waited for once. */
describe('a call whose other computer vanishes', { timeout: 240_000 }, () => {
  const dir = tempFolder('vanished');
  const nodes: Headless[] = [];

  before(async () => {
    const start = async (name: string, extension: string, office: string) => {
      const speaker = `file:${join(dir, `${name}.wav`)}`;
      const node = await Headless.start({ interface: '127.0.0.1', name, extension, office, speaker });
      nodes.push(node);
      return node;
    };
    const ann = await start('Ann', '101', 'new');
    const { link } = await ann.api.call('joinLink');
    for (const [name, extension] of [
      ['Bo', '102'],
      ['Kim', '103'],
      ['Lou', '104'],
    ] as const)
      await start(name, extension, link);
    for (const { api } of nodes)
      await eventually(
        async () =>
          (await api.call('people')).filter(({ presence }) => presence === 'available').length === 3,
        'each sees the others',
      );
  });
  after(async () => {
    for (const node of nodes) {
      // A process that is stopped takes no other signal.
      node.process.kill('SIGCONT');
      await node.stop();
    }
  });

  it('ends half a minute after the last packet, with a sentence: of a process that was killed, and of one that stands still', async () => {
    const [ann, bo, kim, lou] = nodes as [Headless, Headless, Headless, Headless];
    const ended = await Promise.all([
      vanishes(ann, bo, 'SIGKILL', '102'),
      vanishes(kim, lou, 'SIGSTOP', '104'),
    ]);
    for (const { after: ms, reason } of ended) {
      assert.equal(reason, 'vanished');
      assert.ok(ms >= AT_LEAST_MS, `it ended after ${ms} ms`);
    }
    for (const [node, name, extension] of [
      [ann, 'Bo', '102'],
      [kim, 'Lou', '104'],
    ] as const) {
      const { printed } = await runCorridor(node.profile, 'status');
      assert.ok(
        printed.includes(`${name} (${extension}) cannot be heard any more: the call has ended`),
        printed,
      );
    }
  });

  /** Calls that node, which then gets the signal. Resolves once the caller's call has ended: why, and how many ms after the signal. */
  async function vanishes(
    caller: Headless,
    called: Headless,
    signal: NodeJS.Signals,
    dial: string,
  ): Promise<{ after: number; reason: CallStatus['reason'] }> {
    const stateAt = async ({ api }: Headless): Promise<CallStatus | undefined> =>
      (await api.call('status')).calls[0];
    await caller.api.call('startCall', { dial, wavBase64: toneWav(60_000) });
    await eventually(async () => (await stateAt(called))?.state === 'ringing', 'it rings');
    await called.api.call('controlCall', { action: 'answer', wavBase64: toneWav(60_000) });
    for (const node of [caller, called])
      await eventually(async () => (await stateAt(node))?.state === 'active', 'both are in the call');
    const at = performance.now();
    called.process.kill(signal);
    await eventually(async () => (await stateAt(caller))?.state === 'ended', 'it ends', AT_MOST_MS);
    return { after: performance.now() - at, reason: (await stateAt(caller))?.reason ?? null };
  }
});
