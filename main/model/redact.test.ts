import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { redact } from './redact.ts';

test('no link and no key survives, in whatever sentence or data it stands', () => {
  const key = createHash('sha256').update('seed').digest();
  const code = key.subarray(0, 20).toString('base64url');
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    format: 'pem',
    type: 'pkcs8',
  });
  const secrets = [
    code,
    key.toString('hex'),
    key.toString('base64url'),
    key.subarray(0, 16).toString('hex'),
    String(jwk.d),
  ];
  const texts = [
    `joined by corridor://join/${code}`,
    `Error: bad link "CORRIDOR://join/${code}/".`,
    ...secrets.map((secret) => `{"key":"${secret}","v":1}`),
    ...secrets.map((secret) => `key=${secret}.`),
  ];
  for (const text of texts) {
    for (const secret of secrets) {
      assert.ok(!redact(text).includes(secret.slice(0, 8)), `${text} became ${redact(text)}`);
    }
  }
  const lines = String(pem).split('\n').slice(1, 3);
  for (const line of lines) assert.ok(!redact(`here: ${String(pem)}`).includes(line.slice(0, 8)));
});

test('of two thousand keys none survives, nor one whose letters are all of one case', () => {
  const seeded = (n: number) => createHash('sha256').update(String(n)).digest().subarray(0, 16);
  const keys = Array.from({ length: 2000 }, (_, n) => seeded(n).toString('base64url'));
  for (const key of [...keys, '9lup2-q1bc15w_iaj35cyg']) {
    assert.ok(!redact(`office ${key} left`).includes(key), key);
  }
});

test('what helps to understand stays', () => {
  const lines = [
    'The speaker "Built-in Audio Analog Stereo" was opened after 120 ms.',
    '    at CorridorNode.call (/home/dana/.config/corridor/app.asar/dist/desktop.cjs:1234:56)',
    'Speech cannot be sent or received on 192.168.1.20:47021 (EADDRNOTAVAIL). Choose another network address.',
    'alsa_output.pci-0000_00_1f.3.analog-stereo',
  ];
  for (const line of lines) assert.equal(redact(line), line);
});
