import assert from 'node:assert/strict';
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { buildNack, parseNack } from './rtcp.ts';
import { fragmentNumberOf, isFragment, isRtcp, rtpHeaderLength, ssrcOf } from './rtp.ts';
import { openRtcp, sealRtcp, SrtcpReceiver, SrtcpSender } from './srtcp.ts';
import { derive, writeRtpIv, type SessionKeys } from './srtp-keys.ts';
import { openRtp, SrtpReceiver, SrtpSender } from './srtp.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const newKey = () => ({ masterKey: randomBytes(16), masterSalt: randomBytes(12) });

/** RFC 7714 §16 and §17 use these as session key and salt. */
const vectorKeys: SessionKeys = {
  key: createSecretKey(hex('000102030405060708090a0b0c0d0e0f')),
  salt: hex('517569642070726f2071756f'),
};

describe('SRTP', () => {
  it('derives the keys of RFC 3711 B.3', () => {
    const master = hex('E1F97A0D3E018BE0D64FA32C06DE4139');
    const salt = hex('0EC675AD498AFEEBB6960B3AABE6');
    assert.deepEqual(derive(master, salt, 0, 16), hex('C61E7A93744F39EE10734AFE3FF7A087'));
    assert.deepEqual(derive(master, salt, 2, 14), hex('30CBBC08863D8C85D49DB34A9AE1'));
    assert.deepEqual(
      derive(master, salt, 1, 94),
      hex(`CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE E049646C43D9327AD175578EF7227098
           6371C10C9A369AC2F94A8C5FBCDDDC25 6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2`),
    );
  });

  it('seals and opens the packet of RFC 7714 §16.1', () => {
    const header = hex('8040f17b 8041f8d3 5501a0b2');
    const plain = hex(
      '47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573',
    );
    const sealed = hex(`8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5
      0d294e6f 42a5f47a 51c7d19b 36de3adf 8833899d 7f27beb1 6a9152cf 765ee439 0cce`);
    const iv = Buffer.alloc(12);
    writeRtpIv(iv, vectorKeys.salt, ssrcOf(header), 0, fragmentNumberOf(header));
    assert.deepEqual(iv, hex('51753c6580c2726f20718414'));
    const cipher = createCipheriv('aes-128-gcm', vectorKeys.key, iv);
    cipher.setAAD(header);
    assert.deepEqual(
      Buffer.concat([header, cipher.update(plain), cipher.final(), cipher.getAuthTag()]),
      sealed,
    );
    assert.deepEqual(Buffer.from(openRtp(vectorKeys, sealed, 0)!), plain);
    assert.equal(openRtp(vectorKeys, sealed, 1), undefined);
  });

  it('seals and opens the packet of RFC 7714 §17.1', () => {
    const plain = hex(`81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61
      deadbeef deadbeef deadbeef deadbeef deadbeef`);
    const sealed = hex(`81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d
      c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4`);
    assert.deepEqual(sealRtcp(vectorKeys, plain, 0x5d4), sealed);
    assert.deepEqual(openRtcp(vectorKeys, sealed), plain);
    sealed[sealed.length - 4] = 0;
    assert.equal(openRtcp(vectorKeys, sealed), undefined);
  });

  it('makes fragments that only their key opens, and only once', () => {
    const key = newKey();
    const sender = new SrtpSender(key, 0xfedcba98);
    const packets = [0, 1, 2].map((n) => sender.seal(n, Buffer.from(`frame ${n}`)));
    assert.throws(() => sender.seal(1, Buffer.from('again')), RangeError);
    assert.deepEqual(packets[0]!.subarray(0, 12), hex('80ef0000 00000000 fedcba98'));
    assert.deepEqual(packets[2]!.subarray(0, 12), hex('806f0002 000003c0 fedcba98'));
    const receiver = new SrtpReceiver(key, 0xfedcba98);
    assert.equal(Buffer.from(receiver.open(packets[2]!) as Uint8Array).toString(), 'frame 2');
    assert.equal(Buffer.from(receiver.open(packets[0]!) as Uint8Array).toString(), 'frame 0');
    assert.equal(receiver.open(packets[2]!), 'replayed');
    assert.equal(Buffer.from(receiver.openAt(2, packets[2]!)!).toString(), 'frame 2');
    assert.equal(receiver.openAt(1, packets[2]!), undefined);
    assert.equal(new SrtpReceiver(key, 1).open(packets[1]!), 'forged');
    assert.equal(new SrtpReceiver(newKey(), 0xfedcba98).open(packets[1]!), 'forged');
    for (let i = 0; i < packets[1]!.length; i++) {
      const bent = Buffer.from(packets[1]!);
      bent[i]! ^= 1;
      assert.equal(receiver.open(bent), 'forged', `byte ${i}`);
    }
    assert.equal(typeof receiver.open(packets[1]!), 'object');
  });

  it('opens fragments in any order over the whole length of a message', () => {
    const key = newKey();
    const sender = new SrtpSender(key, 7);
    const kept = new Map<number, Buffer>();
    for (let n = 0; n < 60_000; n++) {
      const packet = sender.seal(n, Buffer.from([n & 0xff]));
      if ([0, 5, 32_768, 59_999].includes(n)) kept.set(n, packet);
    }
    const receiver = new SrtpReceiver(key, 7);
    for (const n of [59_999, 0, 32_768, 5]) {
      assert.deepEqual(Buffer.from(receiver.open(kept.get(n)!) as Uint8Array), Buffer.from([n & 0xff]));
    }
  });

  it('refuses packets that are no fragments', () => {
    const packet = new SrtpSender(newKey(), 7).seal(0, Buffer.from('frame'));
    assert.ok(isFragment(packet));
    assert.ok(!isFragment(packet.subarray(0, 28)));
    assert.ok(!isFragment(Buffer.concat([packet, Buffer.alloc(1400)])));
    for (const at of [0, 1, 3, 7]) {
      const bent = Buffer.from(packet);
      bent[at]! ^= 0x20;
      assert.ok(!isFragment(bent), `byte ${at}`);
    }
    assert.equal(rtpHeaderLength(hex('8f6f0000 00000000 00000001')), undefined);
    assert.equal(rtpHeaderLength(hex('906f0000 00000000 00000001 0000ffff')), undefined);
    assert.equal(rtpHeaderLength(hex('916f0000 00000000 00000001 00000002 00000001 00000000')), 24);
  });
});

describe('RTCP', () => {
  it('asks for fragments by pairs of a number and a mask of the sixteen after it (RFC 4585 §6.2.1)', () => {
    const packet = buildNack(1, 2, [10, 11, 26, 27, 59_999]);
    assert.deepEqual(packet, hex('80c90001 00000001 81cd0005 00000001 00000002 000a8001 001b0000 ea5f0000'));
    assert.deepEqual(parseNack(packet), { sender: 1, media: 2, fragments: [10, 11, 26, 27, 59_999] });
    assert.deepEqual(parseNack(packet.subarray(8)), parseNack(packet));
    assert.ok(isRtcp(packet) && isRtcp(packet.subarray(8)));
  });

  it('is never longer than a packet may be', () => {
    const all = Array.from({ length: 60_000 }, (_, n) => n);
    const packet = buildNack(1, 2, all);
    assert.ok(packet.length < 1200);
    assert.equal(parseNack(packet)?.fragments.length, 64 * 17);
  });

  it('refuses a malformed packet', () => {
    const packet = buildNack(1, 2, [10]);
    for (let length = 0; length < packet.length; length++) {
      assert.equal(parseNack(packet.subarray(0, length)), undefined);
    }
    assert.equal(parseNack(hex('81cd0002 00000001 00000002')), undefined);
    assert.equal(parseNack(hex('81cdffff 00000001 00000002 000a0000')), undefined);
  });

  it('asks on across 65,535, where the sequence numbers of a call begin again', () => {
    const fragments = Array.from({ length: 17 }, (_, i) => 65_535 + i);
    const packet = buildNack(1, 2, fragments);
    assert.deepEqual(packet.subarray(8), hex('81cd0003 00000001 00000002 ffffffff'));
    assert.deepEqual(
      parseNack(packet)?.fragments,
      fragments.map((n) => n % 65_536),
    );
  });

  it('is sealed with the message key and accepted once', () => {
    const key = newKey();
    const sender = new SrtcpSender(key);
    const receiver = new SrtcpReceiver(key);
    const first = sender.seal(buildNack(1, 2, [3]));
    const second = sender.seal(buildNack(1, 2, [4]));
    assert.ok(isRtcp(first));
    assert.deepEqual(parseNack(receiver.open(first)!)?.fragments, [3]);
    assert.equal(receiver.open(first), undefined);
    const bent = Buffer.from(second);
    bent[12]! ^= 1;
    assert.equal(receiver.open(bent), undefined);
    assert.deepEqual(parseNack(receiver.open(second)!)?.fragments, [4]);
    assert.equal(new SrtcpReceiver(newKey()).open(second), undefined);
    assert.equal(receiver.open(Buffer.alloc(20)), undefined);
  });
});
