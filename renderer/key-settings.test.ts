import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyChange } from './key-settings.ts';

const personKeys = [
  { extension: '201', key: 'F7' },
  { extension: '202', key: 'F8' },
];
const presetKeys = [
  { preset: 1, key: 'F3' },
  { preset: 2, key: 'F4' },
];
const settings = { personKeys, presetKeys };

test('a key of its own changes alone', () => {
  assert.deepEqual(keyChange('replyKey', 'F10', settings), { replyKey: 'F10' });
  assert.deepEqual(keyChange('talkKey', null, settings), { talkKey: null });
});

test('a person’s key leaves those of the others', () => {
  assert.deepEqual(keyChange({ person: '201' }, 'F9', settings), {
    personKeys: [
      { extension: '202', key: 'F8' },
      { extension: '201', key: 'F9' },
    ],
  });
  assert.deepEqual(keyChange({ person: '202' }, null, settings), {
    personKeys: [{ extension: '201', key: 'F7' }],
  });
});

test('a sentence’s key leaves those of the others', () => {
  assert.deepEqual(keyChange({ preset: 1 }, 'F9', settings), {
    presetKeys: [
      { preset: 2, key: 'F4' },
      { preset: 1, key: 'F9' },
    ],
  });
  assert.deepEqual(keyChange({ preset: 2 }, null, settings), { presetKeys: [{ preset: 1, key: 'F3' }] });
});
