import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modifiersDown, parseBinding } from './key-binding.ts';

const keycodes = { F9: 67, Space: 57 };
const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

test('a binding is understood, or refused', () => {
  assert.equal(parseBinding('F9', keycodes)?.keycode, 67);
  assert.deepEqual(parseBinding('Ctrl+Alt+Space', keycodes), {
    keycode: 57,
    ctrl: true,
    alt: true,
    shift: false,
    meta: false,
  });
  for (const text of ['', 'F99', 'Hyper+F9', 'toString', '+', 'F9+'])
    assert.equal(parseBinding(text, keycodes), null);
});

test('the modifiers asked for have to be down, others may', () => {
  const binding = parseBinding('Ctrl+Space', keycodes);
  assert.ok(binding);
  assert.equal(modifiersDown(binding, none), false);
  assert.equal(modifiersDown(binding, { ...none, ctrlKey: true, shiftKey: true }), true);
});
