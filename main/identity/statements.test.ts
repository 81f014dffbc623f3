import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  newMessageId,
  nodeIdOf,
  signStatement,
  type Header,
  type Manifest,
  type NodeId,
  type Receipt,
} from '../model/index.ts';
import { FragmentHash, hashFragments } from './fragment-hash.ts';
import {
  signHeader,
  signManifest,
  signReceipt,
  verifyHeader,
  verifyManifest,
  verifyReceipt,
} from './statements.ts';

function signer() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { nodeId: nodeIdOf(spki), spki, sign: (statement: unknown) => signStatement(statement, privateKey) };
}

const talker = signer();
const ear = signer();
const id = newMessageId();

function headerTo(recipients: NodeId[]): Header {
  const keys = recipients.map((node) => ({ node, enc: 'A'.repeat(87), sealed: 'A'.repeat(59) }));
  return { v: 1, id, talker: talker.nodeId, from: '101', to: '102', ssrc: 7, startedAt: 1, recipients, keys };
}

describe('signed statements', () => {
  const header = headerTo([ear.nodeId]);
  const manifest: Manifest = {
    v: 1,
    id,
    talker: talker.nodeId,
    count: 2,
    hash: hashFragments([]),
    durationMs: 20,
    endedAt: 2,
  };
  const receipt: Receipt = { v: 1, id, node: ear.nodeId, state: 'heard', at: 3 };

  it('are read with the key of the one who speaks, and no other', () => {
    assert.deepEqual(verifyHeader(signHeader(talker, header), talker.spki), header);
    assert.deepEqual(verifyManifest(signManifest(talker, manifest), talker.spki), manifest);
    assert.deepEqual(verifyReceipt(signReceipt(ear, receipt), ear.spki), receipt);
    assert.equal(verifyHeader(signHeader(talker, header), ear.spki), undefined);
    assert.equal(verifyReceipt(signReceipt(ear, receipt), talker.spki), undefined);
  });

  it('cannot be made in another’s name', () => {
    assert.throws(() => signReceipt(talker, receipt));
    const forged = talker.sign(receipt);
    assert.equal(verifyReceipt(forged, talker.spki), undefined);
    assert.equal(verifyReceipt(forged, ear.spki), undefined);
    const changed = signManifest(talker, manifest);
    const payload = changed.payload.replace('"count":2', '"count":3');
    assert.equal(verifyManifest({ ...changed, payload }, talker.spki), undefined);
  });

  it('are not taken for another kind', () => {
    assert.equal(verifyHeader(signManifest(talker, manifest), talker.spki), undefined);
    assert.equal(verifyManifest(signHeader(talker, header), talker.spki), undefined);
    assert.equal(verifyReceipt(signManifest(talker, manifest), talker.spki), undefined);
  });

  it('refuse a header that contradicts itself', () => {
    const stranger = signer().nodeId;
    const twice = headerTo([ear.nodeId, ear.nodeId]);
    const toSelf = headerTo([talker.nodeId]);
    const toStranger = { ...header, keys: [...header.keys, { ...headerTo([stranger]).keys[0]! }] };
    for (const wrong of [twice, toSelf, toStranger]) {
      assert.equal(verifyHeader(signHeader(talker, wrong), talker.spki), undefined);
    }
    const withOwnKey = { ...header, keys: headerTo([ear.nodeId, talker.nodeId]).keys };
    assert.deepEqual(verifyHeader(signHeader(talker, withOwnKey), talker.spki), withOwnKey);
  });
});

describe('fragment hash', () => {
  it('is SHA-256 over each fragment after its length in two bytes', () => {
    const fragments = [Buffer.from('ab'), Buffer.alloc(0), randomBytes(1400)];
    const text = Buffer.concat([
      Buffer.from([0, 2]),
      Buffer.from('ab'),
      Buffer.from([0, 0]),
      Buffer.from([0x05, 0x78]),
      fragments[2]!,
    ]);
    assert.equal(hashFragments(fragments), createHash('sha256').update(text).digest('base64url'));
  });

  it('can be read on the way', () => {
    const hash = new FragmentHash().add(Buffer.from('a'));
    assert.equal(hash.digest(), hashFragments([Buffer.from('a')]));
    hash.add(Buffer.from('b'));
    assert.equal(hash.count, 2);
    assert.equal(hash.digest(), hashFragments([Buffer.from('a'), Buffer.from('b')]));
    assert.notEqual(hash.digest(), hashFragments([Buffer.from('ab')]));
    assert.throws(() => hash.add(Buffer.alloc(1401)), RangeError);
  });
});
