import assert from 'node:assert/strict';
import { createDecipheriv, randomBytes, webcrypto } from 'node:crypto';
import { test } from 'node:test';
import { fromBase64url, newMessageId, type NodeId } from '../model/index.ts';
import { openMessageKey, sealMessageKey, SENDER_KEY_BYTES } from './sender-key.ts';

const talker = 'A'.repeat(22) as NodeId;
const sheet = 'B'.repeat(43);

test('a message’s key opens under its sender key, and for that message, talker and sheet alone', () => {
  const senderKey = randomBytes(SENDER_KEY_BYTES);
  const key28 = randomBytes(28);
  const binding = { id: newMessageId(), talker, sheet };
  const sealed = sealMessageKey(key28, senderKey, binding);
  assert.equal(fromBase64url(sealed).length, 44);
  assert.deepEqual(openMessageKey(sealed, senderKey, binding), key28);
  for (const other of [
    { ...binding, id: newMessageId() },
    { ...binding, talker: 'C'.repeat(22) as NodeId },
    { ...binding, sheet: 'D'.repeat(43) },
  ])
    assert.throws(() => openMessageKey(sealed, senderKey, other));
  assert.throws(() => openMessageKey(sealed, randomBytes(SENDER_KEY_BYTES), binding));
});

test('two messages under one sender key share neither key nor nonce', () => {
  const senderKey = randomBytes(SENDER_KEY_BYTES);
  const key28 = randomBytes(28);
  const sealed = [1, 2].map(() => sealMessageKey(key28, senderKey, { id: newMessageId(), talker, sheet }));
  assert.notEqual(sealed[0], sealed[1]);
});

test('it is HKDF-SHA-256 and AES-128-GCM, as another implementation has them', async () => {
  const senderKey = randomBytes(SENDER_KEY_BYTES);
  const key28 = randomBytes(28);
  const id = newMessageId();
  const sealed = fromBase64url(sealMessageKey(key28, senderKey, { id, talker, sheet }));
  const base = await webcrypto.subtle.importKey('raw', senderKey, 'HKDF', false, ['deriveBits']);
  const info = Buffer.from(`corridor sender key v1|${talker}|${sheet}`);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: fromBase64url(id), info };
  const bits = Buffer.from(await webcrypto.subtle.deriveBits(derivation, base, 28 * 8));
  const decipher = createDecipheriv('aes-128-gcm', bits.subarray(0, 16), bits.subarray(16));
  decipher.setAuthTag(sealed.subarray(28));
  assert.deepEqual(Buffer.concat([decipher.update(sealed.subarray(0, 28)), decipher.final()]), key28);
});
