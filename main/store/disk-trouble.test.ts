import assert from 'node:assert/strict';
import test from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { Trouble } from './index.ts';
import { keep, openStore, signed, speak } from './test-office.ts';
import { FLUSH_MS, RETRY_MS } from './writer.ts';

const FOLDER = '/profile/store';
const MESSAGES = `${FOLDER}/messages`;

async function begin() {
  const disk = new SimulatedDisk();
  const time = new VirtualTime();
  const { clock, schedule } = time;
  const store = await openStore(FOLDER, { clock, schedule, disk, maxWaitingBytes: 100_000 });
  const troubles: Trouble['code'][] = [];
  const completed: string[] = [];
  store.on('trouble', ({ code }) => troubles.push(code));
  store.on('complete', (id) => completed.push(id));
  return { disk, time, store, troubles, completed };
}

void test('what a full disk does not take waits in memory, and is written by itself once there is room', async () => {
  const { disk, time, store, troubles, completed } = await begin();
  const early = speak(50);
  await keep(store, early);
  disk.capacityBytes = 30_000;
  const late = speak(600);
  store.begin(signed(late.header), late.header, { keeps: true });
  assert.equal(store.append(late.id, late.fragments), 600);
  assert.equal(await store.setManifest(late.id, signed(late.manifest), late.manifest), 'unsaved');
  assert.deepEqual(troubles, ['disk-full']);
  await time.advance(60_000);
  assert.deepEqual([store.get(late.id)?.state, store.missing(late.id)], ['incomplete', []]);
  assert.equal((await store.read(late.id, 0, 1000)).length, 600);
  assert.deepEqual(troubles, ['disk-full'], 'a trouble is reported once');

  const tooMuch = speak(1500);
  store.begin(signed(tooMuch.header), tooMuch.header, { keeps: true });
  const taken = store.append(tooMuch.id, tooMuch.fragments);
  assert.ok(taken > 0 && taken < 1500, String(taken));
  assert.equal(store.trouble?.code, 'memory-full');

  disk.capacityBytes = Infinity;
  await time.advance(RETRY_MS);
  assert.deepEqual([store.trouble, completed], [undefined, [early.id, late.id]]);
  const again = await openStore(FOLDER, { disk: disk.afterPowerFailure('lost') });
  assert.equal(again.get(late.id)?.state, 'complete');
  assert.equal((await again.read(late.id, 0, 1000)).length, 600);
});

void test('deleting, and its undo, are refused where the disk does not take them, and are as if nobody had tried', async () => {
  const { disk, time, store } = await begin();
  const spoken = speak(20);
  await keep(store, spoken, { mine: 'recipient' });
  await time.advance(RETRY_MS);
  const isShown = (where = store) => where.shown().some(({ id }) => id === spoken.id);
  const afterRestart = async () => {
    const again = await openStore(FOLDER, { disk: disk.afterPowerFailure('lost') });
    return isShown(again);
  };
  const refuseBy = {
    ENOSPC: () => void (disk.capacityBytes = 0),
    // What is written is taken, and the sync after it is not.
    EIO: () => disk.refuseAt(disk.operations + 2, 'EIO'),
  };
  for (const [name, refuse] of Object.entries(refuseBy)) {
    refuse();
    await assert.rejects(store.hide(spoken.id), { code: 'deletion-not-saved' }, name);
    assert.equal(isShown(), true, name);
    disk.capacityBytes = Infinity;
    await time.advance(RETRY_MS);
    assert.equal(await afterRestart(), true, name);

    assert.equal(await store.hide(spoken.id), true);
    refuse();
    await assert.rejects(store.restore(spoken.id), { code: 'deletion-not-saved' }, name);
    assert.equal(isShown(), false, name);
    disk.capacityBytes = Infinity;
    await time.advance(RETRY_MS);
    assert.equal(await afterRestart(), false, name);
    assert.equal(await store.restore(spoken.id), true);
    assert.equal(await afterRestart(), true, name);
  }
});

void test('a message whose file is gone, or is none any more, can be deleted once that was noticed', async () => {
  const spoken = speak(20);
  const harms: Record<string, (disk: SimulatedDisk, path: string) => unknown> = {
    gone: (disk, path) => disk.remove(path),
    damaged: (disk, path) =>
      disk.spoil(path, (content) => Buffer.concat([Buffer.alloc(16), content.subarray(16)])),
  };
  for (const [name, harm] of Object.entries(harms)) {
    const { disk, store } = await begin();
    await keep(store, spoken, { mine: 'recipient' });
    await store.close();
    const options = { disk, schedule: () => () => undefined };
    const opened = await openStore(FOLDER, options);
    const [file] = await disk.list(MESSAGES);
    await harm(disk, `${MESSAGES}/${file}`);
    await assert.rejects(opened.hide(spoken.id), { code: 'deletion-not-saved' }, name);
    await opened.retry();
    assert.equal(await opened.hide(spoken.id), true, name);
    assert.equal(await opened.retry(), true, name);
    assert.equal(opened.trouble, undefined, name);
    const again = await openStore(FOLDER, { ...options, disk: disk.afterPowerFailure('lost') });
    assert.deepEqual(again.shown(), [], name);
  }
});

void test('a file cut anywhere loses the fragments beyond the cut only, and can be completed', async () => {
  const { disk, store } = await begin();
  const spoken = speak(30);
  await keep(store, spoken);
  await store.close();
  const [name] = await disk.list(MESSAGES);
  const path = `${MESSAGES}/${name}`;
  const size = await disk.size(path);
  for (let cut = 0; cut < size; cut += 97) {
    const damaged = disk.afterPowerFailure('kept');
    damaged.spoil(path, (content) => content.subarray(0, cut));
    const opened = await openStore(FOLDER, { disk: damaged, schedule: () => () => undefined });
    for (const { n, bytes } of await opened.read(spoken.id, 0, 100))
      assert.deepEqual(Buffer.from(bytes), spoken.fragments[n]!.bytes);
    opened.append(spoken.id, spoken.fragments);
    const completion = await opened.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest);
    assert.equal(completion, 'complete', `cut at ${cut} of ${size}`);
    await opened.close();
  }
});

void test('a number given just before a crash, which the index does not know yet, is found and given to no other', async () => {
  const { disk, time, store } = await begin();
  const spoken = speak(3);
  await keep(store, spoken);
  store.begin(signed(spoken.header), spoken.header, { mine: 'recipient' });
  const number = store.get(spoken.id)!.local.number!;
  // The message's file is written by then, and the index is not.
  await time.advance(FLUSH_MS);
  const again = await openStore(FOLDER, { disk: disk.afterPowerFailure('kept') });
  assert.equal(again.findByNumber(number)?.id, spoken.id);
  const other = speak(3);
  await keep(again, other, { keeps: true });
  again.setLocal(other.id, { number });
  assert.equal(again.get(other.id)?.local.number, undefined);
  await again.close();
});
