import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import {
  hashOfFragment,
  toBase64url,
  type Fragment,
  type FragmentHashes,
  type Header,
} from '../model/index.ts';
import type { StoreEvents } from './index.ts';
import { assertWhole, EVE, FINN, openStore, signed, speak, type Spoken } from './test-office.ts';
import { FLUSH_MS } from './writer.ts';

/* Whoever receives a message, too, has its key. What somebody else seals in the talker's voice is not kept. */

const FOLDER = '/profile/store';
const TO_SEVERAL: Partial<Header> = { recipients: [EVE, FINN], hashed: true };

/** What the talker signs of fragments `from` to `to`. */
function hashesOf({ id, header, fragments }: Spoken, from: number, to = from + 50): FragmentHashes {
  const hashes = fragments.slice(from, to).map(({ bytes }) => hashOfFragment(bytes));
  return { v: 1, id, talker: header.talker, from, hashes: toBase64url(Buffer.concat(hashes)) };
}

const forged = (n: number): Fragment => ({ n, bytes: randomBytes(70) });
const bytesOf = (fragments: readonly Fragment[]) => fragments.map(({ bytes }) => Buffer.from(bytes));

/** A store on a disk in memory, and a message of 120 fragments to Eve and Finn, of which nothing but the header is there. */
async function ground(change: Partial<Header> = TO_SEVERAL, count = 120) {
  const disk = new SimulatedDisk();
  const time = new VirtualTime();
  const { clock, schedule } = time;
  const store = await openStore(FOLDER, { clock, schedule, disk });
  const spoken = speak(count, change);
  const { id, fragments } = spoken;
  store.begin(signed(spoken.header), spoken.header, { mine: 'recipient' });
  const refused: StoreEvents['refused'][] = [];
  store.on('refused', (one) => refused.push(one));
  const vouch = (from: number, to?: number, at = store) => {
    const facts = hashesOf(spoken, from, to);
    return at.setHashes(signed(facts), facts);
  };
  const end = (at = store) => at.setManifest(id, signed(spoken.manifest), spoken.manifest);
  /** The computer lost power, and starts again. */
  const restarted = () => openStore(FOLDER, { disk: disk.afterPowerFailure('kept') });
  return { disk, time, store, spoken, id, fragments, refused, vouch, end, restarted };
}

void test('a fragment that the talker vouched for is taken as it was signed, and no other one in its place', async () => {
  const { store, id, fragments, refused, vouch } = await ground();
  assert.equal(vouch(0), true);
  assert.equal(store.append(id, [forged(3), ...fragments.slice(0, 3), forged(49)]), 3);
  assert.deepEqual(refused, [{ id, numbers: [3, 49], why: 'forged' }]);
  assert.equal(store.append(id, fragments.slice(0, 50)), 47);
  assert.deepEqual(bytesOf(await store.read(id, 0, 100)), bytesOf(fragments.slice(0, 50)));
});

for (const where of ['in memory', 'on the disk'] as const) {
  test(`fragments that came before their hashes are checked when these come, and dropped if they differ (${where})`, async () => {
    const { time, store, spoken, id, fragments, refused, vouch, end, restarted } = await ground();
    store.append(id, [forged(7), forged(60), ...fragments]);
    if (where === 'on the disk') await time.advance(FLUSH_MS);
    assert.deepEqual(refused, [], 'nobody can tell yet');
    vouch(0);
    assert.deepEqual(refused, [{ id, numbers: [7], why: 'forged' }]);
    assert.deepEqual(store.missing(id), [{ from: 7, to: 8 }]);
    assert.equal(store.append(id, [forged(7)]), 0, 'nor a second time');
    assert.equal(store.append(id, [fragments[7]!]), 1);
    vouch(50);
    vouch(100, 120);
    assert.deepEqual(store.missing(id), [{ from: 60, to: 61 }]);
    assert.equal(store.append(id, [fragments[60]!]), 1);
    assert.equal(await end(), 'complete');
    await assertWhole(store, spoken);
    await time.advance(FLUSH_MS);
    // The forged ones are still in its file, before those that took their places.
    const again = await restarted();
    await assertWhole(again, spoken);
    assert.deepEqual(again.findings, []);
    await again.close();
  });
}

void test('a stream gives out what took the place of a forged fragment, too', async () => {
  const { store, id, fragments, vouch, end } = await ground();
  const got = new Map<number, Buffer>();
  store.append(id, [forged(7), ...fragments]);
  const stream = store.stream(id, 0, (some) => {
    for (const { n, bytes } of some) got.set(n, Buffer.from(bytes));
  });
  await store.read(id, 0, 1);
  vouch(0);
  store.append(id, [fragments[7]!]);
  await end();
  assert.equal(await stream.done, 'all');
  assert.deepEqual([...got.keys()].length, 120);
  assert.deepEqual(got.get(7), fragments[7]!.bytes);
});

void test('hashes survive a restart with the message, and what was dropped does not come back', async () => {
  const { time, store, id, fragments, spoken, vouch, end, restarted } = await ground();
  store.append(id, [forged(7), ...fragments.slice(0, 40)]);
  vouch(0);
  await time.advance(FLUSH_MS);
  const again = await restarted();
  assert.equal(again.get(id)?.held, 39);
  assert.deepEqual(again.missing(id), [{ from: 7, to: 8 }]);
  assert.equal(again.hashes(id, 0, 120).length, 1);
  assert.equal(again.append(id, [forged(7), forged(45)]), 0);
  assert.equal(vouch(0, 50, again), false, 'they are known');
  again.append(id, fragments);
  assert.equal(await end(again), 'complete');
  await assertWhole(again, spoken);
  await again.close();
});

void test('hashes that came are kept where all fragments are thrown away', async () => {
  const { store, id, fragments, spoken, vouch, end } = await ground();
  vouch(0);
  store.append(id, [...fragments.slice(0, 100), ...fragments.slice(100).map(({ n }) => forged(n))]);
  assert.equal(await end(), 'damaged');
  assert.deepEqual(store.missing(id), [{ from: 50, to: 120 }], 'what was vouched for stays');
  assert.deepEqual(store.hashes(id, 0, 50).length, 1);
  store.append(id, fragments);
  assert.equal(await end(), 'complete');
  await assertWhole(store, spoken);
});

void test('a message that is forged as a whole, without hashes, is never complete', async () => {
  const { store, id, fragments, spoken, end } = await ground();
  store.append(
    id,
    fragments.map(({ n }) => forged(n)),
  );
  assert.equal(await end(), 'damaged');
  assert.deepEqual(store.missing(id), [{ from: 0, to: 120 }]);
  store.append(id, fragments);
  assert.equal(await end(), 'complete', 'hashes are not needed for what is whole');
  await assertWhole(store, spoken);
});

void test('a talker who signs other hashes than the end says harms its own message alone', async () => {
  const { store, id, fragments, spoken, end } = await ground();
  const others = { ...hashesOf(spoken, 0), hashes: hashesOf(spoken, 50).hashes };
  store.setHashes(signed(others), others);
  store.append(id, fragments);
  assert.equal(await end(), 'missing');
  assert.deepEqual(store.missing(id), [{ from: 0, to: 50 }]);
});

void test('the first statement counts; what is of another message, another talker, or beyond the end is not taken', async () => {
  const { store, id, spoken, vouch, end } = await ground();
  const facts = hashesOf(spoken, 0);
  for (const wrong of [
    { ...facts, talker: FINN },
    { ...facts, id: speak(1).id },
  ])
    assert.equal(store.lacksHashes(wrong), false);
  vouch(0);
  const second = { ...facts, hashes: hashesOf(spoken, 50).hashes };
  assert.equal(store.setHashes(signed(second), second), false);
  assert.deepEqual(store.hashes(id, 0, 120), [signed(facts)]);
  await end();
  assert.equal(store.lacksHashes({ ...facts, from: 150 }), false);
  assert.equal(store.lacksHashes(hashesOf(spoken, 100, 120)), true);
});

void test('of two statements that overlap the first counts for each fragment', async () => {
  const { store, id, fragments, spoken, vouch } = await ground();
  vouch(0, 20);
  const others = { ...hashesOf(spoken, 10), hashes: hashesOf(spoken, 60, 110).hashes };
  assert.equal(store.setHashes(signed(others), others), true);
  assert.equal(store.append(id, fragments.slice(0, 60)), 20, 'beyond it the second statement holds');
  assert.equal(store.hashes(id, 0, 10).length, 1);
  assert.equal(store.hashes(id, 15, 16).length, 2);
});

for (const [name, change] of [
  ['to one recipient', { recipients: [EVE], hashed: true }],
  ['of a talker of the version before', { recipients: [EVE, FINN] }],
] as const) {
  test(`a message ${name} has no hashes, and its fragments are not checked`, async () => {
    const { store, id, fragments, spoken, vouch, end } = await ground({
      ...change,
      recipients: [...change.recipients],
    });
    assert.equal(vouch(0), false);
    assert.equal(store.append(id, fragments.toSpliced(50, 1)), 119);
    assert.equal(store.vouched(id), 50, 'to the first gap');
    assert.equal(store.append(id, fragments), 1);
    assert.equal(store.vouched(id), 120);
    assert.equal(await end(), 'complete');
    await assertWhole(store, spoken);
  });
}

void test('ten seconds are taken beyond what the talker vouched for; the rest when its end is known', async () => {
  const { store, id, fragments, spoken, refused, vouch, end } = await ground(TO_SEVERAL, 1200);
  assert.equal(store.append(id, fragments), 1000);
  assert.deepEqual(
    refused.map(({ why, numbers }) => [why, numbers.length, numbers[0]]),
    [['unsigned', 200, 1000]],
  );
  vouch(50);
  assert.equal(store.append(id, fragments), 100, 'up to ten seconds after the last one');
  assert.equal(await end(), 'missing');
  assert.equal(store.append(id, fragments), 100);
  assert.equal(await end(), 'complete');
  await assertWhole(store, spoken);
});

void test('one fragment far ahead of what the talker vouched for is not held, and says nothing of the talker', async () => {
  const { store, id, fragments, refused, vouch } = await ground(TO_SEVERAL, 1200);
  store.append(id, fragments.slice(0, 60));
  vouch(0);
  assert.equal(store.append(id, [forged(1100)]), 0);
  assert.deepEqual(refused, [{ id, numbers: [1100], why: 'ahead' }]);
});

void test('of a message without an end only the beginning that the talker vouched for is surely the talker’s', async () => {
  const { time, store, id, fragments, vouch, restarted } = await ground();
  store.append(id, fragments);
  assert.equal(store.vouched(id), 0);
  vouch(50);
  assert.equal(store.vouched(id), 0);
  vouch(0);
  assert.equal(store.vouched(id), 100);
  await time.advance(FLUSH_MS);
  const again = await restarted();
  assert.equal(again.vouched(id), 100);
  await again.close();
});

void test('whoever asks for some fragments gets the statements on these, in order', async () => {
  const { store, id, vouch, spoken } = await ground();
  for (const from of [50, 0]) vouch(from);
  vouch(100, 120);
  const [first, second, third] = [0, 50, 100].map((from) =>
    signed(hashesOf(spoken, from, Math.min(from + 50, 120))),
  );
  assert.deepEqual(store.hashes(id, 0, 60_000), [first, second, third]);
  assert.deepEqual(store.hashes(id, 49, 51), [first, second]);
  assert.deepEqual(store.hashes(id, 50, 100), [second]);
  assert.deepEqual(store.hashes(id, 119, 120), [third]);
});
