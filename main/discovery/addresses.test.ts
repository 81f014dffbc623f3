import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CorridorError, type NodeId } from '../model/index.ts';
import { DEFAULT_BEAT_PORT, parseAddress, SavedAddresses } from './index.ts';

const node = (letter: string) => `${letter.repeat(21)}A` as NodeId;

describe('an address given by hand', () => {
  it('is a host with or without a port', () => {
    assert.deepEqual(parseAddress(' 192.168.1.20 '), { host: '192.168.1.20', port: DEFAULT_BEAT_PORT });
    assert.deepEqual(parseAddress('dana.local:5000'), { host: 'dana.local', port: 5000 });
    assert.deepEqual(parseAddress('[fe80::1]:5000'), { host: 'fe80::1', port: 5000 });
    assert.deepEqual(parseAddress('fe80::1'), { host: 'fe80::1', port: DEFAULT_BEAT_PORT });
  });

  it('is refused with a sentence if it is no address', () => {
    const bad = [
      '',
      ':5',
      'a b',
      '1.2.3',
      '1.2.3.4:0',
      '1.2.3.4:65536',
      '1.2.3.4:x',
      '[dana]:5',
      'a:1:2',
      '-a',
      'x'.repeat(400),
    ];
    for (const text of bad) {
      assert.throws(
        () => parseAddress(text),
        (error) =>
          error instanceof CorridorError && error.code === 'bad-address' && /Write it as/.test(error.message),
        text,
      );
    }
  });
});

describe('saved addresses', () => {
  it('are read as they were written; a damaged file is set aside', async () => {
    const folder = tempFolder('addresses');
    const file = join(folder, 'addresses.json');
    const { addresses } = await SavedAddresses.load(file);
    addresses.see({ node: node('a'), address: '10.0.0.1', beatPort: 5000, seenAt: 1 });
    addresses.see({ node: node('b'), address: '10.0.0.2', beatPort: 5000, seenAt: 2 });
    addresses.give('dana.local');
    addresses.give('dana.local');
    await addresses.save();
    const again = await SavedAddresses.load(file);
    assert.equal(again.trouble, undefined);
    assert.deepEqual(again.addresses.seen, addresses.seen);
    assert.equal(again.addresses.seen[0]?.node, node('b'));
    assert.deepEqual(again.addresses.given, [{ host: 'dana.local', port: DEFAULT_BEAT_PORT }]);

    await writeFile(file, (await readFile(file, 'utf8')).slice(0, -9));
    const damaged = await SavedAddresses.load(file);
    assert.equal(damaged.trouble?.code, 'addresses-damaged');
    assert.deepEqual(damaged.addresses.seen, []);
    assert.deepEqual(await readdir(folder), ['addresses.json.damaged']);
  });

  it('are a thousand at most, without the one heard longest ago, and no text that is no address', async () => {
    const { addresses } = await SavedAddresses.load('/nonexistent/addresses.json');
    for (let n = 0; n < 1010; n += 1) {
      addresses.see({
        node: `${String(n).padStart(21, '0')}A` as NodeId,
        address: '10.0.0.1',
        beatPort: 5,
        seenAt: n,
      });
    }
    assert.equal(addresses.seen.length, 1000);
    assert.equal(addresses.seen[999]?.seenAt, 10);
    assert.throws(() => addresses.see({ node: node('a'), address: 'x', beatPort: 5, seenAt: 1 }));
    await assert.rejects(addresses.save());
  });
});
