import type { DiskFile } from '../model/index.ts';
import {
  decodePreamble,
  decodeRecord,
  findRecordMark,
  PREAMBLE_BYTES,
  RECORD_HEAD_BYTES,
  type StoreRecord,
} from './record.ts';

const CHUNK_BYTES = 256 * 1024;

export interface ScanResult {
  readonly salt: number;
  /** The offset at which the last sound record ends. */
  readonly length: number;
  /** The number of bytes before that which belong to no sound record. */
  readonly damagedBytes: number;
  /** The number of bytes after that: a record that was being written when the computer stopped. */
  readonly tornBytes: number;
}

/**
 * Reads a message's file from front to end, and passes on every sound record with its offset. Damaged parts are skipped.
 * Undefined if the file has no preamble, and is thus no message's file at all.
 */
export async function scanFile(
  handle: DiskFile,
  each: (record: StoreRecord, offset: number) => void,
): Promise<ScanResult | undefined> {
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  const { bytesRead } = await handle.read(preamble, 0, PREAMBLE_BYTES, 0);
  const salt = decodePreamble(preamble.subarray(0, bytesRead));
  if (salt === undefined) return undefined;
  let window: Buffer = Buffer.alloc(0);
  /** File offset of the window's first byte. */
  let base = PREAMBLE_BYTES;
  let at = 0;
  let ended = false;
  let length = PREAMBLE_BYTES;
  let soundBytes = PREAMBLE_BYTES;
  for (;;) {
    const record = decodeRecord(window, at, salt);
    if (record === 'short' && !ended) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const read = await handle.read(chunk, 0, CHUNK_BYTES, base + window.length);
      ended = read.bytesRead === 0;
      window = Buffer.concat([window.subarray(at), chunk.subarray(0, read.bytesRead)]);
      base += at;
      at = 0;
    } else if (record === 'short' || record === 'bad') {
      if (at >= window.length) break;
      at = findRecordMark(window, at + 1);
    } else {
      if (record.type !== 'later') each(record, base + at);
      at += RECORD_HEAD_BYTES + record.bytes.length;
      soundBytes += RECORD_HEAD_BYTES + record.bytes.length;
      length = base + at;
    }
  }
  const size = base + window.length;
  return { salt, length, damagedBytes: length - soundBytes, tornBytes: size - length };
}
