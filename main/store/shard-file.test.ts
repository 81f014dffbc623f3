import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import * as v from 'valibot';
import { CorridorError, nodePorts } from '../model/index.ts';
import { migrate, ShardFile, SHARD_VERSION } from './shard-file.ts';
import { localSchema } from './stored-message.ts';
import { openStore, testInFolder } from './test-office.ts';

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

testInFolder('an index written by a newer Corridor is refused and left alone', async (folder) => {
  await (await openStore(folder)).close();
  const path = join(folder, 'index', '000001.json');
  const content = '{"version":99,"messages":{}}';
  await writeFile(path, content);
  await assert.rejects(
    openStore(folder),
    (e: unknown) => e instanceof CorridorError && e.code === 'newer-store',
  );
  assert.equal(await readFile(path, 'utf8'), content);
});

void test('content is brought up version by version, and nonsense is refused', () => {
  const steps = {
    1: (content: Record<string, unknown>) => ({ ...content, second: true }),
    2: (content: Record<string, unknown>) => ({ ...content, third: content['second'] }),
  };
  assert.deepEqual(migrate({ version: 1 }, 3, steps), { version: 3, second: true, third: true });
  assert.throws(() => migrate({ version: 1 }, 4, steps));
  for (const nonsense of [null, [], 7, {}, { version: 'one' }, { version: 0 }])
    assert.throws(() => migrate(nonsense));
});
