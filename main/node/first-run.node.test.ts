import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { WORKER } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { startNode, type CorridorNode } from './index.ts';

describe('before first run is done', { timeout: 240_000 }, () => {
  let node: CorridorNode;
  let profile: string;
  beforeEach(async () => {
    profile = tempFolder('first');
    node = await startNode({
      profile,
      workerPath: WORKER,
      interfaces: ['127.0.0.1'],
      speaker: `file:${join(profile, 'heard.wav')}`,
      ready: 'cold',
      log: () => undefined,
    });
  });
  afterEach(async () => {
    await node?.close();
  });

  it('health says that there is no office yet, and nothing else is wrong', async () => {
    const { switch: leader, standby, nodes, checks } = await node.call('health');
    assert.deepEqual([leader, standby, nodes], [null, null, []]);
    const failing = checks.filter(({ ok }) => !ok).map(({ code }) => code);
    assert.deepEqual(failing, ['switch']);
  });

  it('diagnostics, settings, storage and the dial plan answer', async () => {
    const { text } = await node.call('diagnostics');
    assert.match(text, /"state": "setup"/);
    assert.equal((await node.call('setSettings', { language: 'de' })).language, 'de');
    const { messages, freeBytes } = await node.call('storage');
    assert.equal(messages, 0);
    assert.ok(freeBytes === null || freeBytes > 0);
    const plan = await node.call('dialPlan');
    assert.ok(plan.length >= 3, 'what may be dialled is explained before there is an office');
    for (const { pattern, explanation } of plan)
      assert.ok(pattern && /^[A-Z#*].*\.$/.test(explanation), explanation);
    assert.equal((await node.call('dialPreview', { dial: '102' })).kind, 'nobody');
  });

  it('the sound can be tried', async () => {
    assert.deepEqual(await node.call('meter', { on: true }), { on: true });
    assert.deepEqual(await node.call('meter', { on: false }), { on: false });
    assert.equal((await node.call('soundTest', { action: 'stop' })).state, 'idle');
  });

  it('what needs an office says so', async () => {
    for (const call of [
      () => node.call('setPresence', { presence: 'dnd' }),
      () => node.call('talkPress', { reply: 'last' }),
      () => node.call('talkPress', { dial: '102' }),
    ])
      await assert.rejects(call(), { code: 'not-set-up' });
  });
});
