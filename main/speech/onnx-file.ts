import { open, type FileHandle } from 'node:fs/promises';
import type { ModelFileFault } from '../../i18n/index.ts';

/** What a file of a model folder is found to be: whole, with the metadata that the model states of itself, or not. */
export type FileFacts =
  | { readonly fault: ModelFileFault }
  | { readonly fault?: undefined; readonly metadata: Readonly<Record<string, string>> };

/** Fields of ModelProto (onnx.proto): wire types of protobuf, and the number of `metadata_props`, a list of key (1) and value (2). */
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;
const METADATA = 14;
/** Of a field's tag and length. */
const MAX_HEAD = 20;
/** A model states some lines of itself; SenseVoice also 560 means and deviations as text. */
const MAX_METADATA_BYTES = 256 * 1024;
const MAX_FIELDS = 10_000;
const GIT_LFS = 'version https://git-lfs';

/**
 * Reads what an ONNX file says of itself, without its weights: the top level of the file is a list of fields with their lengths, of which all
 * but the metadata are passed over. A file that ends before its last field does is cut off.
 */
export async function readOnnx(path: string): Promise<FileFacts> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return { fault: 'empty' };
    const head = await readAt(file, 0, GIT_LFS.length);
    if (head.toString('latin1') === GIT_LFS) return { fault: 'pointer' };
    return await readFields(file, size);
  } finally {
    await file.close();
  }
}

async function readFields(file: FileHandle, size: number): Promise<FileFacts> {
  const metadata: Record<string, string> = {};
  let at = 0;
  for (let count = 0; at < size; count++) {
    const head = await readAt(file, at, MAX_HEAD);
    const tag = readVarint(head, 0);
    if (!tag || count > MAX_FIELDS) return { fault: 'no-model' };
    const type = tag.value & 7;
    const number = tag.value >>> 3;
    // The first field of every ONNX file is its version, a number.
    if (number === 0 || (count === 0 && (number !== 1 || type !== VARINT))) return { fault: 'no-model' };
    const body = bodyOf(head, tag.end, type);
    if (!body) return { fault: at + MAX_HEAD > size ? 'cut-off' : 'no-model' };
    const end = at + body.end + body.length;
    if (end > size) return { fault: 'cut-off' };
    if (number === METADATA && body.length <= MAX_METADATA_BYTES) {
      const entry = readEntry(await readAt(file, at + body.end, body.length));
      if (entry) metadata[entry[0]] = entry[1];
    }
    at = end;
  }
  return { metadata };
}

/** Where a field's content begins, and how long it is. */
function bodyOf(head: Buffer, at: number, type: number): { end: number; length: number } | undefined {
  if (type === FIXED_64) return { end: at, length: 8 };
  if (type === FIXED_32) return { end: at, length: 4 };
  const varint = type === VARINT || type === BYTES ? readVarint(head, at) : undefined;
  return varint && { end: varint.end, length: type === BYTES ? varint.value : 0 };
}

/** One key with its value. */
function readEntry(bytes: Buffer): [key: string, value: string] | undefined {
  const parts: Record<number, string> = {};
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const length = tag && readVarint(bytes, tag.end);
    if (!tag || !length || (tag.value & 7) !== BYTES) return undefined;
    at = length.end + length.value;
    parts[tag.value >>> 3] = bytes.toString('utf8', length.end, at);
  }
  return parts[1] === undefined ? undefined : [parts[1], parts[2] ?? ''];
}

/** A number of protobuf: seven bits a byte, the lowest first. Undefined: it does not end. */
function readVarint(bytes: Buffer, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: from + i + 1 };
  }
  return undefined;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
