import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingsOf } from './key-bindings.ts';
import { acceleratorOf, sameKey } from './key-name.ts';

test('each key has one action, and a key with two is reported', () => {
  const { bindings, twice } = bindingsOf({
    talkKey: 'F9',
    replyKey: null,
    pageKey: 'F11',
    playNextKey: 'Ctrl+Alt+N',
    answerKey: 'F7',
    laterKey: 'F11',
    personKeys: [
      { extension: '204', key: 'F10' },
      { extension: '206', key: 'alt + control + KeyN' },
    ],
    presetKeys: [{ preset: 2, key: 'F12' }],
  });
  assert.deepEqual(bindings, [
    { key: 'F9', action: { kind: 'talk' } },
    { key: 'F11', action: { kind: 'page' } },
    { key: 'Ctrl+Alt+N', action: { kind: 'play-next' } },
    { key: 'F7', action: { kind: 'answer' } },
    { key: 'F10', action: { kind: 'person', extension: '204' } },
    { key: 'F12', action: { kind: 'preset', preset: 2 } },
  ]);
  assert.deepEqual(twice, ['F11', 'alt + control + KeyN']);
});

test('all spellings of a key are one key; left and right modifiers differ', () => {
  assert.equal(sameKey('Control+Shift+KeyA'), sameKey('shift+ctrl+a'));
  assert.notEqual(sameKey('ControlRight'), sameKey('ControlLeft'));
  assert.notEqual(sameKey('Ctrl+F9'), sameKey('F9'));
});

test('keys as accelerators of Electron’s globalShortcut', () => {
  assert.equal(acceleratorOf('F9'), 'F9');
  assert.equal(acceleratorOf('Ctrl+Alt+KeyN'), 'Control+Alt+N');
  assert.equal(acceleratorOf('Meta+ArrowUp'), 'Super+Up');
  assert.equal(acceleratorOf('Ctrl+Numpad5'), 'Control+num5');
  assert.equal(acceleratorOf('Ctrl+Minus'), 'Control+-');
  assert.equal(acceleratorOf('Alt+Space'), 'Alt+Space');
  assert.equal(acceleratorOf('ControlRight'), undefined);
  assert.equal(acceleratorOf('Ctrl+'), undefined);
  assert.equal(acceleratorOf('Hyper+A'), undefined);
});
