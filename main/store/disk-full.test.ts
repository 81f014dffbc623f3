import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { Trouble } from './index.ts';
import { keep, openStore, signed, speak } from './test-office.ts';

/** Mounts a disk of 256 KiB; a reason if that is not possible here. */
function mountSmallDisk(): { path: string } | { reason: string } {
  const path = mkdtempSync(join(tmpdir(), 'corridor-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'pipe' });
    return { path };
  } catch {
    rmdirSync(path);
    return { reason: 'a small disk can only be mounted by root' };
  }
}

function unmount(path: string): void {
  execFileSync('umount', [path]);
  rmdirSync(path);
}

void test('a full disk is told, loses nothing, never reports complete, and what waited is written later', async (t) => {
  const disk = mountSmallDisk();
  if ('reason' in disk) {
    t.skip(disk.reason);
    return;
  }
  try {
    const store = await openStore(disk.path, { schedule: () => () => undefined, maxWaitingBytes: 100_000 });
    const early = speak(50);
    await keep(store, early);
    const filler = join(disk.path, 'filler');
    fill(filler);

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

    rmSync(filler);
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
  } finally {
    unmount(disk.path);
  }
});

void test('a disk that turns read-only is told in words, and the store goes on', async (t) => {
  const disk = mountSmallDisk();
  if ('reason' in disk) {
    t.skip(disk.reason);
    return;
  }
  try {
    const store = await openStore(disk.path, { schedule: () => () => undefined });
    const spoken = speak(100);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    execFileSync('mount', ['-o', 'remount,ro', disk.path]);
    store.append(spoken.id, spoken.fragments);
    assert.equal(await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest), 'unsaved');
    assert.equal(store.trouble?.code, 'read-only');
    execFileSync('mount', ['-o', 'remount,rw', disk.path]);
    assert.equal(await store.retry(), true);
    assert.equal(store.get(spoken.id)?.state, 'complete');
    await store.close();
  } finally {
    unmount(disk.path);
  }
});

function fill(path: string): void {
  for (let size = 256 * 1024; size >= 1024; size -= 4096) {
    try {
      writeFileSync(path, Buffer.alloc(size));
      return;
    } catch {
      // The next, smaller one may fit.
    }
  }
}
