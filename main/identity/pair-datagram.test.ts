import assert from 'node:assert/strict';
import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { NodeId } from '../model/index.ts';
import {
  MAX_BODY_BYTES,
  MAX_COUNT,
  openCall,
  openPacket,
  packetTag,
  sealCall,
  sealPacket,
} from './pair-datagram.ts';

const direction = { key: Buffer.alloc(16, 5), tag: Buffer.from('0102030405060708', 'hex') };
const packet = {
  echo: Buffer.alloc(8, 0xee),
  offer: Buffer.alloc(8, 0x0f),
  ...{ boot: 1_700_000_000_000, seq: 42, kind: 2, body: Buffer.from('beat') },
};

/** The datagram, written by hand. */
function byHand(version: number, tag: string, fields: string): Buffer {
  const nonce = Buffer.alloc(12, 9);
  const head = Buffer.concat([Buffer.of(version), Buffer.from(tag, 'hex')]);
  const cipher = createCipheriv('aes-128-gcm', direction.key, nonce);
  cipher.setAAD(head);
  const sealed = Buffer.concat([cipher.update(Buffer.from(fields, 'hex')), cipher.final()]);
  return Buffer.concat([head, nonce, sealed, cipher.getAuthTag()]);
}

/** No change of a bit, no cut and no added byte leaves a datagram that opens. */
function assertWhole(sealed: Buffer, open: (bytes: Buffer) => unknown): void {
  assert.ok(open(sealed));
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Buffer.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(open(changed), undefined, `bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length += 1)
    assert.equal(open(sealed.subarray(0, length)), undefined, `${length} bytes`);
  assert.equal(open(Buffer.concat([sealed, Buffer.alloc(1)])), undefined);
}

describe('a packet between two nodes', () => {
  it('opens as it was sealed, with 66 bytes around its body', () => {
    for (const body of [Buffer.alloc(0), Buffer.alloc(6), randomBytes(MAX_BODY_BYTES)]) {
      const sealed = sealPacket(direction, { ...packet, body, seq: MAX_COUNT, boot: MAX_COUNT });
      assert.equal(sealed.length, 66 + body.length);
      assert.deepEqual(openPacket(direction, sealed), { ...packet, body, seq: MAX_COUNT, boot: MAX_COUNT });
      assert.equal(packetTag(sealed), direction.tag.toString('latin1'));
      assert.equal(openPacket({ ...direction, key: Buffer.alloc(16, 6) }, sealed), undefined);
    }
    const tooLong = { ...packet, body: Buffer.alloc(MAX_BODY_BYTES + 1) };
    assert.throws(() => sealPacket(direction, tooLong), RangeError);
  });

  it('has each field at its place', () => {
    const fields = 'ee'.repeat(8) + '0f'.repeat(8) + '018bcfe56800' + '00000000002a' + '02' + '62656174';
    assert.deepEqual(openPacket(direction, byHand(2, '0102030405060708', fields)), packet);
  });

  it('does not open with any bit changed, cut or lengthened', () => {
    assertWhole(sealPacket(direction, packet), (bytes) => openPacket(direction, bytes));
  });

  it('leaves garbage unopened', () => {
    for (let length = 0; length < 2000; length += 1) {
      const garbage = randomBytes(length);
      if (length > 0) garbage[0] = 2;
      assert.equal(openPacket(direction, garbage), undefined);
    }
  });
});

describe('a call', () => {
  const call = {
    caller: Buffer.alloc(16, 1).toString('base64url') as NodeId,
    ...{ offer: Buffer.alloc(8, 2), control: 47_021 },
  };

  it('has 80 bytes, more than any answer to it', () => {
    const sealed = sealCall(direction.key, call);
    assert.equal(sealed.length, 80);
    assert.deepEqual(openCall(direction.key, sealed), call);
    assert.equal(openCall(Buffer.alloc(16), sealed), undefined);
    assert.equal(sealPacket(direction, { ...packet, body: Buffer.alloc(6) }).length, 72);
  });

  it('has each field at its place, and what a later version adds is passed over', () => {
    for (const rest of ['00', '77']) {
      const fields = '01'.repeat(16) + '02'.repeat(8) + 'b7ad' + rest.repeat(25);
      assert.deepEqual(openCall(direction.key, byHand(3, '', fields)), call);
    }
  });

  it('does not open with any bit changed, cut or lengthened', () => {
    assertWhole(sealCall(direction.key, call), (bytes) => openCall(direction.key, bytes));
  });
});
