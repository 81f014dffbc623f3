import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import {
  callKeySchema,
  fromBase64url,
  newMessageId,
  nodeIdOf,
  toBase64url,
  wrappedKeySchema,
  type CallId,
} from '../model/index.ts';
import { hpkeSuite } from './hpke-suite.ts';
import {
  MESSAGE_KEY_BYTES,
  prepareWrap,
  unwrapCallKey,
  unwrapMessageKey,
  wrapCallKey,
  wrapMessageKey,
} from './key-wrap.ts';

function node() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return { nodeId: nodeIdOf(spki), hpkeKey: privateKey, hpkePublicKey: spki.subarray(26), former: [] };
}

describe('message keys', () => {
  const talker = node().nodeId;
  const ear = node();
  const id = newMessageId();
  const target = { id, talker, recipient: ear.nodeId, recipientHpkeKey: ear.hpkePublicKey };

  it('open for the recipient and nobody else', async () => {
    const key = randomBytes(MESSAGE_KEY_BYTES);
    const wrapped = await wrapMessageKey(key, target);
    assert.ok(v.is(wrappedKeySchema, wrapped));
    const opened = await unwrapMessageKey(ear, { id, talker, keys: [wrapped] });
    assert.deepEqual(Buffer.concat([opened.masterKey, opened.masterSalt]), key);
    assert.equal(opened.masterKey.length, 16);

    const stranger = node();
    await assert.rejects(unwrapMessageKey(stranger, { id, talker, keys: [wrapped] }), {
      code: 'no-message-key',
    });
    const relabelled = { ...wrapped, node: stranger.nodeId };
    await assert.rejects(unwrapMessageKey(stranger, { id, talker, keys: [relabelled] }), {
      code: 'bad-message-key',
    });
  });

  it('open for the node that the recipient was before, and as that node alone', async () => {
    const key = randomBytes(MESSAGE_KEY_BYTES);
    const keys = [await wrapMessageKey(key, target)];
    const again = { ...node(), former: [node(), ear] };
    const opened = await unwrapMessageKey(again, { id, talker, keys });
    assert.deepEqual(Buffer.concat([opened.masterKey, opened.masterSalt]), key);
    const mixed = { ...again, former: [{ nodeId: ear.nodeId, hpkeKey: again.hpkeKey }] };
    await assert.rejects(unwrapMessageKey(mixed, { id, talker, keys }), { code: 'bad-message-key' });
  });

  it('are bound to their message and talker', async () => {
    const keys = [await wrapMessageKey(randomBytes(MESSAGE_KEY_BYTES), target)];
    await assert.rejects(unwrapMessageKey(ear, { id: newMessageId(), talker, keys }), {
      code: 'bad-message-key',
    });
    await assert.rejects(unwrapMessageKey(ear, { id, talker: node().nodeId, keys }), {
      code: 'bad-message-key',
    });
  });

  it('do not open when a byte changed', async () => {
    const wrapped = await wrapMessageKey(randomBytes(MESSAGE_KEY_BYTES), target);
    for (const field of ['enc', 'sealed'] as const) {
      const bytes = fromBase64url(wrapped[field]);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      const keys = [{ ...wrapped, [field]: toBase64url(bytes) }];
      await assert.rejects(unwrapMessageKey(ear, { id, talker, keys }), { code: 'bad-message-key' }, field);
    }
  });

  it('use a prepared wrap for one message only', async () => {
    const prepared = await prepareWrap(ear.hpkePublicKey);
    const first = await wrapMessageKey(randomBytes(MESSAGE_KEY_BYTES), { ...target, prepared });
    const second = await wrapMessageKey(randomBytes(MESSAGE_KEY_BYTES), { ...target, prepared });
    assert.notEqual(first.enc, second.enc);
    await unwrapMessageKey(ear, { id, talker, keys: [first] });
    await unwrapMessageKey(ear, { id, talker, keys: [second] });
  });

  it('pass over a wrap prepared for another key', async () => {
    const prepared = await prepareWrap(node().hpkePublicKey);
    const wrapped = await wrapMessageKey(randomBytes(MESSAGE_KEY_BYTES), { ...target, prepared });
    await unwrapMessageKey(ear, { id, talker, keys: [wrapped] });
  });

  it('refuse a recipient key that is no point of P-256', async () => {
    for (const recipientHpkeKey of [Buffer.alloc(65), Buffer.alloc(65, 4), Buffer.alloc(3)]) {
      await assert.rejects(prepareWrap(recipientHpkeKey), { code: 'bad-hpke-key' });
    }
  });
});

describe('the HPKE suite', () => {
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  // RFC 9180 appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0.
  const info = hex('4f6465206f6e2061204772656369616e2055726e');
  const ikmE = hex('4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e');
  const ikmR = hex('668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550');
  const pkRm = hex(
    '04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0',
  );
  const skRm = hex('f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2');
  const enc = hex(
    '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
  );
  const aad = hex('436f756e742d30');
  const plaintext = hex('4265617574792069732074727574682c20747275746820626561757479');
  const ciphertext = hex(
    '5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434',
  );

  it('seals as RFC 9180 A.3.1 does', async () => {
    const { kem } = hpkeSuite;
    const recipient = await kem.deriveKeyPair(ikmR);
    assert.deepEqual(Buffer.from(await kem.serializePublicKey(recipient.publicKey)), pkRm);
    const ephemeral = await kem.deriveKeyPair(ikmE);
    const context = await hpkeSuite.createSenderContext({
      recipientPublicKey: recipient.publicKey,
      info,
      ekm: ephemeral,
    });
    assert.deepEqual(Buffer.from(context.enc), enc);
    assert.deepEqual(Buffer.from(await context.seal(plaintext, aad)), ciphertext);
    assert.equal(
      Buffer.from(await context.export(new Uint8Array(0), 32)).toString('hex'),
      '5e9bc3d236e1911d95e65b576a8a86d478fb827e8bdfe77b741b289890490d4d',
    );
  });

  it('opens what RFC 9180 A.3.1 sealed, with the key read the way an identity is', async () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: toBase64url(pkRm.subarray(1, 33)),
      y: toBase64url(pkRm.subarray(33)),
      d: toBase64url(skRm),
    };
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    const recipientKey = await hpkeSuite.kem.importKey(
      'jwk',
      key.export({ format: 'jwk' }) as JsonWebKey,
      false,
    );
    const opened = await hpkeSuite.open({ recipientKey, enc, info }, ciphertext, aad);
    assert.deepEqual(Buffer.from(opened), plaintext);
    await assert.rejects(hpkeSuite.open({ recipientKey, enc, info }, ciphertext, hex('436f756e742d31')));
  });
});

describe('keys of calls', () => {
  const [speaker, listener] = [node(), node()];
  const call = newMessageId() as string as CallId;
  const binding = { call, speaker: speaker.nodeId, listener: listener.nodeId };
  const key = randomBytes(MESSAGE_KEY_BYTES);
  const wrap = () => wrapCallKey(key, { ...binding, listenerHpkeKey: listener.hpkePublicKey });

  it('open for the listener, and for nothing but their direction of that call', async () => {
    const wrapped = await wrap();
    assert.ok(v.is(callKeySchema, { ssrc: 1, ...wrapped }));
    const opened = await unwrapCallKey(listener, wrapped, binding);
    assert.deepEqual(Buffer.concat([opened.masterKey, opened.masterSalt]), key);
    for (const [who, moved] of [
      [speaker, binding],
      [listener, { ...binding, call: newMessageId() as string as CallId }],
      [listener, { ...binding, speaker: listener.nodeId, listener: speaker.nodeId }],
    ] as const)
      await assert.rejects(unwrapCallKey(who, wrapped, moved), { code: 'bad-call-key' });
  });

  it('are no keys of messages, nor the other way', async () => {
    const id = newMessageId();
    const wrapped = { node: listener.nodeId, ...(await wrap()) };
    const header = { id: call as string as typeof id, talker: speaker.nodeId, keys: [wrapped] };
    await assert.rejects(unwrapMessageKey(listener, header), { code: 'bad-message-key' });
    const target = { id, talker: speaker.nodeId, recipient: listener.nodeId };
    const ofMessage = await wrapMessageKey(key, { ...target, recipientHpkeKey: listener.hpkePublicKey });
    const moved = { ...binding, call: id as string as CallId };
    await assert.rejects(unwrapCallKey(listener, ofMessage, moved), { code: 'bad-call-key' });
  });
});
