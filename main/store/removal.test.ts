import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DANA, EVE, FINN, keep, openStore, receiptOf, signed, speak, testInFolder } from './test-office.ts';

const files = (folder: string) => readdir(join(folder, 'messages'));
/** No other computer has anything. */
const nobodyElse = async () => false;
const recipient = { mine: 'recipient', keeps: false } as const;

testInFolder('a hidden message is shown nowhere, and comes back with everything', async (folder) => {
  const store = await openStore(folder);
  const spoken = speak(20);
  await keep(store, spoken, recipient);
  store.setLocal(spoken.id, { peaks: 'AAEC' });
  const before = store.get(spoken.id);
  const number = before?.local.number ?? '';
  assert.equal(await store.hide(spoken.id), true);
  assert.equal(await store.hide(spoken.id), false);
  assert.deepEqual(store.shown(), []);
  assert.deepEqual(store.unheard(), []);
  assert.equal(store.findByNumber(number), undefined);
  assert.equal(store.totals().messages, 0);
  assert.equal(await store.restore(spoken.id), true);
  assert.equal(await store.restore(spoken.id), false);
  assert.deepEqual(store.get(spoken.id)?.local, before?.local);
  assert.equal(store.findByNumber(number)?.id, spoken.id);
  assert.equal(store.unheard().length, 1);
  assert.equal((await store.read(spoken.id, 0, 100)).length, 20);
  await store.close();
});

testInFolder(
  'the mark survives a crash, and the message can be erased or brought back after it',
  async (folder) => {
    let now = 10_000;
    const store = await openStore(folder, { now: () => now });
    const [first, second] = [speak(5), speak(5)];
    await keep(store, first, recipient);
    await keep(store, second, recipient);
    await store.hide(first.id);
    await store.hide(second.id);
    // No close: as after a crash.
    const again = await openStore(folder, { now: () => now });
    assert.deepEqual(again.shown(), []);
    now += 4_000;
    assert.equal(await again.eraseHidden(10_000, nobodyElse), 6_000);
    assert.equal(await again.restore(second.id), true);
    now += 6_000;
    assert.equal(await again.eraseHidden(10_000, nobodyElse), undefined);
    assert.equal(again.get(first.id), undefined);
    assert.equal(again.wasDeleted(first.id), true);
    assert.deepEqual(
      again.shown().map(({ id }) => id),
      [second.id],
    );
    assert.equal((await files(folder)).length, 1);
    await again.close();
  },
);

for (const setByMs of [-500_000, 500_000])
  testInFolder(`a clock set by ${setByMs} ms neither shortens nor lengthens undoing`, async (folder) => {
    let [now, monotonic] = [1_000_000, 0];
    const store = await openStore(folder, { clock: { now: () => now, monotonic: () => monotonic } });
    const spoken = speak(5);
    await keep(store, spoken, recipient);
    await store.hide(spoken.id);
    now += setByMs;
    assert.equal(await store.eraseHidden(10_000, nobodyElse), 10_000);
    assert.ok(store.get(spoken.id));
    monotonic += 10_000;
    assert.equal(await store.eraseHidden(10_000, nobodyElse), undefined);
    assert.equal(store.get(spoken.id), undefined);
    await store.close();
  });

testInFolder('what a colleague still has to get stays on the disk until they have it', async (folder) => {
  let now = 10_000;
  const store = await openStore(folder, { now: () => now });
  const own = speak(5);
  const kept = speak(5, { recipients: [EVE, FINN] });
  await keep(store, own, { mine: 'talker', keeps: false });
  await keep(store, kept, { mine: 'recipient', keeps: true });
  for (const { id } of [own, kept]) await store.hide(id);
  now += 20_000;
  assert.equal(await store.eraseHidden(10_000, nobodyElse), undefined);
  assert.equal(store.list().length, 2);
  assert.deepEqual(store.shown(), []);
  const receipt = (id: typeof own.id, node: typeof EVE) => {
    const facts = receiptOf(id, node, 'received');
    store.setReceipt(signed(facts), facts);
  };
  receipt(own.id, EVE);
  receipt(kept.id, EVE);
  await store.eraseHidden(10_000, nobodyElse);
  assert.equal(store.get(own.id), undefined);
  assert.ok(store.get(kept.id), 'Finn has not got it');
  receipt(kept.id, FINN);
  await store.eraseHidden(10_000, nobodyElse);
  assert.equal(store.list().length, 0);
  await store.close();
});

testInFolder('an own message that a crash broke off can be deleted', async (folder) => {
  let now = 10_000;
  const store = await openStore(folder, { now: () => now });
  const spoken = speak(5);
  store.begin(signed(spoken.header), spoken.header, { mine: 'talker', keeps: false });
  await store.hide(spoken.id);
  now += 20_000;
  await store.eraseHidden(10_000, nobodyElse);
  assert.equal(store.list().length, 1, 'it may be being spoken');
  now += 2 * 60 * 60 * 1000;
  await store.eraseHidden(10_000, nobodyElse);
  assert.equal(store.list().length, 0);
  await store.close();
});

testInFolder('new limits count from the next sweep on; totals tell what is kept', async (folder) => {
  let now = 1_000;
  const store = await openStore(folder, { now: () => now, retentionMs: 100_000_000 });
  const heard = speak(20);
  await keep(store, heard, recipient);
  await keep(store, speak(20, { talker: DANA }), { keeps: true });
  store.setLocal(heard.id, { heard: 2_000 });
  now = 5_000_000;
  assert.deepEqual(await store.sweep(), []);
  const { messages, bytes, keptForOthers } = store.totals();
  assert.deepEqual({ messages, keptForOthers }, { messages: 2, keptForOthers: 1 });
  assert.ok(bytes > 2 * 20 * 60, String(bytes));
  store.setLimits({ retentionMs: 1_000_000, maxBytes: 1e9 });
  assert.deepEqual(await store.sweep(), [heard.id]);
  await store.close();
});

testInFolder('what a person deleted may be kept again for others, and for nobody else', async (folder) => {
  const store = await openStore(folder);
  const [own, received] = [speak(5, { recipients: [EVE] }), speak(5, { recipients: [EVE, FINN] })];
  await keep(store, own, { mine: 'talker', keeps: false });
  await keep(store, received, recipient);
  for (const spoken of [own, received]) {
    const removed = store.delete(spoken.id);
    assert.deepEqual([store.wasDeleted(spoken.id), store.wasDeleted(spoken.id, 'keeps')], [true, false]);
    // It comes while the file of the deleted one is being removed.
    await keep(store, spoken, { keeps: true });
    await removed;
  }
  await store.close();
  const again = await openStore(folder);
  for (const { id, header } of [own, received]) {
    assert.equal(again.get(id)?.state, 'complete');
    assert.deepEqual(again.get(id)?.roles, { keeps: true });
    assert.equal((await again.read(id, 0, 100)).length, 5);
    assert.throws(() => again.begin(signed(header), header, recipient), { code: 'message-deleted' });
  }
  assert.deepEqual(again.shown(), []);
  await again.close();
});

testInFolder(
  'what everybody has heard, or was kept for others alone, comes back in no role',
  async (folder) => {
    const store = await openStore(folder);
    const [heard, kept] = [speak(5, { recipients: [EVE] }), speak(5, { recipients: [EVE] })];
    await keep(store, heard, { mine: 'talker', keeps: false });
    const receipt = receiptOf(heard.id, EVE, 'heard');
    store.setReceipt(signed(receipt), receipt);
    await keep(store, kept, { keeps: true });
    for (const { id, header } of [heard, kept]) {
      await store.delete(id);
      assert.equal(store.wasDeleted(id, 'keeps'), true);
      assert.throws(() => store.begin(signed(header), header, { keeps: true }), { code: 'message-deleted' });
    }
    await store.close();
  },
);

testInFolder(
  'what is kept for others stays theirs where the power failed and the deleted file is back',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(5, { recipients: [EVE, FINN] });
    await keep(store, spoken, recipient);
    const [name] = await files(folder);
    const path = join(folder, 'messages', name!);
    await store.retry();
    const before = await readFile(path);
    await store.delete(spoken.id);
    await keep(store, spoken, { keeps: true });
    await store.close();
    await writeFile(path, before);
    const again = await openStore(folder);
    assert.deepEqual(again.get(spoken.id)?.roles, { keeps: true });
    assert.deepEqual([again.shown(), again.unheard()], [[], []]);
    await again.close();
  },
);
