import assert from 'node:assert/strict';
import test from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { nextTurn, type MessageId } from '../model/index.ts';
import type { Completion, StoreEvents } from './index.ts';
import { fileNameOf } from './file-names.ts';
import { assertWhole, EVE, openStore, receiptOf, signed, speak } from './test-office.ts';
import { FLUSH_MS, RETRY_MS } from './writer.ts';

const FOLDER = '/profile/store';

const pathOf = (id: MessageId) => `${FOLDER}/messages/${fileNameOf(id)}`;

/** A store on a disk in memory, and a message that Eve receives, of which nothing but the header is there. */
async function ground(count = 30) {
  const disk = new SimulatedDisk();
  const time = new VirtualTime();
  const { clock, schedule } = time;
  const store = await openStore(FOLDER, { clock, schedule, disk });
  const spoken = speak(count);
  const { id, fragments } = spoken;
  store.begin(signed(spoken.header), spoken.header, { mine: 'recipient' });
  const told: (keyof StoreEvents)[] = [];
  for (const name of ['complete', 'damaged', 'trouble', 'recovered'] as const)
    store.on(name, () => told.push(name));
  const end = (): Promise<Completion> => store.setManifest(id, signed(spoken.manifest), spoken.manifest);
  return { disk, time, store, spoken, id, fragments, told, end };
}

void test('what is called complete survives a power failure at that very moment', async () => {
  const { disk, store, spoken, id, fragments, end } = await ground();
  let left: SimulatedDisk | undefined;
  store.on('complete', () => (left = disk.afterPowerFailure('lost')));
  store.append(id, fragments);
  assert.equal(await end(), 'complete');
  assert.ok(left, 'it was told');
  const again = await openStore(FOLDER, { disk: left });
  assert.deepEqual(again.findings, []);
  await assertWhole(again, spoken);
  await again.close();
});

void test('it waits for what is missing, and is complete by itself when that arrives', async () => {
  const { time, store, spoken, id, fragments, told, end } = await ground();
  store.append(id, fragments.slice(1));
  assert.equal(await end(), 'missing');
  await time.advance(RETRY_MS);
  assert.equal(store.get(id)?.state, 'incomplete');
  assert.deepEqual(told, []);
  store.append(id, fragments.slice(0, 1));
  await time.advance(FLUSH_MS);
  await assertWhole(store, spoken);
  assert.deepEqual(told, ['complete']);
  assert.equal(await end(), 'complete');
  assert.deepEqual(told, ['complete'], 'it is told once');
});

void test('what is not what was spoken is thrown away, and what was said of it is kept', async () => {
  const { disk, time, store, spoken, id, fragments, told, end } = await ground();
  const receipt = receiptOf(id, EVE, 'received');
  store.setReceipt(signed(receipt), receipt);
  store.setLocal(id, { notifiedAt: 7 });
  const before = store.get(id);
  // Its listener takes its time: it still has the first ones when all of it is thrown away.
  const stream = store.stream(id, 0, () => new Promise(() => undefined));
  store.append(id, [{ n: 4, bytes: Buffer.from('not what Dana said') }, ...fragments]);
  assert.equal(await end(), 'damaged');
  assert.equal(await Promise.race([stream.done, nextTurn()]), 'damaged');
  assert.deepEqual(told, ['damaged']);
  assert.deepEqual(store.missing(id), [{ from: 0, to: 30 }]);
  await time.advance(FLUSH_MS);
  const again = await openStore(FOLDER, { disk: disk.afterPowerFailure('kept') });
  const kept = again.get(id);
  assert.deepEqual(
    [kept?.receipts, kept?.local, kept?.roles, kept?.held],
    [before?.receipts, before?.local, before?.roles, 0],
  );
  assert.equal(again.append(id, fragments), 30);
  assert.equal(await again.setManifest(id, signed(spoken.manifest), spoken.manifest), 'complete');
  await again.close();
});

void test('a piece that the disk spoiled is missing again and told of, and only that is fetched', async () => {
  const { disk, time, store, spoken, id, fragments, told, end } = await ground();
  store.append(id, fragments.slice(0, 29));
  await time.advance(FLUSH_MS);
  assert.equal(await end(), 'missing');
  disk.spoil(pathOf(id), (content) => {
    content[content.indexOf(fragments[12]!.bytes) + 3]! ^= 1;
    return content;
  });
  // The last one comes by itself: nobody waits for an answer.
  store.append(id, fragments.slice(29));
  await time.advance(FLUSH_MS);
  assert.deepEqual(told, ['damaged']);
  assert.deepEqual(store.missing(id), [{ from: 12, to: 13 }]);
  assert.equal(store.append(id, fragments), 1);
  await time.advance(FLUSH_MS);
  await assertWhole(store, spoken);
});

void test('whatever the disk refuses, it is not called complete, and becomes so by itself later', async () => {
  const counted = await ground();
  counted.store.append(counted.id, counted.fragments);
  const before = counted.disk.operations;
  await counted.end();
  const operations = counted.disk.operations - before;
  // The file is made, written and synced, its name too; and the same for the index.
  assert.ok(operations >= 8, String(operations));
  for (let at = 1; at <= operations; at++) {
    const { disk, time, store, spoken, id, fragments, told, end } = await ground();
    store.append(id, fragments);
    disk.refuseAt(disk.operations + at, 'EIO');
    assert.equal(await end(), 'unsaved', `operation ${at}`);
    assert.equal(store.get(id)?.state, 'incomplete');
    assert.deepEqual(store.missing(id), []);
    assert.deepEqual(told, ['trouble']);
    await time.advance(RETRY_MS);
    assert.deepEqual(told, ['trouble', 'complete', 'recovered'], `operation ${at}`);
    const again = await openStore(FOLDER, { disk: disk.afterPowerFailure('lost') });
    await assertWhole(again, spoken);
  }
});

void test('after a sync that failed all is written again: the system may have lost what it took', async () => {
  const { disk, time, store, spoken, id, fragments, end } = await ground();
  store.append(id, fragments);
  await time.advance(FLUSH_MS);
  disk.refuseAt(disk.operations + 2, 'EIO');
  assert.equal(await end(), 'unsaved');
  disk.spoil(pathOf(id), () => Buffer.alloc(0));
  await time.advance(RETRY_MS);
  await assertWhole(store, spoken);
});

void test('deleted at any moment while it is brought to disk, it is neither complete nor left behind', async () => {
  let turns = 0;
  for (; ; turns++) {
    const { disk, store, id, fragments, told, end } = await ground();
    store.append(id, fragments);
    const ended = end();
    for (let n = 0; n < turns; n++) await Promise.resolve();
    await store.delete(id);
    if ((await ended) === 'complete') break;
    assert.equal(await ended, 'missing');
    assert.deepEqual(told, [], `after ${turns} turns`);
    assert.deepEqual(await disk.list(`${FOLDER}/messages`), []);
    const again = await openStore(FOLDER, { disk: disk.afterPowerFailure('kept') });
    assert.deepEqual([again.list().length, again.wasDeleted(id), again.findings], [0, true, []]);
  }
  assert.ok(turns > 10, `${turns} turns`);
});
