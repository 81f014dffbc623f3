import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EarlyFragments, KEEP_EARLY_MS } from './early-fragments.ts';

const packetOf = (ssrc: number, size = 60) => {
  const packet = Buffer.alloc(size);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
};
const from = (address: string) => ({ address, port: 5000 });

describe('the store of fragments that come before their header', () => {
  it('returns a stream once, in order of arrival', () => {
    const early = new EarlyFragments();
    assert.equal(early.put(packetOf(1), from('10.0.0.1'), 0), 'new');
    assert.equal(early.put(packetOf(1), from('10.0.0.1'), 10), 'kept');
    assert.equal(early.put(packetOf(1), from('10.0.0.2'), 5), 'new');
    assert.equal(early.put(packetOf(2), from('10.0.0.1'), 20), 'new');
    assert.deepEqual(
      early.take(1, '10.0.0.1', 20).map(({ at }) => at),
      [0, 10],
    );
    assert.deepEqual(
      early.take(1, null, 20).map(({ at }) => at),
      [5],
    );
    assert.deepEqual(early.take(1, null, 20), []);
    assert.equal(early.bytes, 60);
  });

  it('forgets a stream after a time', () => {
    const early = new EarlyFragments();
    early.put(packetOf(1), from('10.0.0.1'), 0);
    early.expire(KEEP_EARLY_MS + 1);
    assert.equal(early.bytes, 0);
    assert.deepEqual(early.take(1, null, KEEP_EARLY_MS + 1), []);
  });

  it('limits the streams of an address, the fragments of a stream, and the bytes', () => {
    const early = new EarlyFragments();
    for (let ssrc = 0; ssrc < 1000; ssrc++) early.put(packetOf(ssrc), from('10.0.0.1'), 0);
    assert.equal(early.bytes, 8 * 60);
    assert.equal(early.put(packetOf(1), from('10.0.0.2'), 0), 'new');
    for (let i = 0; i < 10_000; i++) early.put(packetOf(1), from('10.0.0.2'), 0);
    assert.equal(early.take(1, '10.0.0.2', 0).length, 256);
    for (let host = 0; host < 100; host++) {
      for (let i = 0; i < 1000; i++) early.put(packetOf(1, 1400), from(`10.0.1.${host}`), 0);
    }
    assert.ok(early.bytes <= 1024 * 1024);
  });
});
