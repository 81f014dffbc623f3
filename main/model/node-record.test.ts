import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { toBase64url } from './bytes.ts';
import { nodeIdOf } from './ids.ts';
import { nameSchema } from './names.ts';
import { signedNodeRecordSchema, verifyNodeRecord, type NodeRecord } from './node-record.ts';
import { signStatement } from './signed.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const spki = publicKey.export({ type: 'spki', format: 'der' });
const point = spki.subarray(-65);

function recordWith(change: object): ReturnType<typeof signStatement> {
  const record: NodeRecord = {
    ...{ v: 1, node: nodeIdOf(spki), revision: 1, claimedAt: 1, presence: 'available' },
    ...{ name: 'Dana', extension: '101', signingKey: toBase64url(spki), hpkeKey: toBase64url(point) },
    endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: 3000 },
  };
  return signStatement({ ...record, ...change }, privateKey);
}

/** The same point in the form that tells by its first byte whether y is odd (X9.62 §4.3.6). */
function hybrid(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = 6 + ((bytes[64] ?? 0) & 1);
  return copy;
}

describe('a node’s record', () => {
  it('is taken in as its node signed it', () => {
    assert.equal(verifyNodeRecord(recordWith({}))?.name, 'Dana');
  });

  it('with an HPKE key that is no point of P-256 is refused: nobody could wrap a key for it', () => {
    const off = Buffer.from(point);
    off[64] = (off[64] ?? 0) ^ 1;
    const wrong = { zeros: Buffer.alloc(65), random: Buffer.alloc(65, 4), off, hybrid: hybrid(point) };
    for (const [which, key] of Object.entries(wrong))
      assert.equal(verifyNodeRecord(recordWith({ hpkeKey: toBase64url(key) })), undefined, which);
  });

  it('with a signing key in another form is refused: one key would have two names', () => {
    const other = Buffer.concat([spki.subarray(0, 26), hybrid(point)]);
    const signed = recordWith({ node: nodeIdOf(other), signingKey: toBase64url(other) });
    assert.equal(verifyNodeRecord(signed), undefined);
  });

  it('of 250 kB, padded with fields of its own, is refused', () => {
    assert.ok(v.is(signedNodeRecordSchema, recordWith({ later: 'x'.repeat(3000) })));
    assert.equal(v.is(signedNodeRecordSchema, recordWith({ later: 'x'.repeat(250_000) })), false);
  });

  it('has whole numbers that arithmetic keeps exact', () => {
    for (const revision of [1.5, -1, 2 ** 53, 1e300, null])
      assert.equal(verifyNodeRecord(recordWith({ revision })), undefined, String(revision));
  });

  it('has a name without half surrogate pairs, which no text can hold', () => {
    assert.ok(v.is(nameSchema, 'Dana \ud83d\ude00'));
    assert.equal(v.is(nameSchema, 'Dana \ud83d'), false);
  });
});
