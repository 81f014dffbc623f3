import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CorridorError, isSignedBy, nodeIdOf, nodePorts } from '../model/index.ts';
import { IDENTITY_FILE, loadOrCreateIdentity } from './identity.ts';

describe('loadOrCreateIdentity', () => {
  const base = tempFolder('identity');

  it('makes an identity once and gives the same ever after', async () => {
    const dir = join(base, 'new', 'profile');
    const first = await loadOrCreateIdentity(dir);
    const second = await loadOrCreateIdentity(dir);
    assert.equal(first.nodeId, nodeIdOf(first.signingKeySpki));
    assert.equal(second.nodeId, first.nodeId);
    assert.deepEqual(second.hpkePublicKey, first.hpkePublicKey);
    assert.equal(first.signingKeySpki.length, 91);
    assert.equal(first.hpkePublicKey.length, 65);
    assert.equal(first.hpkePublicKey[0], 4);
    assert.ok(isSignedBy(first.sign({ a: 1 }), second.signingKeySpki));
    assert.deepEqual(await readdir(dir), [IDENTITY_FILE]);
  });

  it('carries its signing key in a certificate that names nobody', async () => {
    const identity = await loadOrCreateIdentity(join(base, 'certificate'));
    const certificate = new X509Certificate(identity.certificatePem);
    assert.equal(certificate.subject, 'CN=corridor');
    assert.ok(certificate.verify(certificate.publicKey));
    assert.deepEqual(
      certificate.publicKey.export({ type: 'spki', format: 'der' }),
      Buffer.from(identity.signingKeySpki),
    );
  });

  it('agrees on one identity when two start at once', async () => {
    const dir = join(base, 'race');
    const identities = await Promise.all([1, 2, 3].map(() => loadOrCreateIdentity(dir)));
    assert.equal(new Set(identities.map(({ nodeId }) => nodeId)).size, 1);
    assert.deepEqual(await readdir(dir), [IDENTITY_FILE]);
  });

  it(
    'keeps rights to the owner, repairs loose ones and says so',
    { skip: process.platform === 'win32' },
    async () => {
      const dir = join(base, 'rights');
      await loadOrCreateIdentity(dir);
      const path = join(dir, IDENTITY_FILE);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal((await stat(dir)).mode & 0o777, 0o700);
      await chmod(path, 0o644);
      await chmod(dir, 0o755);
      const told: string[] = [];
      await loadOrCreateIdentity(dir, (sentence) => told.push(sentence));
      assert.equal(told.length, 2);
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal((await stat(dir)).mode & 0o777, 0o700);
    },
  );

  it('has other keys ready until an office lets them in, and then opens with the old ones still', async () => {
    const dir = join(base, 'successor');
    const identity = await loadOrCreateIdentity(dir);
    const { nodeId: before, hpkeKey } = identity;
    const next = await identity.successor();
    assert.notEqual(next.nodeId, before);
    assert.equal(identity.nodeId, before);
    const restarted = await loadOrCreateIdentity(dir);
    assert.equal((await restarted.successor()).nodeId, next.nodeId, 'the power failed meanwhile');
    await restarted.succeed();
    for (const one of [restarted, await loadOrCreateIdentity(dir)]) {
      assert.equal(one.nodeId, next.nodeId);
      assert.ok(isSignedBy(one.sign({ a: 1 }), next.signingKeySpki));
      assert.deepEqual(one.hpkePublicKey, next.hpkePublicKey);
      assert.deepEqual(
        one.former.map(({ nodeId, hpkeKey: key }) => [nodeId, key.equals(hpkeKey)]),
        [[before, true]],
      );
      assert.notEqual((await one.successor()).nodeId, next.nodeId);
    }
  });

  it('is who it was where the disk takes no other keys', async () => {
    const dir = join(base, 'full');
    const { nodeId } = await loadOrCreateIdentity(dir);
    const disk = { ...nodePorts.disk, rename: () => Promise.reject(new Error('ENOSPC')) };
    const identity = await loadOrCreateIdentity(dir, undefined, { ...nodePorts, disk });
    await assert.rejects(identity.successor(), { code: 'statement-not-saved' });
    await identity.succeed();
    assert.equal(identity.nodeId, nodeId);
  });

  it('opens the file of version 0.1', async () => {
    const dir = join(base, 'former');
    const { nodeId } = await loadOrCreateIdentity(dir);
    const path = join(dir, IDENTITY_FILE);
    const { former: _, ...keys } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...keys, version: 1 }));
    const opened = await loadOrCreateIdentity(dir);
    assert.deepEqual([opened.nodeId, opened.former], [nodeId, []]);
  });

  it('refuses a file in which a bit of a key changed: nothing sealed for that key would open', async () => {
    const dir = join(base, 'flipped');
    await loadOrCreateIdentity(dir);
    const path = join(dir, IDENTITY_FILE);
    const whole = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    for (const name of ['signingKey', 'hpkeKey', 'certificate'])
      for (const at of [0.35, 0.5, 0.9]) {
        const [begin, body, end] = whole[name]!.split(/(?<=-----\n)|(?=-----END)/);
        const der = Buffer.from(body!, 'base64');
        der[Math.floor(der.length * at)]! ^= 1;
        await writeFile(
          path,
          JSON.stringify({ ...whole, [name]: `${begin}${der.toString('base64')}\n${end}` }),
        );
        await assert.rejects(loadOrCreateIdentity(dir), { code: 'identity-damaged' }, `${name} ${at}`);
      }
  });

  it('refuses a damaged file in plain words and leaves it alone', async () => {
    const dir = join(base, 'damaged');
    await loadOrCreateIdentity(dir);
    const path = join(dir, IDENTITY_FILE);
    const whole = await readFile(path, 'utf8');
    const foreign = await loadOrCreateIdentity(join(base, 'foreign'));
    const damages = {
      empty: '',
      cut: whole.slice(0, 300),
      'not JSON': '\0'.repeat(500),
      'newer version': whole.replace('"version": 2', '"version": 3'),
      'another certificate': JSON.stringify({ ...JSON.parse(whole), certificate: foreign.certificatePem }),
      'no key': JSON.stringify({ ...JSON.parse(whole), hpkeKey: 'nothing' }),
    };
    for (const [name, text] of Object.entries(damages)) {
      await truncate(path);
      await writeFile(path, text);
      await assert.rejects(
        loadOrCreateIdentity(dir),
        (error) =>
          error instanceof CorridorError && error.code === 'identity-damaged' && error.message.includes(path),
        name,
      );
      assert.equal(await readFile(path, 'utf8'), text, name);
    }
  });
});
