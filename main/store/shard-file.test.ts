import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { nodePorts } from '../model/index.ts';
import { ShardFile, SHARD_VERSION } from './shard-file.ts';
import { localSchema } from './stored-message.ts';
import { keep, openStore, speak, testInFolder } from './test-office.ts';

const FIXTURE_V1 = new URL('./fixtures/shard-v1.json', import.meta.url);

testInFolder('an index file of version 1 is read', async (folder) => {
  const path = join(folder, 'shard.json');
  await writeFile(path, await readFile(FIXTURE_V1));
  const shard = await new ShardFile(nodePorts, path).read();
  assert.equal(shard.version, SHARD_VERSION);
  assert.equal(shard.messages[0]?.local.number, '4821');
  assert.equal(shard.messages[0]?.receipts.length, 1);
  assert.equal(shard.deleted.length, 1);
});

void test('peaks kept as numbers, as they were meant to be at first, are read as bytes', () => {
  const peaks = (value: unknown) => v.safeParse(localSchema, { peaks: value });
  assert.deepEqual(peaks([0, 0.5, 1]).output, { peaks: Buffer.from([0, 127, 255]).toString('base64') });
  assert.deepEqual(peaks('AAH/').output, { peaks: 'AAH/' });
  for (const nonsense of ['no base64!', 7, ['loud'], 'A'.repeat(100_000)])
    assert.equal(peaks(nonsense).success, false);
});

testInFolder(
  'an index written by a newer Corridor is set aside, and made again from the messages',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(4);
    await keep(store, spoken, { mine: 'recipient' });
    store.setLocal(spoken.id, { heard: 77 });
    await store.retry();
    const before = store.list();
    await store.close();
    const path = join(folder, 'index', '000001.json');
    const content = '{"version":99,"messages":{}}';
    await writeFile(path, content);
    const again = await openStore(folder);
    assert.deepEqual(again.list(), before);
    assert.deepEqual(
      again.setAsides.map(({ phrase }) => phrase),
      [{ code: 'index-remade', details: { path, isNewer: true } }],
    );
    await again.close();
    assert.equal(await readFile(`${path}.newer`, 'utf8'), content);
    const third = await openStore(folder);
    assert.deepEqual(third.setAsides, []);
    assert.deepEqual(third.list(), before);
    await third.close();
  },
);

testInFolder('an index in which a letter changed is set aside', async (folder) => {
  const store = await openStore(folder);
  const spoken = speak(4);
  await keep(store, spoken, { mine: 'recipient' });
  store.setLocal(spoken.id, { heard: 77 });
  await store.retry();
  await store.close();
  const path = join(folder, 'index', '000001.json');
  const text = await readFile(path, 'utf8');
  assert.ok(text.includes('"heard":77'));
  await writeFile(path, text.replace('"heard":77', '"heard":78'));
  const again = await openStore(folder);
  assert.equal(again.get(spoken.id)?.local.heard, 77, 'as the message has it');
  assert.equal(again.setAsides[0]?.code, 'index-remade');
  await again.close();
});
