import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, testInFolder } from './test-office.ts';

/** The id of the store in the folder, as it is opened. */
async function idOf(folder: string): Promise<string> {
  const store = await openStore(folder);
  await store.close();
  return store.id;
}

testInFolder('a store has one id for its whole life, and a new store has another', async (folder) => {
  const id = await idOf(folder);
  assert.match(id, /^[\w-]{11}$/);
  assert.equal(await idOf(folder), id);
  await rm(folder, { recursive: true });
  assert.notEqual(await idOf(folder), id);
});

testInFolder('an id that cannot be read is set aside, and another made', async (folder) => {
  const id = await idOf(folder);
  await writeFile(join(folder, 'id.json'), '{"version":1,"id":"../../x"}');
  const next = await idOf(folder);
  assert.notEqual(next, id);
  assert.match(await readFile(join(folder, 'id.json.damaged'), 'utf8'), /x/);
  assert.equal(await idOf(folder), next);
});
