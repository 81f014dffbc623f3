import assert from 'node:assert/strict';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { OfficeId } from '../ledger/statement.ts';
import { isOfficeProof, officeProof, officeTagOf, readOfficeTag, showOfficeTag } from './office-proof.ts';

const idBytes = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const office = idBytes.toString('base64url') as OfficeId;
const exported = Buffer.alloc(32, 5);

void test('a proof is HMAC-SHA-256 with the office id over exporter and role', () => {
  const expected = createHmac('sha256', idBytes)
    .update(Buffer.concat([exported, Buffer.from('client')]))
    .digest();
  assert.deepEqual(officeProof(office, exported, 'client'), expected);
  assert.ok(isOfficeProof(expected, office, exported, 'client'));
});

void test('a proof is worth nothing in the other role, on another link, or for another office', () => {
  const proof = officeProof(office, exported, 'client');
  const other = randomBytes(16).toString('base64url') as OfficeId;
  assert.equal(isOfficeProof(proof, office, exported, 'server'), false, 'sent back');
  assert.equal(isOfficeProof(proof, office, Buffer.alloc(32, 6), 'client'), false);
  assert.equal(isOfficeProof(proof, other, exported, 'client'), false);
  for (const length of [0, 31, 33]) {
    assert.equal(
      isOfficeProof(Buffer.concat([proof, proof]).subarray(0, length), office, exported, 'client'),
      false,
    );
  }
  assert.throws(() => officeProof(office, exported.subarray(1), 'client'), RangeError);
});

void test('the tag is four bytes of HKDF, shown in two groups', () => {
  const expected = Buffer.from(hkdfSync('sha256', idBytes, '', 'corridor office tag v2', 4));
  assert.deepEqual(officeTagOf(office), expected);
  assert.equal(showOfficeTag(Buffer.from('3f7a91c2', 'hex')), '3f7a-91c2');
  assert.match(showOfficeTag(officeTagOf(office)), /^[0-9a-f]{4}-[0-9a-f]{4}$/);
  assert.deepEqual(readOfficeTag(showOfficeTag(officeTagOf(office))), officeTagOf(office));
});
