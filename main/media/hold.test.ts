import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Hold, HOLD_MS } from './hold.ts';

const packetOf = (ssrc: number, size = 60) => {
  const packet = Buffer.alloc(size);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
};
const from = (address: string) => ({ address, port: 5000 });

describe('the hold', () => {
  it('gives back a stream in order of arrival, once', () => {
    const hold = new Hold();
    assert.equal(hold.put(packetOf(1), from('10.0.0.1'), 0), 'new');
    assert.equal(hold.put(packetOf(1), from('10.0.0.1'), 10), 'held');
    assert.equal(hold.put(packetOf(1), from('10.0.0.2'), 5), 'new');
    assert.equal(hold.put(packetOf(2), from('10.0.0.1'), 20), 'new');
    assert.deepEqual(
      hold.take(1, '10.0.0.1', 20).map((held) => held.at),
      [0, 10],
    );
    assert.deepEqual(
      hold.take(1, null, 20).map((held) => held.at),
      [5],
    );
    assert.deepEqual(hold.take(1, null, 20), []);
    assert.equal(hold.bytes, 60);
  });

  it('forgets after its time', () => {
    const hold = new Hold();
    hold.put(packetOf(1), from('10.0.0.1'), 0);
    hold.expire(HOLD_MS + 1);
    assert.equal(hold.bytes, 0);
    assert.deepEqual(hold.take(1, null, HOLD_MS + 1), []);
  });

  it('is bounded in streams of an address, fragments and bytes', () => {
    const hold = new Hold();
    for (let ssrc = 0; ssrc < 1000; ssrc++) hold.put(packetOf(ssrc), from('10.0.0.1'), 0);
    assert.equal(hold.bytes, 8 * 60);
    assert.equal(hold.put(packetOf(1), from('10.0.0.2'), 0), 'new');
    for (let i = 0; i < 10_000; i++) hold.put(packetOf(1), from('10.0.0.2'), 0);
    assert.equal(hold.take(1, '10.0.0.2', 0).length, 256);
    for (let host = 0; host < 100; host++) {
      for (let i = 0; i < 1000; i++) hold.put(packetOf(1, 1400), from(`10.0.1.${host}`), 0);
    }
    assert.ok(hold.bytes <= 1024 * 1024);
  });
});
