import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyName } from './key-names.ts';

const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

test('a pressed key has a name, with its modifiers in one order', () => {
  assert.deepEqual(keyName({ ...none, code: 'F9' }), { name: 'F9' });
  assert.deepEqual(keyName({ ...none, code: 'Space', altKey: true, ctrlKey: true }), {
    name: 'Ctrl+Alt+Space',
  });
  assert.deepEqual(keyName({ ...none, code: 'KeyT', ctrlKey: true, shiftKey: true }), {
    name: 'Ctrl+Shift+T',
  });
});

test('modifiers alone wait for a key; keys for typing and unknown keys are refused', () => {
  assert.equal(keyName({ ...none, code: 'ControlLeft', ctrlKey: true }), 'unfinished');
  assert.equal(keyName({ ...none, code: 'KeyA' }), 'types');
  assert.equal(keyName({ ...none, code: 'KeyA', shiftKey: true }), 'types');
  assert.equal(keyName({ ...none, code: 'MediaPlayPause' }), 'unknown');
});
