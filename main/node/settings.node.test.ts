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
    const changed = await ann.node.call('setSettings', {
      replyKey: 'F8',
      personKeys: [
        { extension: '102', key: 'F5' },
        { extension: '103', key: null },
        { extension: '102', key: 'F6' },
      ],
      latch: true,
      tones: false,
      notifications: false,
      startAtLogin: true,
      language: 'de',
      keepDays: 7,
      keepMegabytes: 100,
    });
    assert.deepEqual(changed.personKeys, [{ extension: '102', key: 'F6' }]);
    assert.equal(changed.talkKey, 'F9', 'what is not named stays');
    assert.deepEqual(await ann.node.call('settings'), changed);
    await ann.untilSo((event) => event.type === 'settings' && event.settings.language === 'de');
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
