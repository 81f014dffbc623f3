import assert from 'node:assert/strict';
import test from 'node:test';
import { crc32 } from 'node:zlib';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import type { DiskFile } from '../model/index.ts';
import {
  encodePreamble,
  encodeRecord,
  PREAMBLE_BYTES,
  RECORD,
  RECORD_HEAD_BYTES,
  type StoreRecord,
} from './record.ts';
import { scanFile, type ScanResult } from './scan.ts';

const PATH = '/message';
const SALT = 0x12345678;
const KIB = 1024;

interface Scan {
  readonly result: ScanResult | undefined;
  readonly found: readonly { readonly record: StoreRecord; readonly offset: number }[];
}

/** Scans a file of this content. The disk hands out at most this many bytes at once. */
async function scan(content: Buffer, atOnce = Infinity): Promise<Scan> {
  const disk = new SimulatedDisk();
  const file = await disk.open(PATH, 'w');
  if (content.length > 0) await file.write(content, 0, content.length, 0);
  const slow: DiskFile = {
    ...file,
    read: (into, offset, length, position) => file.read(into, offset, Math.min(length, atOnce), position),
  };
  const found: { record: StoreRecord; offset: number }[] = [];
  const result = await scanFile(slow, (record, offset) =>
    found.push({ record: { ...record, bytes: Uint8Array.from(record.bytes) }, offset }),
  );
  return { result, found };
}

function fragment(n: number, length = 20): StoreRecord {
  return { type: RECORD.fragment, n, bytes: new Uint8Array(length).fill(n) };
}

function statement(length: number): StoreRecord {
  return { type: RECORD.header, n: 0, bytes: new Uint8Array(length).fill(0x7b) };
}

function fileOf(records: readonly StoreRecord[]): Buffer {
  return Buffer.concat([encodePreamble(SALT), ...records.map((record) => encodeRecord(record, SALT))]);
}

/** Where each record of a file begins, and where the last one ends. */
function bordersOf(records: readonly StoreRecord[]): number[] {
  const borders = [PREAMBLE_BYTES];
  for (const { bytes } of records) borders.push(borders.at(-1)! + RECORD_HEAD_BYTES + bytes.length);
  return borders;
}

const numbers = ({ found }: Scan) => found.map(({ record }) => record.n);

/** Longer than what the scan has in memory at once, with records across every border of that. */
const LONG: readonly StoreRecord[] = [
  statement(700 * KIB),
  ...Array.from({ length: 900 }, (_, n) => fragment(n, 1 + (n % 1200))),
  statement(300 * KIB),
  fragment(900),
];

for (const [how, atOnce] of [
  ['as much as is asked for', Infinity],
  ['10 000 bytes at once', 10_000],
] as const)
  void test(`a sound file gives every record and its place; the disk gives ${how}`, async () => {
    const content = fileOf(LONG);
    const { result, found } = await scan(content, atOnce);
    assert.deepEqual(result, { salt: SALT, length: content.length, damagedBytes: 0, tornBytes: 0 });
    assert.deepEqual(
      found.map(({ offset }) => offset),
      bordersOf(LONG).slice(0, -1),
    );
    for (const [index, { record }] of found.entries())
      assert.deepEqual(record, LONG[index], `record ${index}`);
  });

void test('a file without a preamble is no message’s file', async () => {
  const sound = fileOf([fragment(0)]);
  for (const content of [Buffer.alloc(0), sound.subarray(0, PREAMBLE_BYTES - 1), sound.subarray(1)])
    assert.deepEqual(await scan(content), { result: undefined, found: [] });
  const { result } = await scan(sound.subarray(0, PREAMBLE_BYTES));
  assert.deepEqual(result, { salt: SALT, length: PREAMBLE_BYTES, damagedBytes: 0, tornBytes: 0 });
});

void test('cut anywhere, a file gives every record that is whole, and says how much of the next is there', async () => {
  const records = [statement(50), fragment(1), fragment(2), statement(30)];
  const content = fileOf(records);
  const borders = bordersOf(records);
  for (let cut = PREAMBLE_BYTES; cut <= content.length; cut++) {
    const { result, found } = await scan(content.subarray(0, cut));
    const length = Math.max(...borders.filter((border) => border <= cut));
    assert.deepEqual(result, { salt: SALT, length, damagedBytes: 0, tornBytes: cut - length });
    assert.equal(found.length, borders.indexOf(length), `cut at ${cut}`);
  }
});

void test('a spoiled byte costs the record that it is in, and no other', async () => {
  const records = [statement(50), fragment(1), fragment(2), fragment(3)];
  const content = fileOf(records);
  const borders = bordersOf(records);
  const last = borders.at(-2)!;
  for (let at = PREAMBLE_BYTES; at < content.length; at++) {
    const spoiled = Buffer.from(content);
    spoiled[at]! ^= 1 << (at % 8);
    const { result, found } = await scan(spoiled);
    const index = borders.findLastIndex((border) => border <= at);
    assert.deepEqual(
      found.map(({ record }) => record),
      records.filter((_, other) => other !== index),
      `byte ${at}`,
    );
    const lost = borders[index + 1]! - borders[index]!;
    assert.deepEqual(
      result,
      at >= last
        ? { salt: SALT, length: last, damagedBytes: 0, tornBytes: lost }
        : { salt: SALT, length: content.length, damagedBytes: lost, tornBytes: 0 },
      `byte ${at}`,
    );
  }
});

void test('damage of any length is stepped over, also where it looks like the beginning of a long record', async () => {
  const head = fileOf([fragment(0)]);
  const tail = encodeRecord(fragment(1), SALT);
  const beginning = encodeRecord(statement(900 * KIB), SALT).subarray(0, 20);
  for (const damage of [
    Buffer.alloc(1),
    Buffer.alloc(600 * KIB),
    Buffer.alloc(600 * KIB, 0xc7),
    beginning,
    Buffer.concat([beginning, beginning, Buffer.alloc(300 * KIB, 1)]),
  ]) {
    const content = Buffer.concat([head, damage, tail]);
    const scanned = await scan(content);
    assert.deepEqual(numbers(scanned), [0, 1], `${damage.length} bytes of damage`);
    assert.equal(scanned.found[1]?.offset, head.length + damage.length);
    assert.deepEqual(scanned.result, {
      ...{ salt: SALT, length: content.length },
      ...{ damagedBytes: damage.length, tornBytes: 0 },
    });
  }
});

void test('a record hidden inside a fragment is not taken for one, even where the file is damaged', async () => {
  const forged = encodeRecord(statement(2), 0);
  const carrier = encodeRecord({ type: RECORD.fragment, n: 0, bytes: forged }, SALT);
  carrier[9]! ^= 1;
  const next = encodeRecord(fragment(1), SALT);
  const torn = Buffer.from([0xc7, 2, 0]);
  const scanned = await scan(Buffer.concat([encodePreamble(SALT), carrier, next, torn]));
  assert.deepEqual(numbers(scanned), [1]);
  assert.equal(scanned.found[0]?.record.type, RECORD.fragment);
  assert.equal(scanned.result?.damagedBytes, carrier.length);
  assert.equal(scanned.result.tornBytes, torn.length);
});

void test('records of a type that a later version writes are passed over, and are neither damage nor cut off', async () => {
  const [known, later] = [encodeRecord(fragment(1), SALT), encodeRecord(fragment(2), SALT)];
  later.writeUInt8(9, 1);
  const sum = crc32(later.subarray(RECORD_HEAD_BYTES), crc32(later.subarray(1, 10), SALT));
  later.writeUInt32BE(sum, 10);
  const content = Buffer.concat([encodePreamble(SALT), later, known, later]);
  const scanned = await scan(content);
  assert.deepEqual(numbers(scanned), [1]);
  assert.deepEqual(scanned.result, { salt: SALT, length: content.length, damagedBytes: 0, tornBytes: 0 });
});
