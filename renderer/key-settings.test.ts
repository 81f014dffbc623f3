import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyChange } from './key-settings.ts';

const personKeys = [
  { extension: '201', key: 'F7' },
  { extension: '202', key: 'F8' },
];

test('a key of its own changes alone', () => {
  assert.deepEqual(keyChange('replyKey', 'F10', { personKeys }), { replyKey: 'F10' });
  assert.deepEqual(keyChange('talkKey', null, { personKeys }), { talkKey: null });
});

test('a person’s key leaves those of the others', () => {
  assert.deepEqual(keyChange({ person: '201' }, 'F9', { personKeys }), {
    personKeys: [
      { extension: '202', key: 'F8' },
      { extension: '201', key: 'F9' },
    ],
  });
  assert.deepEqual(keyChange({ person: '202' }, null, { personKeys }), {
    personKeys: [{ extension: '201', key: 'F7' }],
  });
});
