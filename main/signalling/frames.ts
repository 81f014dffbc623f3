import {
  MAX_FRAGMENT_BYTES,
  MAX_FRAGMENTS,
  toBase64url,
  fromBase64url,
  type Fragment,
  type MessageId,
} from '../model/index.ts';

/*
 * A frame: length of what follows (4 bytes, big endian), type (1 byte), payload. Types are only ever added.
 */
export const FRAME_JSON = 0;
export const FRAME_FRAGMENTS = 1;
export const FRAME_PING = 2;
export const FRAME_PONG = 3;

/** The longest frame, in bytes after its length: more than the roster of the largest office. */
export const MAX_FRAME_BYTES = 1024 * 1024;
const LENGTH_BYTES = 4;
const HEAD_BYTES = LENGTH_BYTES + 1;

/** Fragments are sent in frames of about this size, so that a ping or a message never waits behind a long one. */
const FRAGMENTS_FRAME_BYTES = 32 * 1024;
const ID_BYTES = 16;
const FRAGMENT_HEAD_BYTES = 6;

export interface Frame {
  readonly type: number;
  readonly payload: Buffer;
}

/** The stream cannot be followed any more: the link must close. */
export class FrameError extends Error {}

export function encodeFrame(type: number, payload: Uint8Array): Buffer {
  const length = payload.length + 1;
  if (length > MAX_FRAME_BYTES)
    throw new RangeError(`a frame holds at most ${MAX_FRAME_BYTES} bytes, not ${length}`);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + length);
  frame.writeUInt32BE(length);
  frame[LENGTH_BYTES] = type;
  frame.set(payload, HEAD_BYTES);
  return frame;
}

/** Cuts a byte stream into frames. Holds at most one unfinished frame, copied once at most. */
export class FrameReader {
  readonly #maxFrameBytes: number;
  #pieces: Buffer[] = [];
  #held = 0;
  /** Bytes that must be held before the next frame, or its length, can be read. */
  #needed = LENGTH_BYTES;

  constructor(maxFrameBytes = MAX_FRAME_BYTES) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** @throws FrameError where a length is impossible; nothing after it can be read. */
  push(chunk: Buffer): Frame[] {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    const frames: Frame[] = [];
    if (this.#held < this.#needed) return frames;

    const bytes = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces, this.#held);
    let at = 0;
    this.#needed = LENGTH_BYTES;
    while (bytes.length - at >= LENGTH_BYTES) {
      const length = bytes.readUInt32BE(at);
      if (length < 1 || length > this.#maxFrameBytes) throw new FrameError(`a frame of ${length} bytes`);
      this.#needed = LENGTH_BYTES + length;
      if (bytes.length - at < this.#needed) break;
      frames.push({
        type: bytes[at + LENGTH_BYTES] as number,
        payload: bytes.subarray(at + HEAD_BYTES, at + this.#needed),
      });
      at += this.#needed;
      this.#needed = LENGTH_BYTES;
    }
    this.#pieces = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#held = bytes.length - at;
    return frames;
  }
}

/** Frames that carry fragments of one message: 16 bytes of id, then for each its number (4), length (2) and bytes. */
export function encodeFragments(id: MessageId, fragments: Iterable<Fragment>): Buffer[] {
  const frames: Buffer[] = [];
  let batch: Fragment[] = [];
  let size = ID_BYTES;
  const flush = (): void => {
    if (batch.length > 0) frames.push(encodeFragmentsFrame(id, batch, size));
    batch = [];
    size = ID_BYTES;
  };
  for (const fragment of fragments) {
    if (!isFragment(fragment.n, fragment.bytes.length)) throw new RangeError('not a fragment');
    batch.push(fragment);
    size += FRAGMENT_HEAD_BYTES + fragment.bytes.length;
    if (size >= FRAGMENTS_FRAME_BYTES) flush();
  }
  flush();
  return frames;
}

function encodeFragmentsFrame(id: MessageId, fragments: readonly Fragment[], size: number): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + size);
  frame.writeUInt32BE(size + 1);
  frame[LENGTH_BYTES] = FRAME_FRAGMENTS;
  frame.set(fromBase64url(id), HEAD_BYTES);
  let at = HEAD_BYTES + ID_BYTES;
  for (const { n, bytes } of fragments) {
    frame.writeUInt32BE(n, at);
    frame.writeUInt16BE(bytes.length, at + 4);
    frame.set(bytes, at + FRAGMENT_HEAD_BYTES);
    at += FRAGMENT_HEAD_BYTES + bytes.length;
  }
  return frame;
}

/** The fragments of a frame as views into it, or undefined where any of its bounds is broken. */
export function decodeFragments(payload: Buffer): { id: MessageId; fragments: Fragment[] } | undefined {
  if (payload.length <= ID_BYTES) return undefined;
  const fragments: Fragment[] = [];
  let at = ID_BYTES;
  while (at < payload.length) {
    if (payload.length - at < FRAGMENT_HEAD_BYTES) return undefined;
    const n = payload.readUInt32BE(at);
    const length = payload.readUInt16BE(at + 4);
    at += FRAGMENT_HEAD_BYTES;
    if (!isFragment(n, length) || payload.length - at < length) return undefined;
    fragments.push({ n, bytes: payload.subarray(at, at + length) });
    at += length;
  }
  return { id: toBase64url(payload.subarray(0, ID_BYTES)) as MessageId, fragments };
}

function isFragment(n: number, length: number): boolean {
  return n >= 0 && n < MAX_FRAGMENTS && length >= 1 && length <= MAX_FRAGMENT_BYTES;
}
