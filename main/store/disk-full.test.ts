import assert from 'node:assert/strict';
import test from 'node:test';
import { SmallDisk } from '../../test/support/small-disk.ts';
import type { Trouble } from './index.ts';
import { keep, openStore, signed, speak } from './test-office.ts';

/** A test with a disk of its own of 256 KiB. It is skipped where only root may mount one. */
function testOnSmallDisk(name: string, body: (disk: SmallDisk) => Promise<void>): void {
  void test(name, async (t) => {
    const disk = SmallDisk.mount('256k');
    if (typeof disk === 'string') {
      t.skip(disk);
      return;
    }
    t.after(() => disk.unmount());
    await body(disk);
  });
}

testOnSmallDisk(
  'a full disk is told, loses nothing, never reports complete, and what waited is written later',
  async (disk) => {
    const store = await openStore(disk.path, { schedule: () => () => undefined, maxWaitingBytes: 100_000 });
    const early = speak(50);
    await keep(store, early);
    disk.fill();

    const troubles: Trouble[] = [];
    const completed: string[] = [];
    let recovered = 0;
    store.on('trouble', (trouble) => troubles.push(trouble));
    store.on('complete', (id) => completed.push(id));
    store.on('recovered', () => recovered++);
    const spoken = speak(600);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    assert.equal(store.append(spoken.id, spoken.fragments), 600);
    assert.equal(await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest), 'unsaved');
    assert.equal(troubles[0]?.code, 'disk-full');
    assert.match(troubles[0].sentence, /full/);
    assert.equal(store.get(spoken.id)?.state, 'incomplete');
    assert.deepEqual(store.missing(spoken.id), []);
    assert.equal((await store.read(spoken.id, 0, 1000)).length, 600);
    assert.equal((await store.read(early.id, 0, 1000)).length, 50);
    assert.equal(await store.retry(), false);

    const tooMuch = speak(1000);
    store.begin(signed(tooMuch.header), tooMuch.header, { keeps: true });
    const taken = store.append(tooMuch.id, tooMuch.fragments);
    assert.ok(taken > 0 && taken < 1000);
    assert.equal(store.trouble?.code, 'memory-full');
    await store.delete(tooMuch.id);

    disk.makeRoom();
    assert.equal(await store.retry(), true);
    assert.deepEqual(completed, [spoken.id]);
    assert.equal(recovered, 1);
    assert.equal(store.trouble, undefined);
    await store.close();
    const again = await openStore(disk.path);
    assert.deepEqual(again.findings, []);
    assert.equal(again.get(spoken.id)?.state, 'complete');
    assert.equal((await again.read(spoken.id, 0, 1000)).length, 600);
    assert.equal(again.wasDeleted(tooMuch.id), true);
    await again.close();
  },
);

testOnSmallDisk('a disk that turns read-only is told in words, and the store goes on', async (disk) => {
  const store = await openStore(disk.path, { schedule: () => () => undefined });
  const spoken = speak(100);
  store.begin(signed(spoken.header), spoken.header, { keeps: true });
  disk.setReadOnly(true);
  store.append(spoken.id, spoken.fragments);
  assert.equal(await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest), 'unsaved');
  assert.equal(store.trouble?.code, 'read-only');
  disk.setReadOnly(false);
  assert.equal(await store.retry(), true);
  assert.equal(store.get(spoken.id)?.state, 'complete');
  await store.close();
});
