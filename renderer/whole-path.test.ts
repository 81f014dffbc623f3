import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWholePath } from './whole-path.ts';

test('a whole path begins at a root, a drive or a server', () => {
  for (const path of ['/home/dana/Calls', 'C:\\Calls', 'd:/Calls', '\\\\server\\Calls'])
    assert.ok(isWholePath(path), path);
  for (const path of ['', 'Calls', './Calls', '~/Calls', 'C:Calls', '\\Calls'])
    assert.ok(!isWholePath(path), path);
});
