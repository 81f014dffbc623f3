import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { MAX_FRAGMENT_BYTES, MAX_FRAGMENTS, newMessageId, type Fragment } from '../model/index.ts';
import {
  decodeFragments,
  encodeFragments,
  encodeFrame,
  FRAME_FRAGMENTS,
  FrameError,
  FrameReader,
  MAX_FRAME_BYTES,
} from './frames.ts';

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    const random = seededRandom(1);
    const payloads = Array.from({ length: 60 }, () => randomBytes(Math.floor(random() ** 4 * 50_000)));
    const stream = Buffer.concat(payloads.map((payload, index) => encodeFrame(index % 4, payload)));
    for (const largest of [1, 7, 1000, 20_000, stream.length]) {
      const reader = new FrameReader();
      const read: Buffer[] = [];
      for (let at = 0; at < stream.length;) {
        const size = 1 + Math.floor(random() * largest);
        read.push(...reader.push(stream.subarray(at, at + size)).map(({ payload }) => payload));
        at += size;
      }
      assert.equal(read.length, payloads.length);
      read.forEach((payload, index) => assert.ok(payload.equals(payloads[index] as Buffer)));
    }
  });

  it('refuse impossible lengths at once, without waiting for the bytes', () => {
    const tooLong = Buffer.alloc(4);
    tooLong.writeUInt32BE(MAX_FRAME_BYTES + 1);
    assert.throws(() => new FrameReader().push(tooLong), FrameError);
    assert.throws(() => new FrameReader().push(Buffer.alloc(4)), FrameError);
    assert.throws(() => encodeFrame(0, Buffer.alloc(MAX_FRAME_BYTES)), RangeError);
    const longest = encodeFrame(0, Buffer.alloc(MAX_FRAME_BYTES - 1));
    assert.equal(new FrameReader().push(longest).length, 1);
  });
});

describe('fragment frames', () => {
  const id = newMessageId();
  const read = (frames: Buffer[]) =>
    frames
      .flatMap((frame) => new FrameReader().push(frame))
      .map(({ type, payload }) => {
        assert.equal(type, FRAME_FRAGMENTS);
        return decodeFragments(payload);
      });

  it('carry any number of fragments in frames of bounded size', () => {
    const sizes = [1, 80, MAX_FRAGMENT_BYTES];
    const fragments: Fragment[] = Array.from({ length: 500 }, (_, n) => ({
      n: n === 499 ? MAX_FRAGMENTS - 1 : n,
      bytes: randomBytes(sizes[n % 3] as number),
    }));
    const frames = encodeFragments(id, fragments);
    assert.ok(frames.length > 1);
    for (const frame of frames) assert.ok(frame.length < 40_000);
    const decoded = read(frames);
    assert.ok(decoded.every((part) => part?.id === id));
    const flat = decoded.flatMap((part) => part?.fragments ?? []);
    assert.equal(flat.length, fragments.length);
    flat.forEach(({ n, bytes }, index) => {
      assert.equal(n, fragments[index]?.n);
      assert.deepEqual(Buffer.from(bytes), Buffer.from(fragments[index]?.bytes ?? []));
    });
    assert.deepEqual(encodeFragments(id, []), []);
  });

  it('do not carry what is no fragment', () => {
    for (const { n, length } of [
      { n: MAX_FRAGMENTS, length: 10 },
      { n: 0, length: 0 },
      { n: 0, length: MAX_FRAGMENT_BYTES + 1 },
    ]) {
      assert.throws(() => encodeFragments(id, [{ n, bytes: Buffer.alloc(length) }]), RangeError);
      const payload = Buffer.alloc(16 + 6 + length);
      payload.writeUInt32BE(n, 16);
      payload.writeUInt16BE(length, 20);
      assert.equal(decodeFragments(payload), undefined);
    }
  });

  it('are refused whole when cut anywhere', () => {
    const [frame] = encodeFragments(id, [
      { n: 1, bytes: randomBytes(50) },
      { n: 2, bytes: randomBytes(50) },
    ]);
    const payload = (frame as Buffer).subarray(5);
    const afterFirst = 16 + 6 + 50;
    for (let length = 0; length < payload.length; length += 1) {
      const decoded = decodeFragments(payload.subarray(0, length));
      if (length === afterFirst) assert.equal(decoded?.fragments.length, 1);
      else assert.equal(decoded, undefined, `${length} bytes`);
    }
  });

  it('never make the reader throw or read outside', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 5000; round += 1) {
      const payload = randomBytes(Math.floor(random() * 200));
      if (payload.length > 22) payload.writeUInt32BE(Math.floor(random() * 100), 16);
      if (payload.length > 22) payload.writeUInt16BE(Math.floor(random() * 100), 20);
      const decoded = decodeFragments(payload);
      for (const { n, bytes } of decoded?.fragments ?? []) {
        assert.ok(n < MAX_FRAGMENTS && bytes.length >= 1 && bytes.length <= MAX_FRAGMENT_BYTES);
      }
    }
  });
});
