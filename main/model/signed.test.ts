import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import {
  isSignedBy,
  keyedHeaderSchema,
  MAX_HEADER_BYTES,
  MAX_STATEMENT_BYTES,
  signedHeaderSchema,
  signedSchema,
  signStatement,
} from './signed.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ofBytes = (bytes: number) => ({ payload: 'x'.repeat(bytes), signature: 'A'.repeat(86) });

describe('a signed statement', () => {
  it('has at most 4 KiB, a header at most 128 KiB', () => {
    assert.deepEqual([MAX_STATEMENT_BYTES, MAX_HEADER_BYTES], [4096, 131_072]);
    for (const [schema, most] of [
      [signedSchema, MAX_STATEMENT_BYTES],
      [signedHeaderSchema, MAX_HEADER_BYTES],
    ] as const) {
      assert.ok(v.is(schema, ofBytes(most)));
      assert.equal(v.is(schema, ofBytes(most + 1)), false);
    }
  });

  it('that is a header has a reader’s own key by datagram alone', () => {
    const node = 'A'.repeat(22);
    const key = { node, enc: 'A'.repeat(87), sealed: 'A'.repeat(59) };
    const header = { ...ofBytes(9), ownKey: { salt: node, key } };
    assert.deepEqual(v.parse(keyedHeaderSchema, header), header);
    assert.deepEqual(v.parse(signedHeaderSchema, header), ofBytes(9));
  });

  it('is measured in bytes, not in characters', () => {
    const signature = 'A'.repeat(86);
    assert.ok(v.is(signedSchema, { payload: 'é'.repeat(2048), signature }));
    assert.equal(v.is(signedSchema, { payload: 'é'.repeat(2049), signature }), false);
  });

  it('with fields of a later version passes within that', () => {
    const signed = signStatement({ v: 1, later: 'y'.repeat(4000) }, privateKey);
    assert.ok(v.is(signedSchema, signed));
    assert.equal(v.is(signedSchema, signStatement({ v: 1, later: 'y'.repeat(5000) }, privateKey)), false);
  });

  it('holds no half of a surrogate pair: two texts would have one signature', () => {
    const { signature } = signStatement({ name: '\ufffd' }, privateKey);
    assert.ok(v.is(signedSchema, { payload: '{"name":"\ufffd"}', signature }));
    assert.equal(v.is(signedSchema, { payload: '{"name":"\ud800"}', signature }), false);
    assert.ok(v.is(signedSchema, { payload: '{"name":"\ud83d\ude00"}', signature }), 'a whole pair');
  });

  it('is checked with the key that is given, however many others were used before', () => {
    const keys = Array.from({ length: 600 }, () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
    const spki = keys.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'der' }));
    const signed = keys.slice(0, 3).map((pair, n) => signStatement({ v: 1, n }, pair.privateKey));
    for (let round = 0; round < 2; round++)
      for (const [n, one] of signed.entries())
        assert.deepEqual(
          spki.flatMap((key, at) => (isSignedBy(one, key) ? [at] : [])),
          [n],
        );
    const broken = Buffer.from(spki[0]!);
    broken[30]! ^= 1;
    assert.equal(isSignedBy(signed[0]!, broken), false);
    assert.equal(isSignedBy(signed[0]!, broken), false, 'nor the second time');
  });
});
