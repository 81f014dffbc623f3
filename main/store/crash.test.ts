import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fragment, MessageId } from '../model/index.ts';
import { EVE, keep, openStore, receiptOf, signed, speak, testInFolder } from './test-office.ts';

const CHILD = fileURLToPath(new URL('./crash.child.ts', import.meta.url));

for (const { messages, fragments } of [
  { messages: 1, fragments: 20 },
  { messages: 3, fragments: 200 },
  { messages: 5, fragments: 400 },
]) {
  testInFolder(
    `killed after ${messages} messages and ${fragments} fragments, the store opens and has all it called complete`,
    async (folder) => {
      const child = spawn(process.execPath, [CHILD, folder, String(messages), String(fragments)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let told = '';
      child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
      const [, signal] = (await once(child, 'close')) as [number | null, string | null];
      assert.equal(signal, 'SIGKILL');

      const store = await openStore(folder);
      const lines = told.split('\n').slice(0, -1);
      assert.equal(lines.length, messages);
      for (const line of lines) {
        const [completion, id, hash] = line.split(' ');
        assert.equal(completion, 'complete');
        assert.equal(store.get(id as MessageId)?.state, 'complete');
        assert.equal(hashOf(await store.read(id as MessageId, 0, 1000)), hash);
      }
      for (const message of store.list()) {
        const missing = store.missing(message.id).reduce((sum, { from, to }) => sum + to - from, 0);
        const count = message.manifest?.facts.count;
        if (count !== undefined) assert.equal(message.held + missing, count);
      }
      await store.close();
    },
  );
}

testInFolder('a file cut in the middle of a record loses that fragment only, and says so', async (folder) => {
  const spoken = speak(100);
  await writeWhole(folder, spoken);
  const path = await onlyFile(folder);
  await truncate(path, await insideLastFragment(path, spoken.fragments));
  const store = await openStore(folder);
  assert.ok(store.findings.some((sentence) => sentence.includes('cut off')));
  assert.equal(store.get(spoken.id)?.state, 'incomplete');
  assert.deepEqual(store.missing(spoken.id), [{ from: 99, to: 100 }]);
  const complete = new Promise((resolve) => store.on('complete', resolve));
  assert.equal(store.append(spoken.id, spoken.fragments), 1);
  await complete;
  assert.equal(hashOf(await store.read(spoken.id, 0, 1000)), spoken.manifest.hash);
  await store.close();
});

testInFolder(
  'a flipped byte anywhere never gives wrong data, and the message can be mended',
  async (folder) => {
    const spoken = speak(60);
    await writeWhole(folder, spoken);
    const path = await onlyFile(folder);
    const sound = await readFile(path);
    for (let at = 3; at < sound.length; at += 211) {
      const flipped = Buffer.from(sound);
      flipped[at]! ^= 0x40;
      await writeFile(path, flipped);
      const store = await openStore(folder);
      const held = await store.read(spoken.id, 0, 1000);
      for (const { n, bytes } of held) assert.deepEqual(Buffer.from(bytes), spoken.fragments[n]!.bytes);
      if (held.length < 60) {
        assert.equal(store.get(spoken.id)?.state, 'incomplete');
        const complete = new Promise((resolve) => store.on('complete', resolve));
        store.append(spoken.id, spoken.fragments);
        await complete;
      }
      assert.equal(hashOf(await store.read(spoken.id, 0, 1000)), spoken.manifest.hash);
      await store.close();
    }
  },
);

testInFolder('damaged index files are put aside and rebuilt from the messages', async (folder) => {
  const store = await openStore(folder);
  const spoken = Array.from({ length: 70 }, () => speak(4));
  for (const one of spoken) await keep(store, one, { mine: 'recipient' });
  const receipt = receiptOf(spoken[0]!.id, EVE, 'heard');
  store.setReceipt(signed(receipt), receipt);
  store.setLocal(spoken[0]!.id, { heard: 77 });
  await store.retry();
  const before = store.list();
  await store.close();
  const index = join(folder, 'index');
  await writeFile(join(index, '000001.json'), '{"version":1,"messages":[{"id":"no');
  const again = await openStore(folder);
  assert.equal(again.findings.length, 1);
  assert.ok((await readdir(index)).includes('000001.json.damaged'));
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  assert.deepEqual(again.list().sort(byId), before.sort(byId));
  await again.close();
  const third = await openStore(folder);
  assert.deepEqual(third.findings, []);
  assert.equal(third.list().length, 70);
  await third.close();
});

testInFolder('a message whose file is gone is told and fetched again', async (folder) => {
  const spoken = speak(20);
  await writeWhole(folder, spoken);
  await unlink(await onlyFile(folder));
  const store = await openStore(folder);
  assert.equal(store.findings.length, 1);
  assert.deepEqual(store.missing(spoken.id), [{ from: 0, to: 20 }]);
  const complete = new Promise((resolve) => store.on('complete', resolve));
  store.append(spoken.id, spoken.fragments);
  await complete;
  await store.close();
});

async function writeWhole(folder: string, spoken: ReturnType<typeof speak>): Promise<void> {
  const store = await openStore(folder);
  await keep(store, spoken);
  await store.close();
}

async function onlyFile(folder: string): Promise<string> {
  const [name] = await readdir(join(folder, 'messages'));
  assert.ok(name);
  return join(folder, 'messages', name);
}

async function insideLastFragment(path: string, fragments: readonly Fragment[]): Promise<number> {
  const { bytes } = fragments[fragments.length - 1]!;
  return (await readFile(path)).indexOf(bytes) + Math.floor(bytes.length / 2);
}

function hashOf(fragments: readonly Fragment[]): string {
  const hash = createHash('sha256');
  for (const { bytes } of fragments) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest('base64url');
}
