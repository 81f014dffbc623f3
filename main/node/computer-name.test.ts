import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computerName } from './computer-name.ts';

test('a computer is called by its host name without the domain, where that is a name', () => {
  const hosts = ['bo-laptop', 'bo-laptop.fritz.box', 'localhost', '', 'x'.repeat(65), 'a\u0007b'];
  assert.deepEqual(hosts.map(computerName), [
    ...['bo-laptop', 'bo-laptop'],
    ...[undefined, undefined, undefined, undefined],
  ]);
});
