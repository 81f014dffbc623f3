import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MessageStore } from './index.ts';
import { arrivalOf } from './stored-message.ts';
import { EVE, keep, openStore, receiptOf, signed, speak, testInFolder } from './test-office.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = 1_764_460_800_000;
/** Its four messages began, by their talkers' clocks: in 1970, a minute before `NOW`, a second before, and a year after it. */
const FIXTURE = fileURLToPath(new URL('./fixtures/store-without-arrivals', import.meta.url));

const recipient = { mine: 'recipient', keeps: false } as const;
const began = (store: MessageStore) => store.shown().map(({ header }) => header.facts.startedAt);

/** This node's clock, which a test sets, and the one that nobody sets. */
class Clocks {
  #now = NOW;
  #monotonic = 0;

  now = (): number => this.#now;
  monotonic = (): number => this.#monotonic;

  /** Somebody sets the clock by this many ms. */
  set(byMs: number): void {
    this.#now += byMs;
  }

  pass(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
  }
}

testInFolder('messages stand in the order in which they came, whatever any clock says', async (folder) => {
  const clock = new Clocks();
  const claims = [NOW + 365 * DAY_MS, 0, NOW - DAY_MS, NOW + 30_000];
  const store = await openStore(folder, { clock });
  for (const [n, startedAt] of claims.entries()) {
    // This computer's own clock is set back, too.
    if (n === 2) clock.set(-DAY_MS);
    await keep(store, speak(2, { startedAt }), recipient);
  }
  assert.deepEqual(began(store), claims);
  await store.close();
  clock.set(-DAY_MS);
  const again = await openStore(folder, { clock });
  await keep(again, speak(2, { startedAt: NOW - 400 * DAY_MS }), recipient);
  assert.deepEqual(began(again), [...claims, NOW - 400 * DAY_MS], 'also after a restart');
  assert.deepEqual(
    again.unheard().map(({ local }) => local.arrived?.at),
    [NOW, NOW, NOW - DAY_MS, NOW - DAY_MS, NOW - 2 * DAY_MS],
  );
  await again.close();
});

testInFolder(
  'an older message has its place among the earlier ones, and never before those to come',
  async (folder) => {
    const clock = new Clocks();
    const store = await openStore(folder, { clock });
    await keep(store, speak(2, { startedAt: NOW }), recipient);
    clock.pass(1_000);
    for (const startedAt of [NOW - DAY_MS, NOW + 365 * DAY_MS]) {
      const { header } = speak(2, { startedAt });
      store.begin(signed(header), header, recipient, { isOlder: true });
    }
    clock.pass(1_000);
    await keep(store, speak(2, { startedAt: 7 }), recipient);
    assert.deepEqual(began(store), [NOW - DAY_MS, NOW, NOW + 365 * DAY_MS, 7]);
    await store.close();
  },
);

testInFolder('a store without arrivals opens in the order in which its messages began', async (folder) => {
  await cp(FIXTURE, folder, { recursive: true });
  const clock = new Clocks();
  clock.pass(DAY_MS);
  const store = await openStore(folder, { clock });
  const before = [5_000, NOW - 60_000, NOW - 1_000, NOW + 365 * DAY_MS];
  assert.deepEqual(began(store), before);
  const [first] = store.shown();
  assert.equal(first && arrivalOf(first).at, NOW, 'its person was notified of it when it came');
  await keep(store, speak(2, { startedAt: NOW - DAY_MS }), recipient);
  await store.close();
  const again = await openStore(folder, { clock });
  assert.deepEqual(began(again), [...before, NOW - DAY_MS], 'what comes later stands behind them');
  await again.close();
});

testInFolder('a message whose talker’s clock says 1970 is kept as long as any other', async (folder) => {
  const clock = new Clocks();
  const store = await openStore(folder, { clock, retentionMs: 90 * DAY_MS });
  const spoken = speak(2, { startedAt: 0 });
  await keep(store, spoken, recipient);
  store.setLocal(spoken.id, { heard: NOW });
  clock.pass(89 * DAY_MS);
  assert.deepEqual(await store.sweep(), []);
  clock.pass(2 * DAY_MS);
  assert.deepEqual(await store.sweep(), [spoken.id]);
  await store.close();
});

/** A heard message and a deleted one, in a store that is opened again after this computer's clock has gone a year ahead. */
async function aYearAhead(folder: string) {
  const clock = new Clocks();
  const before = await openStore(folder, { clock });
  const [heard, deleted] = [speak(2), speak(2)];
  for (const one of [heard, deleted]) await keep(before, one, recipient);
  before.setLocal(heard.id, { heard: NOW });
  await before.delete(deleted.id);
  await before.close();
  clock.set(365 * DAY_MS);
  const store = await openStore(folder, { clock, retentionMs: 90 * DAY_MS });
  return { clock, store, heard, deleted };
}

testInFolder('where the clock was a year ahead at the start nothing is lost', async (folder) => {
  const { clock, store, heard, deleted } = await aYearAhead(folder);
  assert.deepEqual(await store.sweep(), []);
  clock.pass(60 * 60 * 1000);
  await keep(store, speak(2), recipient);
  assert.deepEqual(await store.sweep(), []);
  assert.ok(store.wasDeleted(deleted.id));
  clock.set(-365 * DAY_MS);
  assert.deepEqual(await store.sweep(), []);
  assert.ok(store.get(heard.id) && store.wasDeleted(deleted.id));
  clock.pass(91 * DAY_MS);
  assert.deepEqual(await store.sweep(), [heard.id], 'it is right again');
  assert.ok(!store.wasDeleted(deleted.id));
  await store.close();
});

testInFolder('a clock that jumps while the store is open is not believed before a day', async (folder) => {
  const clock = new Clocks();
  const store = await openStore(folder, { clock, retentionMs: 90 * DAY_MS, maxBytes: 1e9 });
  const [heard, sent] = [speak(2), speak(2)];
  await keep(store, heard, recipient);
  await keep(store, sent, { mine: 'talker', keeps: false });
  store.setLocal(heard.id, { heard: NOW });
  assert.deepEqual(await store.sweep(), []);
  clock.set(365 * DAY_MS);
  assert.deepEqual(await store.sweep(), []);
  clock.pass(DAY_MS - 1);
  assert.deepEqual(await store.sweep(), []);
  clock.pass(1);
  assert.deepEqual(await store.sweep(), [heard.id]);
  const receipt = receiptOf(sent.id, EVE, 'heard', NOW);
  store.setReceipt(signed(receipt), receipt);
  clock.set(365 * DAY_MS);
  assert.deepEqual(await store.sweep(), []);
  store.setLimits({ maxBytes: 0 });
  assert.deepEqual(await store.sweep(), [sent.id], 'want of room needs no clock');
  await store.close();
});
