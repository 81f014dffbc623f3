import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { newMessageId, type NodeId } from '../model/index.ts';
import { isSameProof, PossessionProof, type PossessionClaim } from './possession.ts';

const newClaim = (): PossessionClaim => ({
  id: newMessageId(),
  holder: randomBytes(16).toString('base64url') as NodeId,
  nonce: randomBytes(16).toString('base64url'),
});

function proofOf(claim: PossessionClaim, fragments: readonly Uint8Array[]): string {
  const proof = new PossessionProof(claim);
  for (const fragment of fragments) proof.add(fragment);
  return proof.digest();
}

test('it is HMAC-SHA-256, keyed with the nonce, over label, message, holder, and each length and fragment', () => {
  const claim = newClaim();
  const expected = createHmac('sha256', Buffer.from(claim.nonce, 'base64url'))
    .update('corridor possession v1')
    .update(Buffer.from(claim.id, 'base64url'))
    .update(Buffer.from(claim.holder, 'base64url'))
    .update(Buffer.from([0, 2, 7, 8, 1, 0]))
    .update(Buffer.alloc(256, 9))
    .digest('base64url');
  const proof = proofOf(claim, [Uint8Array.of(7, 8), new Uint8Array(256).fill(9)]);
  assert.equal(proof, expected);
  assert.ok(isSameProof(proof, expected));
});

test('it serves no other holder, message or nonce, and a fragment that differs, lacks or moves shows', () => {
  const claim = newClaim();
  const fragments = [randomBytes(80), randomBytes(80), randomBytes(80)];
  const [a, b, c] = fragments as [Buffer, Buffer, Buffer];
  const proof = proofOf(claim, fragments);
  const other = newClaim();
  const bent = Buffer.from(c);
  bent[79]! ^= 1;
  const others = [
    proofOf({ ...claim, holder: other.holder }, fragments),
    proofOf({ ...claim, id: other.id }, fragments),
    proofOf({ ...claim, nonce: other.nonce }, fragments),
    proofOf(claim, [a, b]),
    proofOf(claim, [a, c, b]),
    proofOf(claim, [a, b, bent]),
    proofOf(claim, [Buffer.concat([a, b]), c]),
    'short',
  ];
  for (const one of others) assert.ok(!isSameProof(one, proof));
});
