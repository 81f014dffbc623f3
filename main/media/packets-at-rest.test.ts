import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacketsAtRest } from './packets-at-rest.ts';

const TALKER = '10.0.0.2';
const packet = (byte: number, address: string) => ({
  bytes: Uint8Array.of(byte & 255),
  from: { address, port: 9 },
});
const from = (packets: readonly ReturnType<typeof packet>[], address: string) =>
  packets.filter((one) => one.from.address === address).map(({ bytes }) => bytes[0]);

describe('packets that come while no worker is there', () => {
  it('are kept for two seconds, in their order', () => {
    const packets = new PacketsAtRest();
    for (const n of [0, 1, 2, 3]) packets.put(packet(n, TALKER), n * 1000);
    assert.deepEqual(from(packets.take(3500) as never, TALKER), [2, 3]);
    assert.deepEqual(packets.take(3500), [], 'once');
  });

  it('of a talker are kept in spite of a flood from another address', () => {
    const packets = new PacketsAtRest();
    for (let n = 0; n < 100; n += 1) packets.put(packet(n, TALKER), 0);
    for (let n = 0; n < 10_000; n += 1) packets.put(packet(n, '10.0.0.66'), 0);
    const kept = packets.take(0) as never;
    assert.equal(from(kept, TALKER).length, 100);
    assert.equal(from(kept, '10.0.0.66').length, 256);
  });

  it('are 512 in all: the oldest go', () => {
    const packets = new PacketsAtRest();
    for (let n = 0; n < 1000; n += 1) packets.put(packet(n, `10.0.${n >> 8}.${n & 255}`), n);
    assert.equal(packets.take(1000).length, 512);
  });
});
