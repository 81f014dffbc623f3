import assert from 'node:assert/strict';
import { it } from 'node:test';
import { keyUses, takenKey } from './key-uses.ts';

const none = {
  talkKey: null,
  replyKey: null,
  pageKey: null,
  playNextKey: null,
  answerKey: null,
  laterKey: null,
  personKeys: [],
  presetKeys: [],
};
const names: Readonly<Record<string, string>> = { '204': 'Dana' };
const usesOf = (keys: Partial<Parameters<typeof keyUses>[0]>) =>
  keyUses({ ...none, ...keys }, (extension) => names[extension]);

it('a key has one use, however it is written', () => {
  assert.equal(takenKey(usesOf({ talkKey: 'F9', replyKey: 'F8' }), ['replyKey']), undefined);
  for (const [first, second] of [
    ['F9', 'f9'],
    ['Ctrl+Alt+Space', 'alt + control+SPACE'],
    ['Meta+F1', 'Cmd+F1'],
  ] as const)
    assert.equal(takenKey(usesOf({ talkKey: first, replyKey: second }), ['replyKey'])?.use, 'the talk key');
  assert.equal(takenKey(usesOf({ talkKey: 'Ctrl+F9', replyKey: 'F9' }), ['replyKey']), undefined);
});

it('names the use that stood before, whichever is changed', () => {
  const keys = { talkKey: 'F9', playNextKey: 'F9', personKeys: [], presetKeys: [] };
  assert.equal(takenKey(usesOf(keys), ['talkKey'])?.use, 'the key for the next unheard message');
  assert.equal(takenKey(usesOf(keys), ['playNextKey'])?.use, 'the talk key');
  const personKeys = [
    { extension: '204', key: 'F5' },
    { extension: '205', key: 'F6' },
  ];
  assert.equal(takenKey(usesOf({ personKeys, replyKey: 'F5' }), ['replyKey'])?.use, 'the key for Dana (204)');
  assert.equal(takenKey(usesOf({ personKeys, replyKey: 'F6' }), ['replyKey'])?.use, 'the key for 205');
  const presetKeys = [{ preset: 2, key: 'F7' }];
  assert.equal(takenKey(usesOf({ presetKeys, talkKey: 'F7' }), ['talkKey'])?.use, 'the key for sentence 2');
});
