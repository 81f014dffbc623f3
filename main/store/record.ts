import { crc32 } from 'node:zlib';
import { MAX_FRAGMENT_BYTES, MAX_FRAGMENTS } from '../model/index.ts';

/**
 * A message's file is a preamble (4 bytes "CRM1", 4 bytes salt) and then records, appended as they come:
 * mark u8, type u8, n u32, length u32, crc u32 (all big endian), then `length` bytes.
 * The CRC covers type, n, length and the bytes, and starts from the file's salt: bytes that a talker puts into a
 * fragment can therefore not pass for a record when a damaged file is searched for the next sound one.
 */
export const RECORD_HEAD_BYTES = 14;
export const PREAMBLE_BYTES = 8;
const PREAMBLE_MARK = 'CRM1';
const RECORD_MARK = 0xc7;
/** The longest body that is not a fragment: a header to 500 recipients, with its JSON escapes. */
const MAX_STATEMENT_BYTES = 1024 * 1024;

/** Append-only: a number is never given a second meaning. */
export const RECORD = { header: 1, fragment: 2, manifest: 3, receipt: 4, local: 5, hashes: 6 } as const;
/** Later versions number theirs up to this. */
const LAST_TYPE = 31;
export type RecordType = (typeof RECORD)[keyof typeof RECORD];

/** A record of a type that a later version of Corridor writes. It is passed over, and stays in the file. */
interface LaterRecord {
  readonly type: 'later';
  readonly n: number;
  readonly bytes: Uint8Array;
}

export interface StoreRecord {
  readonly type: RecordType;
  /** The fragment's number; 0 for every other type. */
  readonly n: number;
  readonly bytes: Uint8Array;
}

export function encodePreamble(salt: number): Buffer {
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  preamble.write(PREAMBLE_MARK, 'latin1');
  preamble.writeUInt32BE(salt, 4);
  return preamble;
}

/** The salt of a message's file, or undefined if these bytes do not begin one. */
export function decodePreamble(bytes: Buffer): number | undefined {
  if (bytes.length < PREAMBLE_BYTES || bytes.toString('latin1', 0, 4) !== PREAMBLE_MARK) return undefined;
  return bytes.readUInt32BE(4);
}

export function encodeRecord(record: StoreRecord, salt: number): Buffer {
  const buffer = Buffer.allocUnsafe(RECORD_HEAD_BYTES + record.bytes.length);
  buffer.writeUInt8(RECORD_MARK, 0);
  buffer.writeUInt8(record.type, 1);
  buffer.writeUInt32BE(record.n, 2);
  buffer.writeUInt32BE(record.bytes.length, 6);
  buffer.set(record.bytes, RECORD_HEAD_BYTES);
  buffer.writeUInt32BE(checksum(buffer, 0, buffer.length, salt), 10);
  return buffer;
}

/** The record at `at`; 'short' if it may go on beyond the buffer's end; 'bad' if none begins there. */
export function decodeRecord(
  buffer: Buffer,
  at: number,
  salt: number,
): StoreRecord | LaterRecord | 'short' | 'bad' {
  if (at >= buffer.length) return 'short';
  if (buffer[at] !== RECORD_MARK) return 'bad';
  if (at + RECORD_HEAD_BYTES > buffer.length) return 'short';
  const type = buffer.readUInt8(at + 1);
  const n = buffer.readUInt32BE(at + 2);
  const length = buffer.readUInt32BE(at + 6);
  if (!isPlausible(type, n, length)) return 'bad';
  const end = at + RECORD_HEAD_BYTES + length;
  if (end > buffer.length) return 'short';
  if (checksum(buffer, at, end, salt) !== buffer.readUInt32BE(at + 10)) return 'bad';
  const bytes = buffer.subarray(at + RECORD_HEAD_BYTES, end);
  return isRecordType(type) ? { type, n, bytes } : { type: 'later', n, bytes };
}

/** Where the next record may begin, at or after `at`; the buffer's length if nowhere. */
export function findRecordMark(buffer: Buffer, at: number): number {
  const found = buffer.indexOf(RECORD_MARK, at);
  return found < 0 ? buffer.length : found;
}

function checksum(buffer: Buffer, at: number, end: number, salt: number): number {
  return crc32(buffer.subarray(at + RECORD_HEAD_BYTES, end), crc32(buffer.subarray(at + 1, at + 10), salt));
}

function isRecordType(type: number): type is RecordType {
  return type >= RECORD.header && type <= RECORD.hashes;
}

function isPlausible(type: number, n: number, length: number): boolean {
  if (type === RECORD.fragment) return n < MAX_FRAGMENTS && length > 0 && length <= MAX_FRAGMENT_BYTES;
  if (type === 0 || type > LAST_TYPE) return false;
  return (n === 0 || !isRecordType(type)) && length <= MAX_STATEMENT_BYTES;
}
