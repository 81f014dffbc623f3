import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeRecord, encodeRecord, RECORD } from './record.ts';

const SALT = 0x12345678;

void test('a record comes back; cut short it is short, under another salt it is bad', () => {
  const bytes = Buffer.from('sealed');
  const encoded = encodeRecord({ type: RECORD.fragment, n: 59_999, bytes }, SALT);
  assert.deepEqual(decodeRecord(encoded, 0, SALT), { type: RECORD.fragment, n: 59_999, bytes });
  for (let length = 0; length < encoded.length; length++)
    assert.equal(decodeRecord(encoded.subarray(0, length), 0, SALT), 'short');
  assert.equal(decodeRecord(encoded, 0, SALT + 1), 'bad');
  const beyond = encodeRecord({ type: RECORD.fragment, n: 60_000, bytes }, SALT);
  assert.equal(decodeRecord(beyond, 0, SALT), 'bad');
});
