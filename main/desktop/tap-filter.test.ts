import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TAP_GAP_MS, TapFilter } from './tap-filter.ts';

test('a held shortcut is one tap; another key is another tap', () => {
  const taps = new TapFilter();
  assert.ok(taps.passes('F9', 0));
  for (let now = 660; now < 5000; now += 33) assert.ok(!taps.passes('F9', now));
  assert.ok(taps.passes('F10', 4990));
  assert.ok(taps.passes('F9', 5000 + TAP_GAP_MS));
});
