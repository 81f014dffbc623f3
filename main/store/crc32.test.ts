import assert from 'node:assert/strict';
import { it } from 'node:test';
import { crc32 } from './crc32.ts';

/** Bit by bit, as the polynomial says. */
function bitwise(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

it('is CRC-32: the check value, and every byte', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  for (let byte = 0; byte < 256; byte++) {
    assert.equal(crc32(Uint8Array.of(byte)), bitwise(Uint8Array.of(byte)), `${byte}`);
  }
});

it('goes on with an earlier sum, and over a part', () => {
  const bytes = Buffer.from('a message in two pieces');
  assert.equal(crc32(bytes.subarray(9), crc32(bytes.subarray(0, 9))), crc32(bytes));
  assert.equal(crc32(bytes, 0, 2, 9), crc32(bytes.subarray(2, 9)));
});
