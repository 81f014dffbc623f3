// The lint is one of the tests, so that one command and one summary say whether all is well.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { root } from './say.mjs';

test('lint: rules, import table, format and types', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'lint'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_TEST_CONTEXT: '', FORCE_COLOR: '0' },
  });
  assert.equal(status, 0, `${stdout}${stderr}`.slice(-8000));
});
