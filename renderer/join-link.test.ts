import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isJoinLink, joinLinkFault, officeOfLink } from './join-link.ts';

const code = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdEfGhIj';

test('a join link is recognised with space, quotes and brackets around it, and only whole', () => {
  assert.equal(isJoinLink(`corridor://join/${code}`), true);
  assert.equal(isJoinLink(`  Corridor://join/${code}/\n`), true);
  assert.equal(isJoinLink(`<corridor://join/${code}>`), true);
  assert.equal(isJoinLink(`„corridor://join/${code}“.`), true);
  assert.equal(isJoinLink(`corridor://join/${code.slice(1)}`), false);
  assert.equal(isJoinLink(`see corridor://join/${code}`), false);
  assert.equal(isJoinLink(`https://join/${code}`), false);
  assert.equal(isJoinLink(''), false);
});

test('a person is told what is wrong with a link before anything else is asked', () => {
  assert.equal(joinLinkFault(`corridor://join/${code}`), null);
  assert.equal(joinLinkFault(`corridor://join/${code.slice(1)}`), 'cut');
  assert.equal(joinLinkFault('corridor://join/'), 'cut');
  assert.equal(joinLinkFault(`corridor://join/${code.slice(0, 27)}`), 'old');
  assert.equal(joinLinkFault('corridor:nonsense'), 'none');
  // Too long: the node says what it thinks of it.
  assert.equal(joinLinkFault(`corridor://join/${code}A`), null);
});

test('two links lead to one office where their first 16 bytes are the same', () => {
  const office = Buffer.alloc(16, 0xa7);
  const link = (rest: number) =>
    `corridor://join/${Buffer.concat([office, Buffer.alloc(20, rest)]).toString('base64url')}`;
  for (const rest of [0, 0x5a, 0xff])
    assert.equal(officeOfLink(link(rest)), office.toString('base64url'), String(rest));
  assert.equal(officeOfLink('corridor://join/x'), undefined);
});
