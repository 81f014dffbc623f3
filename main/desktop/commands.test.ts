import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeApi, Status } from '../../preload/api.ts';
import { callStatus } from '../../test/support/call-status.ts';
import { Commands } from './commands.ts';
import type { TrayAction } from './tray-menu.ts';

/** What the node is asked for, where a person chooses this in the tray's menu. */
async function askedBy(action: TrayAction): Promise<unknown[]> {
  const asked: unknown[] = [];
  const call = (async (...call: unknown[]) => {
    asked.push(call);
    return { id: 'talk', to: '', names: [] };
  }) as unknown as NodeApi['call'];
  const commands = new Commands({
    ...{ api: { call }, open: () => undefined, quit: () => undefined },
    ...{ failed: (error) => assert.fail(String(error)), announce: () => undefined, log: () => undefined },
  });
  commands.act(action);
  await Promise.resolve();
  await Promise.resolve();
  commands.talking.stop();
  return asked.slice(0, 1);
}

test('a person of the tray’s menu is talked to at whatever number they have now', async () => {
  const asked = await askedBy({ type: 'talk', extension: '204', person: 'dana' });
  assert.deepEqual(asked, [['talkPress', { dial: '204', person: 'dana' }]]);
});

test('a reply of the tray’s menu goes to whoever spoke that message', async () => {
  assert.deepEqual(await askedBy({ type: 'reply', message: 'm' }), [['talkPress', { reply: 'm' }]]);
});

test('the keys for calls answer what rings, put it off, and end the call; without a call they ask for nothing', async () => {
  const asked: unknown[] = [];
  const call = (async (...call: unknown[]) => void asked.push(call)) as unknown as NodeApi['call'];
  const commands = new Commands({
    ...{ api: { call }, open: () => undefined, quit: () => undefined },
    ...{ failed: (error) => assert.fail(String(error)), announce: () => undefined, log: () => undefined },
  });
  commands.keyDown({ kind: 'answer' });
  const status = { calls: [callStatus()] } as unknown as Status;
  commands.on({ type: 'status', at: 0, status });
  commands.keyDown({ kind: 'later' });
  commands.keyTapped({ kind: 'answer' });
  commands.keyUp({ kind: 'answer' });
  assert.deepEqual(asked, [
    ['controlCall', { id: 'c', action: 'hang-up' }],
    ['controlCall', { id: 'c', action: 'answer' }],
  ]);
});

test('everybody is paged from the tray’s menu', async () => {
  assert.deepEqual(await askedBy({ type: 'page' }), [['talkPress', { page: {} }]]);
});

test('a divert is ended by the tray’s menu', async () => {
  assert.deepEqual(await askedBy({ type: 'end-divert' }), [['setDivert', { person: null }]]);
});
