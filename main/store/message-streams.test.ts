import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../test/support/hand-time.ts';
import { nextTurn, type Fragment } from '../model/index.ts';
import { assertSame, openStore, signed, speak, testInFolder } from './test-office.ts';

testInFolder(
  'a stream that begins late delivers everything once, in order, with back-pressure, and a filled gap when it is there',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(900);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    store.append(
      spoken.id,
      spoken.fragments.slice(0, 400).filter(({ n }) => n !== 100),
    );
    await store.retry();
    const got: number[] = [];
    const bytes = new Map<number, Uint8Array>();
    let running = 0;
    const stream = store.stream(spoken.id, 0, async (fragments) => {
      assert.equal(++running, 1);
      for (const fragment of fragments) {
        got.push(fragment.n);
        bytes.set(fragment.n, fragment.bytes);
      }
      // A stream that does not wait for its listener delivers again within this turn.
      await nextTurn();
      running--;
    });
    for (let from = 400; from < 900; from += 20) {
      store.append(spoken.id, spoken.fragments.slice(from, from + 20));
      if (from === 600) store.append(spoken.id, spoken.fragments.slice(100, 101));
      await until(() => got.length === store.get(spoken.id)?.held, 'what arrived is delivered');
    }
    await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest);
    assert.equal(await stream.done, 'all');
    assert.equal(got.length, 900);
    assert.deepEqual(
      got.filter((n) => n !== 100),
      spoken.fragments.map(({ n }) => n).filter((n) => n !== 100),
    );
    assert.ok(got.indexOf(100) > got.indexOf(400));
    for (const fragment of spoken.fragments)
      assert.deepEqual(Buffer.from(bytes.get(fragment.n)!), fragment.bytes);

    const later: number[] = [];
    assert.equal(
      await store.stream(spoken.id, 850, (f) => void later.push(...f.map(({ n }) => n))).done,
      'all',
    );
    assert.deepEqual(
      later,
      Array.from({ length: 50 }, (_, n) => 850 + n),
    );
    await store.close();
  },
);

testInFolder(
  'live fragments are delivered before they are on disk, and a stream ends when it is stopped',
  async (folder) => {
    const store = await openStore(folder, { schedule: () => () => undefined });
    const spoken = speak(5);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    const got: Fragment[] = [];
    const stream = store.stream(spoken.id, 0, (fragments) => void got.push(...fragments));
    store.append(spoken.id, spoken.fragments);
    await new Promise(setImmediate);
    assertSame(got, spoken.fragments);
    assert.deepEqual(await readdir(join(folder, 'messages')), []);
    stream.stop();
    assert.equal(await stream.done, 'stopped');
    const deleted = store.stream(spoken.id, 0, () => undefined);
    await store.delete(spoken.id);
    assert.equal(await deleted.done, 'deleted');
    await store.close();
  },
);
