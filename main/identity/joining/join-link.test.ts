import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { OfficeId } from '../ledger/statement.ts';
import { invitationKey, readJoinLink, writeJoinLink } from './join-link.ts';

const office = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex').toString('base64url') as OfficeId;
const secret = Buffer.from('101112131415161718191a1b1c1d1e1f', 'hex');
const link = writeJoinLink({ office, secret });

/** As Corridor 0.1 wrote it: the office key and a checksum. */
function oldJoinLink(key: Uint8Array): string {
  const checksum = createHash('sha256').update('corridor join link v1').update(key).digest().subarray(0, 4);
  return `corridor://join/${Buffer.concat([key, checksum]).toString('base64url')}`;
}

void test('a link is office id, secret and checksum, and never changes from one version to the next', () => {
  const bytes = Buffer.from(link.slice('corridor://join/'.length), 'base64url');
  assert.equal(bytes.length, 36);
  const said = Buffer.concat([Buffer.from(office, 'base64url'), secret]);
  const checksum = createHash('sha256').update('corridor join link v2').update(said).digest().subarray(0, 4);
  assert.deepEqual(bytes, Buffer.concat([said, checksum]));
  assert.equal(link, 'corridor://join/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh_9fgqi');
});

void test('a link is read as it was written, whatever a chat put around it', () => {
  for (const text of [link, ` ${link}\n`, `<${link}>`, `„${link}“`, `"${link}",`, `${link}/`]) {
    const read = readJoinLink(text);
    assert.equal(read.office, office, text);
    assert.deepEqual(Buffer.from(read.secret), secret, text);
  }
  for (let round = 0; round < 50; round += 1) {
    const given = { office: randomBytes(16).toString('base64url') as OfficeId, secret: randomBytes(16) };
    assert.deepEqual(readJoinLink(writeJoinLink(given)), given);
  }
});

void test('each mistake has a reason of its own: mistyped, cut off, of Corridor 0.1, no link', () => {
  const start = 'corridor://join/'.length;
  for (let at = start; at < link.length; at += 1) {
    const other = link[at] === 'A' ? 'B' : 'A';
    const mistyped = link.slice(0, at) + other + link.slice(at + 1);
    assert.throws(() => readJoinLink(mistyped), { code: 'mistyped-join-link' }, mistyped);
    assert.throws(() => readJoinLink(link.slice(0, at)), { code: 'join-link-cut-off' });
  }
  for (const more of ['A', 'AAAA', '=', '==']) {
    assert.throws(() => readJoinLink(link + more), { code: 'mistyped-join-link' }, more);
  }
  for (let round = 0; round < 50; round += 1) {
    assert.throws(() => readJoinLink(oldJoinLink(randomBytes(16))), { code: 'old-join-link' });
  }
  for (const text of ['', 'hello', 'https://corridor/join', link.slice(10)]) {
    assert.throws(() => readJoinLink(text), { code: 'not-a-join-link' }, text);
  }
});

void test('a link has one spelling', () => {
  const spelled = writeJoinLink({ office, secret: Buffer.alloc(16, 0xff) });
  assert.match(spelled, /_/);
  assert.throws(() => readJoinLink(spelled.replaceAll('_', '/')), { code: 'mistyped-join-link' });
  assert.throws(() => readJoinLink(spelled.replace('_', ' _')), { code: 'mistyped-join-link' });
});

void test('the same secret gives another key in another office', () => {
  const other = Buffer.alloc(16, 7).toString('base64url') as OfficeId;
  const [key, same, elsewhere] = [office, office, other].map((each) =>
    invitationKey({ office: each, secret }),
  );
  assert.deepEqual(key?.publicKey, same?.publicKey);
  assert.notDeepEqual(key?.publicKey, elsewhere?.publicKey);
});
