import assert from 'node:assert/strict';
import test from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { MAX_FRAGMENT_BYTES, MAX_FRAGMENTS, type Receipt } from '../model/index.ts';
import { DANA, EVE, FINN, keep, nodeId, openStore, receiptOf, signed, speak } from './test-office.ts';
import { FLUSH_MS, RETRY_MS } from './writer.ts';

const FOLDER = '/profile/store';

/** A store on a disk in memory, and a message from Dana to Eve and Finn that was not begun yet. */
async function ground({ maxWaitingBytes = 1_000_000 } = {}) {
  const disk = new SimulatedDisk();
  const time = new VirtualTime();
  const { clock, schedule } = time;
  const store = await openStore(FOLDER, { clock, schedule, disk, maxWaitingBytes });
  const spoken = speak(20, { recipients: [EVE, FINN] });
  const { id, fragments } = spoken;
  const begin = (roles: { mine?: 'talker' | 'recipient'; keeps?: boolean } = { mine: 'recipient' }) =>
    store.begin(signed(spoken.header), spoken.header, roles);
  const end = (manifest = spoken.manifest) => store.setManifest(id, signed(manifest), manifest);
  const accept = (receipt: Receipt) => store.setReceipt(signed(receipt), receipt);
  /** Changes of this message that were told from now on. */
  const changes = () => {
    const told: string[] = [];
    store.on('changed', (changed) => {
      if (changed === id) told.push(changed);
    });
    return told;
  };
  /** The store as it opens after a crash, from the messages' files alone. */
  const reopened = async () => {
    await time.advance(FLUSH_MS);
    return openStore(FOLDER, { disk: disk.afterPowerFailure('kept'), schedule: () => () => undefined });
  };
  return { disk, time, store, spoken, id, fragments, begin, end, accept, changes, reopened };
}

const bytesOf = (fragments: readonly { readonly bytes: Uint8Array }[]) =>
  fragments.map(({ bytes }) => Buffer.from(bytes).toString('hex'));

void test('roles add up and are never lost; only a message that is mine has a number', async () => {
  const { id, begin, changes, reopened } = await ground();
  assert.deepEqual(begin({ keeps: true }).roles, { keeps: true });
  assert.equal(begin({}).local.number, undefined);
  const told = changes();
  const mine = begin({ mine: 'recipient' });
  assert.deepEqual(mine.roles, { mine: 'recipient', keeps: true });
  assert.match(mine.local.number ?? '', /^[0-9]{4}$/);
  assert.equal(told.length, 1);
  assert.deepEqual(begin({ mine: 'talker', keeps: false }), mine, 'the first way to be mine counts');
  assert.equal(told.length, 1, 'nothing is new');
  const again = (await reopened()).get(id);
  assert.deepEqual([again?.roles, again?.local], [mine.roles, mine.local]);
});

void test('a fragment counts once, by its first bytes, and is copied', async () => {
  const { store, id, fragments, begin, reopened } = await ground();
  begin();
  const lent = { n: 3, bytes: Buffer.from(fragments[3]!.bytes) };
  assert.equal(store.append(id, [lent, lent]), 1);
  lent.bytes.fill(0);
  assert.equal(store.append(id, [{ n: 3, bytes: Buffer.from('other') }]), 0);
  assert.deepEqual(bytesOf(await store.read(id, 3, 1)), bytesOf([fragments[3]!]));
  assert.deepEqual(bytesOf(await (await reopened()).read(id, 3, 1)), bytesOf([fragments[3]!]));
});

void test('fragments are taken within bounds only: those of the manifest, once it is known', async () => {
  const { store, id, fragments, spoken, begin, end, reopened } = await ground();
  begin();
  const of = (n: number, length = 9) => ({ n, bytes: new Uint8Array(length) });
  for (const bad of [of(-1), of(0.5), of(NaN), of(MAX_FRAGMENTS), of(0, 0), of(0, MAX_FRAGMENT_BYTES + 1)])
    assert.equal(store.append(id, [bad]), 0, `${bad.n}, ${bad.bytes.length} bytes`);
  assert.equal(store.append(id, [of(MAX_FRAGMENTS - 1), of(20, MAX_FRAGMENT_BYTES)]), 2);
  assert.equal(store.get(id)?.held, 2);
  assert.equal(await end(), 'missing');
  assert.equal(store.get(id)?.held, 0, 'what is beyond the end was never said');
  assert.deepEqual(store.missing(id), [{ from: 0, to: 20 }]);
  assert.equal(store.append(id, [of(20), ...fragments]), 20);
  assert.equal(await end(), 'complete');
  const again = await reopened();
  assert.deepEqual(bytesOf(await again.read(id, 0, 100)), bytesOf(spoken.fragments));
});

void test('a whole message takes no more fragments, also after a restart', async () => {
  const { store, id, fragments, begin, end, reopened } = await ground();
  begin();
  store.append(id, fragments);
  await end();
  const more = [...fragments, { n: 20, bytes: Buffer.from('more') }];
  assert.equal(store.append(id, more), 0);
  const again = await reopened();
  // Its file is at hand for this, and not read: which fragments it holds is not known.
  const receipt = receiptOf(id, FINN, 'received');
  again.setReceipt(signed(receipt), receipt);
  assert.equal(again.append(id, more), 0);
  assert.equal(again.get(id)?.held, 20);
});

void test('what memory has no room for is passed over and told, and taken once there is room', async () => {
  const { disk, time, store, id, fragments, begin, end } = await ground({ maxWaitingBytes: 4_000 });
  begin();
  await time.advance(FLUSH_MS);
  disk.capacityBytes = 0;
  const troubles: string[] = [];
  store.on('trouble', ({ code }) => troubles.push(code));
  const sizes = fragments.map(({ bytes }) => bytes.length);
  const more = speak(100).fragments.slice(20);
  const taken = store.append(id, [...fragments, ...more]);
  const all = [...sizes, ...more.map(({ bytes }) => bytes.length)];
  const sum = (count: number) => all.slice(0, count).reduce((one, other) => one + other, 0);
  assert.ok(sum(taken) <= 4_000 && sum(taken + 1) > 4_000, `${taken} were taken`);
  assert.deepEqual(troubles, ['memory-full']);
  assert.deepEqual(store.missing(id), [], 'the first ones were taken, and none after a gap');
  assert.equal(store.append(id, more), 0);
  disk.capacityBytes = Infinity;
  await time.advance(RETRY_MS);
  assert.equal(store.trouble, undefined);
  assert.ok(store.append(id, more) > 0);
  assert.equal(await end(), 'complete');
});

void test('the first manifest counts; one of another message or talker is refused and changes nothing', async () => {
  const { store, id, spoken, begin, end, changes, reopened } = await ground();
  begin();
  const told = changes();
  for (const wrong of [{ talker: FINN }, { id: speak(1).id }]) {
    const manifest = { ...spoken.manifest, ...wrong };
    await assert.rejects(store.setManifest(id, signed(manifest), manifest), { code: 'wrong-manifest' });
  }
  assert.deepEqual([store.get(id)?.manifest, told], [undefined, []]);
  assert.equal(await end(), 'missing');
  assert.equal(told.length, 1);
  assert.equal(await end({ ...spoken.manifest, count: 3 }), 'missing');
  assert.equal(told.length, 1);
  for (const kept of [store, await reopened()]) assert.equal(kept.get(id)?.manifest?.facts.count, 20);
});

void test('a message that arrives is told as growing, costs the index nothing, and is there after a crash', async () => {
  const { disk, time, store, id, fragments, begin, changes, reopened } = await ground();
  begin();
  await time.advance(1000);
  const told = changes();
  const grown: number[] = [];
  store.on('grown', () => grown.push(store.get(id)!.bytes));
  const indexed = () => disk.readText(`${FOLDER}/index/000001.json`);
  const before = await indexed();
  for (const fragment of fragments.slice(0, 10)) {
    store.append(id, [fragment]);
    await time.advance(FLUSH_MS);
  }
  assert.ok(grown.length >= 5, `${grown.length}`);
  assert.deepEqual(
    grown,
    [...new Set(grown)].sort((a, b) => a - b),
    'each time there is more',
  );
  assert.equal(told.length, 0);
  assert.equal(await indexed(), before);
  assert.deepEqual(bytesOf(await (await reopened()).read(id, 0, 20)), bytesOf(fragments.slice(0, 10)));
});

void test('a receipt is news once, moves forward only, and is there after a crash', async () => {
  const { id, begin, accept, changes, reopened } = await ground();
  assert.equal(accept(receiptOf(id, EVE, 'heard')), false, 'the message is not known');
  begin();
  const told = changes();
  assert.equal(accept(receiptOf(id, EVE, 'received')), true);
  assert.equal(accept(receiptOf(id, EVE, 'received')), false);
  assert.equal(accept(receiptOf(id, EVE, 'heard')), true);
  assert.equal(accept(receiptOf(id, EVE, 'stored')), false);
  assert.equal(accept(receiptOf(id, nodeId('switch'), 'stored')), true);
  assert.equal(told.length, 3);
  const states = (await reopened()).get(id)?.receipts.map(({ facts }) => facts.state);
  assert.deepEqual(states, ['heard', 'stored']);
});

void test('what only this node knows adds up; a number stays, and one that is taken is refused', async () => {
  const { store, id, begin, reopened } = await ground();
  const { number, arrived } = begin().local;
  store.setLocal(id, { heard: 5 });
  store.setLocal(id, { peaks: 'AAEC', number: '7777' });
  const other = speak(3, { talker: DANA });
  await keep(store, other, { keeps: true });
  store.setLocal(other.id, { number: number! });
  assert.equal(store.get(other.id)?.local.number, undefined, 'it is taken');
  store.setLocal(other.id, { number: '8888' });
  const again = await reopened();
  assert.deepEqual(again.get(id)?.local, { arrived, number, heard: 5, peaks: 'AAEC' });
  assert.equal(again.findByNumber('8888')?.id, other.id);
  assert.equal(again.findByNumber('7777'), undefined);
});
