import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  fromBase64url,
  hashOfFragment,
  newMessageId,
  nodeIdOf,
  signStatement,
  type FragmentHashes,
  type Header,
  type Manifest,
  type NodeId,
  type Receipt,
} from '../model/index.ts';
import { hashFragments } from '../../test/support/hash-fragments.ts';
import { FragmentHash } from './fragment-hash.ts';
import {
  signFragmentHashes,
  signHeader,
  signManifest,
  signReceipt,
  verifyFragmentHashes,
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
  const hashes: FragmentHashes = { v: 1, id, talker: talker.nodeId, from: 50, hashes: 'A'.repeat(43) };
  const receipt: Receipt = { v: 1, id, node: ear.nodeId, state: 'heard', at: 3 };

  it('are read with the key of the one who speaks, and no other', () => {
    assert.deepEqual(verifyHeader(signHeader(talker, header), talker.spki), header);
    assert.deepEqual(verifyManifest(signManifest(talker, manifest), talker.spki), manifest);
    assert.deepEqual(verifyFragmentHashes(signFragmentHashes(talker, hashes), talker.spki), hashes);
    assert.equal(verifyFragmentHashes(signFragmentHashes(talker, hashes), ear.spki), undefined);
    assert.deepEqual(verifyReceipt(signReceipt(ear, receipt), ear.spki), receipt);
    assert.equal(verifyHeader(signHeader(talker, header), ear.spki), undefined);
    assert.equal(verifyReceipt(signReceipt(ear, receipt), talker.spki), undefined);
  });

  it('cannot be made in another’s name', () => {
    assert.throws(() => signReceipt(talker, receipt));
    assert.throws(() => signFragmentHashes(ear, hashes));
    assert.equal(verifyFragmentHashes(ear.sign(hashes), talker.spki), undefined);
    assert.equal(verifyFragmentHashes(ear.sign(hashes), ear.spki), undefined);
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
    for (const other of [signHeader(talker, header), signManifest(talker, manifest)])
      assert.equal(verifyFragmentHashes(other, talker.spki), undefined);
    for (const verify of [verifyHeader, verifyManifest, verifyReceipt])
      assert.equal(verify(signFragmentHashes(talker, hashes), talker.spki), undefined);
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

/** Made once, as it went over the wire: what a later version must still read. */
describe('hashes of fragments, as bytes', () => {
  const key = fromBase64url(
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdX2dqorx099MKw9XCaOMAztQEiCtIkuex8OCwbw6GRW0sc2oJjVhuHQFj3NDE20qUt_DsDc_8TOce9RM2AOvAg',
  );
  const payload =
    '{"v":1,"id":"AAECAwQFBgcICQoLDA0ODw","talker":"37BELwy73vQwfk2G_fXgvg","from":50,"hashes":"ungWv48Bz-q3baqoH-Za8w"}';
  const signature = 'vYcOGdFSlinKYpF2-Y2r8sGr6mPjcoLzQOHkmZet2_HlnNC1DG-Opol4AtHk6O6wDUdOflM6PBU3UQKbl00y_Q';

  it('are read: of two fragments, from the 50th on', () => {
    const read = verifyFragmentHashes({ payload, signature }, key);
    assert.equal(read?.from, 50);
    const fragments = [Buffer.from('abc'), Buffer.alloc(80, 7)];
    assert.equal(read.hashes, Buffer.concat(fragments.map(hashOfFragment)).toString('base64url'));
  });

  it('are refused with one bit changed', () => {
    const changed = payload.replace('"from":50', '"from":100');
    assert.equal(verifyFragmentHashes({ payload: changed, signature }, key), undefined);
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
