import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { JitterBuffer } from './jitter-buffer.ts';
import { PacketIndex, SEQUENCES } from './packet-index.ts';
import { RECENT_FRAGMENTS, RecentFragments } from './recent-fragments.ts';
import { writeRtpHeader } from './rtp.ts';
import { rtpKeys, writeRtpIv } from './srtp-keys.ts';
import { SrtpReceiver, SrtpSender } from './srtp.ts';

const KEY = { masterKey: Buffer.alloc(16, 1), masterSalt: Buffer.alloc(12, 2) };
const SSRC = 0x5501a0b2;
const hex = (text: string) => Buffer.from(text, 'hex');

describe('the packet index of a stream without end (RFC 3711 §3.3.1)', () => {
  /** [highest index so far, sequence number that comes, index that it means] */
  const cases = [
    [0, 1, 1],
    [10, 5, 5],
    [65_535, 0, 65_536],
    [65_536, 65_535, 65_535],
    [65_530, 20, 65_556],
    [65_556, 65_530, 65_530],
    [32_767, 65_535, 65_535],
    [98_304, 0, 65_536],
    [98_305, 0, 131_072],
    [3 * SEQUENCES + 5, 65_000, 2 * SEQUENCES + 65_000],
    // Before the first packet there is none.
    [5, 65_000, 65_000],
  ] as const;
  for (const [highest, sequence, index] of cases) {
    it(`takes ${sequence} after ${highest} for ${index}`, () => {
      const packets = new PacketIndex();
      packets.accepted(highest);
      assert.equal(packets.estimate(sequence), index);
    });
  }
});

describe('the latest fragments of a stream without end', () => {
  it('holds each once, and takes what is too old for there', () => {
    const recent = new RecentFragments();
    for (const n of [0, 2, 1, 70_000]) assert.ok(recent.add(n), `${n}`);
    for (const n of [0, 2, 70_000, 70_000 - RECENT_FRAGMENTS]) assert.ok(!recent.add(n), `${n}`);
    assert.ok(recent.add(70_001 - RECENT_FRAGMENTS));
    assert.ok(!recent.has(70_001));
  });

  it('says the same as a list of all, whatever the order', () => {
    const random = seededRandom(7);
    const recent = new RecentFragments();
    const all = new Set<number>();
    for (let i = 0; i < 20_000; i++) {
      const n = Math.max(0, i + Math.floor(random() * 200) - 100);
      assert.equal(recent.add(n), !all.has(n), `${n}`);
      all.add(n);
    }
  });
});

describe('a packet beyond 65,536', () => {
  it('is sealed with the rollover counter in its IV (RFC 7714 §8.1)', () => {
    const salt = hex('517569642070726f2071756f');
    const iv = Buffer.alloc(12);
    writeRtpIv(iv, salt, SSRC, 0, 0xf17b);
    // RFC 7714 §16.1 has this IV for rollover counter 0; the counter stands in its bytes 6 to 9.
    assert.deepEqual(iv, hex('51753c6580c2726f20718414'));
    writeRtpIv(iv, salt, SSRC, 1, 0xf17b);
    assert.deepEqual(iv, hex('51753c6580c2726f20708414'));
  });

  it('is the same that another maker of SRTP would seal', () => {
    const sender = new SrtpSender(KEY, SSRC);
    let sealed: Buffer = Buffer.alloc(0);
    for (let n = 0; n <= SEQUENCES + 1; n++) sealed = sender.seal(n, Uint8Array.of(n & 0xff, 7));
    const header = Buffer.alloc(12);
    writeRtpHeader(header, SEQUENCES + 1, SSRC);
    assert.deepEqual(
      header.subarray(0, 8),
      hex('806f000101e001e0'),
      'sequence number 1, timestamp 65,537·480',
    );
    const { key, salt } = rtpKeys(KEY);
    // salt XOR (0 ‖ SSRC ‖ ROC ‖ SEQ), by hand.
    const wanted = hex(`0000${SSRC.toString(16)}000000010001`);
    const iv = Buffer.from(salt.map((byte, at) => byte ^ wanted[at]!));
    const cipher = createCipheriv('aes-128-gcm', key, iv);
    cipher.setAAD(header);
    const expected = [header, cipher.update(Uint8Array.of(1, 7)), cipher.final(), cipher.getAuthTag()];
    assert.deepEqual(sealed, Buffer.concat(expected));
  });

  it('is not opened as a fragment of a message, whose numbers end before', () => {
    const sender = new SrtpSender(KEY, SSRC);
    let sealed: Buffer = Buffer.alloc(0);
    for (let n = 0; n <= SEQUENCES; n++) sealed = sender.seal(n, Uint8Array.of(1));
    assert.equal(new SrtpReceiver(KEY, SSRC).open(sealed), 'forged');
  });
});

it('what comes far ahead in a call is heard next, and nothing piles up', () => {
  const buffer = new JitterBuffer<number>({ from: 0, count: null, keep: false, isEndless: true });
  for (let n = 0; n < 10; n++) buffer.put(n, n, n * 10);
  // A peer that sends far more than anybody speaks.
  const most = 1000;
  for (let n = 10; n < 50_000; n++) buffer.put(n, n, 200);
  assert.ok(buffer.ahead(Infinity) <= most + 1, `${buffer.ahead(Infinity)} frames are kept`);
  buffer.put(200_000, 200_000, 300);
  assert.equal(buffer.position, 200_000);
  assert.equal(buffer.ahead(Infinity), 1);
});
