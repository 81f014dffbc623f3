import assert from 'node:assert/strict';
import { it } from 'node:test';
import { officeFor } from '../../test/support/office.ts';

it('settings are changed one by one, reported, and kept', async (t) => {
  const office = officeFor(t);
  const ann = await office.add('101');
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
    const told = await ann.untilAfter(from, ({ type }) => type === 'settings');
    assert.ok(told.type === 'settings');
    assert.deepEqual(told.settings, expected);
  }
  await office.close(ann);
  const again = await office.add('101', { profile: ann.profile });
  assert.deepEqual(await again.node.call('settings'), expected);
});

it('of two keys for one person the last one counts, and null means no key', async (t) => {
  const { node } = await officeFor(t).add('101');
  const { personKeys } = await node.call('setSettings', {
    personKeys: [
      { extension: '102', key: 'F5' },
      { extension: '103', key: null },
      { extension: '102', key: 'F6' },
    ],
  });
  assert.deepEqual(personKeys, [{ extension: '102', key: 'F6' }]);
});

it('a key that does something already is refused, with what it does, and nothing changes', async (t) => {
  const { node } = await officeFor(t).add('101');
  const personKeys = [{ extension: '102', key: 'F6' }];
  const before = await node.call('setSettings', { talkKey: 'F9', replyKey: 'F8', personKeys });
  for (const [wanted, use] of [
    [{ replyKey: 'F9' }, /^F9 is the talk key already\./],
    [{ playNextKey: 'f8', latch: true }, /^F8 is the key to reply already\./],
    [{ talkKey: 'F6' }, /^F6 is the key for 102 already\./],
    [{ personKeys: [{ extension: '105', key: 'F8' }] }, /^F8 is the key to reply already\./],
  ] as const) {
    const { personKeys: keys, ...rest } = { personKeys: undefined, ...wanted };
    await assert.rejects(
      node.call('setSettings', { ...rest, ...(keys ? { personKeys: [...keys] } : {}) }),
      (error: Error & { code?: string }) => error.code === 'key-taken' && use.test(error.message),
    );
  }
  assert.deepEqual(await node.call('settings'), before);
  const swapped = await node.call('setSettings', { replyKey: 'F9', talkKey: 'F8' });
  assert.deepEqual([swapped.talkKey, swapped.replyKey], ['F8', 'F9'], 'two keys can be exchanged');
});
