import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inSight, readBounds, writeBounds } from './window-state.ts';

test('the place of the panel is kept, and nothing else is taken for one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-window-'));
  try {
    const fresh = readBounds(folder);
    assert.deepEqual(fresh, { v: 1, width: 400, height: 680 });
    writeBounds(folder, { x: -20, y: 30, width: 800, height: 600 });
    assert.deepEqual(readBounds(folder), { v: 1, x: -20, y: 30, width: 800, height: 600 });
    for (const text of [
      '',
      '{',
      'null',
      '{"v":2,"width":400,"height":680}',
      '{"v":1,"width":1e9,"height":680}',
    ]) {
      writeFileSync(join(folder, 'window.json'), text);
      assert.deepEqual(readBounds(folder), fresh);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a place on a screen that is gone is forgotten, its size is not', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const there = { v: 1 as const, x: 1500, y: 100, width: 400, height: 680 };
  assert.deepEqual(inSight(there, screens), there);
  assert.deepEqual(inSight({ ...there, x: 2500 }, screens), { v: 1, width: 400, height: 680 });
  assert.deepEqual(inSight({ ...there, y: 1070 }, screens), { v: 1, width: 400, height: 680 });
});
