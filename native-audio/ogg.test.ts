import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOgg } from '../test/support/ogg.ts';
import { muxOggOpus, OggOpusPages } from './ogg.ts';

const packets = (count: number, bytes = 40): Uint8Array[] =>
  Array.from({ length: count }, (_, n) => new Uint8Array(bytes).fill(n));

test('a file that is written piece by piece holds what one that is written at once does', () => {
  const all = packets(137);
  const pages = new OggOpusPages();
  const pieces = [
    pages.begin(),
    pages.add(all.slice(0, 50)),
    pages.add(all.slice(50, 60)),
    pages.add(all.slice(60)),
  ];
  const whole = readOgg(Buffer.concat([...pieces, pages.end()]));
  const atOnce = readOgg(muxOggOpus(all));
  assert.deepEqual(whole.packets.map(String), atOnce.packets.map(String));
  assert.deepEqual([whole.isEnded, whole.granule], [true, 137 * 480]);
  assert.deepEqual([atOnce.isEnded, atOnce.granule], [true, 137 * 480]);
});

test('each piece is whole pages: what was written before it was broken off is there', () => {
  const pages = new OggOpusPages();
  let written = pages.begin();
  for (let n = 1; n <= 5; n++) {
    // Packets so large that a page does not hold them all.
    written = Buffer.concat([written, pages.add(packets(50, 1400))]);
    const { packets: found, isEnded, granule } = readOgg(written);
    assert.deepEqual([found.length, isEnded, granule], [50 * n, false, 50 * n * 480]);
  }
});

test('what is said stands in a tag, as much of it as a page takes', () => {
  const file = muxOggOpus(packets(10), { lyrics: 'Grüße' });
  assert.ok(file.includes('LYRICS=Grüße'));
  const long = muxOggOpus(packets(10), { lyrics: 'ü'.repeat(80_000) });
  assert.equal(readOgg(long).packets.length, 10);
  assert.ok(!long.includes('\ufffd'));
});

test('a file without a packet is one, too', () => {
  const { packets: found, isEnded } = readOgg(muxOggOpus([]));
  assert.deepEqual([found.length, isEnded], [0, true]);
});
