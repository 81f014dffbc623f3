import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { readBounds, writeBounds } from './window-bounds.ts';

test('the panel’s place is restored, unless the file is damaged or the screen is gone', () => {
  const dir = tempFolder('bounds');
  const path = join(dir, 'electron', 'panel.json');
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const bounds = { x: 100, y: 50, width: 400, height: 680 };
  assert.equal(readBounds(path, [screen]), undefined);
  writeBounds(path, bounds);
  assert.deepEqual(readBounds(path, [screen]), bounds);
  assert.equal(readBounds(path, [{ ...screen, x: 5000 }]), undefined);
  for (const text of ['{', '{"v":1,"x":"0"}', '{"v":1,"x":0,"y":0,"width":1e9,"height":5}', '{"v":2}']) {
    writeFileSync(path, text);
    assert.equal(readBounds(path, [screen]), undefined, text);
  }
});
