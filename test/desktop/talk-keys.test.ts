import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkArguments } from '../../preload/api.ts';
import { isTalkKey } from '../../preload/talk-keys.ts';
import { keyName } from '../../renderer/key-names.ts';

/** `KeyboardEvent.code` of keys of every kind. */
const CODES = [
  ...['F1', 'F9', 'F24', 'PageUp', 'Insert', 'ScrollLock', 'CapsLock', 'KeyZ', 'Digit1', 'Numpad5', 'Space'],
  ...['NumpadAdd', 'Enter', 'Escape', 'ArrowUp', 'Home', 'BracketLeft', 'Minus', 'Pause', 'AltRight', 'F25'],
  ...['ContextMenu', 'MediaPlayPause', 'IntlBackslash', 'ControlRight', 'ShiftLeft'],
];

it('the settings take the keys that the panel offers, and no other', () => {
  for (const code of CODES)
    for (const held of ['', 'Ctrl', 'Alt', 'Shift', 'Meta', 'Ctrl+Shift']) {
      const [ctrlKey, altKey, shiftKey, metaKey] = ['Ctrl', 'Alt', 'Shift', 'Meta'].map((one) =>
        held.includes(one),
      ) as [boolean, boolean, boolean, boolean];
      const offered = keyName({ code, ctrlKey, altKey, shiftKey, metaKey });
      const isOffered = typeof offered !== 'string';
      const name = isOffered ? offered.name : held === '' ? code : `${held}+${code}`;
      assert.equal(isTalkKey(name), isOffered, name);
    }
});

it('every key of the settings follows that rule, in each spelling', () => {
  for (const key of ['F9', 'f9', 'alt + control + KeyN', 'Cmd+F1', 'Ctrl+Esc', null])
    assert.equal(checkArguments('setSettings', { talkKey: key }).ok, true, String(key));
  for (const key of ['KeyZ', 'z', 'Shift+Z', 'Mouse4', 'AltGr', 'Pause', 'Ctrl+', '+', 'F9+Ctrl'])
    for (const settings of [
      { talkKey: key },
      { replyKey: key },
      { pageKey: key },
      { playNextKey: key },
      { answerKey: key },
      { laterKey: key },
      { personKeys: [{ extension: '102', key }] },
      { presetKeys: [{ preset: 1, key }] },
    ])
      assert.equal(checkArguments('setSettings', settings).ok, false, JSON.stringify(settings));
});
