import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

describe('settings', { timeout: 30_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  before(async () => {
    ann = await office.add('101');
  });
  after(() => office.stop());

  it('are changed one by one, told, and kept', async () => {
    let expected = await ann.node.call('settings');
    for (const change of [
      { replyKey: 'F8' },
      { personKeys: [{ extension: '102', key: 'F6' }] },
      { latch: true },
      { tones: false },
      { notifications: false },
      { startAtLogin: true },
      { language: 'de' as const },
      { keepDays: 7 },
      { keepMegabytes: 100 },
    ]) {
      assert.notDeepEqual({ ...expected, ...change }, expected, 'it is a change');
      expected = { ...expected, ...change };
      const from = ann.events.length;
      assert.deepEqual(await ann.node.call('setSettings', change), expected, 'what is not named stays');
      assert.deepEqual(await ann.node.call('settings'), expected);
      const told = await ann.untilSo(
        (event) => event.type === 'settings' && ann.events.indexOf(event) >= from,
      );
      assert.ok(told.type === 'settings');
      assert.deepEqual(told.settings, expected);
    }
    const personKeys = [
      { extension: '102', key: 'F5' },
      { extension: '103', key: null },
      { extension: '102', key: 'F6' },
    ];
    const changed = await ann.node.call('setSettings', { personKeys });
    assert.deepEqual(changed, expected, 'of two keys for one person the last stays, and none is no key');
    const { profile } = ann;
    await office.close(ann);
    ann = await office.add('101', { profile });
    assert.deepEqual(await ann.node.call('settings'), changed);
  });

  it('refuse a key that does something already, say what, and change nothing', async () => {
    const before = await ann.node.call('settings');
    for (const [wanted, use] of [
      [{ replyKey: 'F9' }, /^F9 is the talk key already\./],
      [{ playNextKey: 'f8', latch: false }, /^F8 is the key to reply already\./],
      [{ talkKey: 'F6' }, /^F6 is the key for 102 already\./],
      [{ personKeys: [{ extension: '105', key: 'F8' }] }, /^F8 is the key to reply already\./],
    ] as const) {
      const { personKeys, ...rest } = { personKeys: undefined, ...wanted };
      await assert.rejects(
        ann.node.call('setSettings', { ...rest, ...(personKeys ? { personKeys: [...personKeys] } : {}) }),
        (error: Error & { code?: string }) => error.code === 'key-taken' && use.test(error.message),
      );
    }
    assert.deepEqual(await ann.node.call('settings'), before);
    const swapped = await ann.node.call('setSettings', { replyKey: 'F9', talkKey: 'F8' });
    assert.deepEqual([swapped.talkKey, swapped.replyKey], ['F8', 'F9']);
  });
});
