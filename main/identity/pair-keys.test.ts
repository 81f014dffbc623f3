import assert from 'node:assert/strict';
import { createECDH, createPrivateKey, hkdfSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { fromBase64url, toBase64url, type NodeId } from '../model/index.ts';
import { callKey, pairKeys } from './pair-keys.ts';

const officeId = Buffer.from('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'hex');

/** A node with a fixed key: every byte of the scalar and of the id is `byte`. */
function node(byte: number) {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(Buffer.alloc(32, byte));
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const d = Buffer.alloc(32, byte).toString('base64url');
  const hpkeKey = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' });
  return { nodeId: toBase64url(Buffer.alloc(16, byte)) as NodeId, hpkeKey, point, ecdh };
}

describe('the keys of a pair', () => {
  const [ann, bob] = [node(1), node(2)];
  const anns = pairKeys(ann, bob.nodeId, bob.point, officeId);
  const bobs = pairKeys(bob, ann.nodeId, ann.point, officeId);
  assert.ok(anns && bobs);

  it('are one for each direction, the same on both sides', () => {
    assert.deepEqual(anns.sending, bobs.receiving);
    assert.deepEqual(anns.receiving, bobs.sending);
    assert.notDeepEqual(anns.sending.key, anns.receiving.key);
    assert.notDeepEqual(anns.sending.tag, anns.receiving.tag);
    assert.deepEqual([anns.sending.key.length, anns.sending.tag.length], [16, 8]);
  });

  it('are HKDF-SHA-256 over the ECDH of the two keys, and never change from one version to the next', () => {
    const secret = ann.ecdh.computeSecret(bob.point);
    const info = Buffer.concat([
      Buffer.from('corridor pair v1'),
      fromBase64url(ann.nodeId),
      fromBase64url(bob.nodeId),
    ]);
    const expected = Buffer.from(hkdfSync('sha256', secret, officeId, info, 24));
    const { key, tag } = anns.sending;
    assert.deepEqual(Buffer.concat([key, tag]), expected);
    assert.equal(Buffer.from(key).toString('hex'), 'ee60d3212a34d1be86833789cc5d67b9');
    assert.equal(Buffer.from(tag).toString('hex'), 'c1c6f1819a600a84');
    assert.equal(Buffer.from(callKey(officeId)).toString('hex'), '7c438b589d0d93cd1098e83ed151fbcf');
  });

  it('are others in another office, and others for each other node', () => {
    const elsewhere = pairKeys(ann, bob.nodeId, bob.point, Buffer.alloc(16, 9));
    const cleo = node(3);
    const other = pairKeys(ann, cleo.nodeId, bob.point, officeId);
    for (const keys of [elsewhere, other]) assert.notDeepEqual(keys?.sending, anns.sending);
  });

  it('do not exist where the other key is no point of the curve', () => {
    const hybrid = Buffer.from(bob.point);
    hybrid[0] = 6 + ((hybrid[64] ?? 0) & 1);
    for (const point of [Buffer.alloc(65), Buffer.alloc(65, 4), bob.point.subarray(0, 64), hybrid])
      assert.equal(pairKeys(ann, bob.nodeId, point, officeId), undefined);
  });
});
