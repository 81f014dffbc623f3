import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { decodeRecord, encodePreamble, encodeRecord, RECORD, type StoreRecord } from './record.ts';
import { scanFile } from './scan.ts';
import { testInFolder } from './test-office.ts';

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

testInFolder(
  'a record hidden inside a fragment is not taken for one, even where the file is damaged',
  async (folder) => {
    const forged = encodeRecord({ type: RECORD.header, n: 0, bytes: Buffer.from('{}') }, 0);
    const carrier = encodeRecord({ type: RECORD.fragment, n: 0, bytes: forged }, SALT);
    const next = encodeRecord({ type: RECORD.fragment, n: 1, bytes: Buffer.from('next') }, SALT);
    carrier[9]! ^= 1;
    const path = join(folder, 'message');
    await writeFile(path, Buffer.concat([encodePreamble(SALT), carrier, next, Buffer.from([0xc7, 2, 0])]));
    const found: StoreRecord[] = [];
    const handle = await open(path);
    const result = await scanFile(handle, (record) => found.push(record));
    await handle.close();
    assert.deepEqual(
      found.map(({ type, n }) => ({ type, n })),
      [{ type: RECORD.fragment, n: 1 }],
    );
    assert.equal(result?.tornBytes, 3);
    assert.equal(result?.damagedBytes, carrier.length);
  },
);
