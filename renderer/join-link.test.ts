import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJoinLink } from './join-link.ts';

test('a join link is recognised with space around it, and only whole', () => {
  const code = 'AbCdEfGhIjKlMnOpQrStUvWxY_-';
  assert.equal(isJoinLink(`corridor://join/${code}`), true);
  assert.equal(isJoinLink(`  Corridor://join/${code}/\n`), true);
  assert.equal(isJoinLink(`corridor://join/${code.slice(1)}`), false);
  assert.equal(isJoinLink(`see corridor://join/${code}`), false);
  assert.equal(isJoinLink(`https://join/${code}`), false);
  assert.equal(isJoinLink(''), false);
});
