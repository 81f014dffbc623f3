import assert from 'node:assert/strict';
import test from 'node:test';
import type { MessageId } from '../model/index.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { SimulatedDisk, type Survival } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { MessageStore } from './index.ts';
import { EVE, FINN, nodeId, openStore, receiptOf, signed, speak, type Spoken } from './test-office.ts';

const FOLDER = '/profile/store';
const TEARINGS = 4;
const HOUR_MS = 3_600_000;

/** What a caller was promised of a message; undefined: nothing, or either of two states while a change is under way. */
interface Promised {
  readonly spoken: Spoken;
  complete?: true | undefined;
  /** Its end may be with others. */
  ended?: true | undefined;
  hidden?: boolean | undefined;
  deleted?: true | undefined;
  heard?: number | undefined;
  receipts?: number | undefined;
}

class PowerFailure extends Error {}

/** A store in use, which writes down what it has promised while its disk has power. */
class Session {
  readonly disk: SimulatedDisk;
  readonly time = new VirtualTime();
  readonly promised = new Map<MessageId, Promised>();

  constructor(disk: SimulatedDisk) {
    this.disk = disk;
  }

  open(): Promise<MessageStore> {
    const { clock, schedule } = this.time;
    return openStore(FOLDER, { clock, schedule, disk: this.disk, retentionMs: HOUR_MS });
  }

  /** Uses the store for all that it does. What its disk refuses it must get over by itself. */
  async run(): Promise<void> {
    const store = await this.open();
    const sent = await this.#keep(store, speak(40, { recipients: [EVE, FINN] }), 'talker');
    const got = await this.#keep(store, speak(70), 'recipient');
    for (const [node, state] of [
      [nodeId('switch'), 'stored'],
      [EVE, 'received'],
      [EVE, 'heard'],
    ] as const) {
      const receipt = receiptOf(sent, node, state);
      assert.ok(store.setReceipt(signed(receipt), receipt));
    }
    store.setLocal(got, { heard: 9_000 });
    await this.#pass(700);
    await this.#change(got, 'hidden', true, () => store.hide(got));
    await this.#change(got, 'hidden', false, () => store.restore(got));
    const unwanted = await this.#keep(store, speak(5), 'recipient');
    await this.#change(unwanted, 'hidden', true, () => store.hide(unwanted));
    await this.#change(unwanted, 'deleted', true, () => store.eraseHidden(0, async () => false));
    const old = await this.#keep(store, speak(8), 'recipient');
    store.setLocal(old, { heard: 10_000 });
    await this.#pass(2 * HOUR_MS);
    const unfinished = speak(30);
    store.begin(signed(unfinished.header), unfinished.header, { mine: 'recipient' });
    store.append(unfinished.id, unfinished.fragments.slice(0, 20));
    this.promised.set(unfinished.id, { spoken: unfinished });
    for (const id of [got, old]) {
      const { spoken } = this.promised.get(id)!;
      this.promised.set(id, { spoken });
    }
    const swept = await store.sweep();
    assert.deepEqual(swept.sort(), [got, old].sort());
    if (this.disk.hasPower)
      for (const id of swept) this.promised.set(id, { ...this.promised.get(id)!, deleted: true });
    await this.#pass(6_000);
    await store.close();
    if (this.disk.hasPower) Object.assign(this.promised.get(sent)!, { receipts: 2 });
  }

  /** Lets time pass. A computer without power does nothing more. */
  async #pass(ms: number): Promise<void> {
    if (!this.disk.hasPower) throw new PowerFailure();
    await this.time.advance(ms);
  }

  async #keep(store: MessageStore, spoken: Spoken, mine: 'talker' | 'recipient'): Promise<MessageId> {
    const promised: Promised = { spoken };
    this.promised.set(spoken.id, promised);
    store.begin(signed(spoken.header), spoken.header, { mine });
    store.append(spoken.id, spoken.fragments.slice(3));
    await this.#pass(150);
    store.append(spoken.id, spoken.fragments.slice(0, 3));
    const onKept = () => {
      if (mine === 'talker' && this.disk.hasPower) promised.ended = true;
    };
    const manifest = signed(spoken.manifest);
    const completion = await store.setManifest(spoken.id, manifest, spoken.manifest, onKept);
    if (completion === 'complete') promised.complete = true;
    else assert.equal(completion, 'unsaved');
    return spoken.id;
  }

  async #change<Name extends 'hidden' | 'deleted'>(
    id: MessageId,
    name: Name,
    value: Promised[Name],
    change: () => Promise<unknown>,
  ): Promise<void> {
    const promised = this.promised.get(id)!;
    promised[name] = undefined;
    if (name === 'deleted') promised.complete = promised.hidden = undefined;
    await change().catch((error: Error & { code?: string }) => {
      if (error.code !== 'deletion-not-saved') throw error;
      if (!this.disk.hasPower) throw new PowerFailure();
      // The person tries again.
      return change();
    });
    if (this.disk.hasPower) promised[name] = value;
  }
}

/** Opens what the power failure left, finds all that was promised, and completes what was not. */
async function assertPromises(disk: SimulatedDisk, promised: Iterable<Promised>): Promise<void> {
  const store = await openStore(FOLDER, { disk, schedule: () => () => undefined });
  for (const { spoken, complete, ended, hidden, deleted, receipts } of promised) {
    const { id } = spoken;
    const kept = store.get(id);
    if (deleted) assert.ok(!kept && store.wasDeleted(id), 'a deleted message came back');
    if (complete) assert.equal(kept?.state, 'complete');
    if (ended) assert.ok(kept?.manifest, 'an end that was sent is not here');
    if (hidden !== undefined)
      assert.equal(
        store.shown().some((one) => one.id === id),
        !hidden,
      );
    if (receipts !== undefined) assert.equal(kept?.receipts.length, receipts);
    if (store.wasDeleted(id)) continue;
    // Whatever else is there of a message is right, and the rest of it can be fetched.
    for (const { n, bytes } of kept ? await store.read(id, 0, 1000) : [])
      assert.deepEqual(Buffer.from(bytes), spoken.fragments[n]!.bytes);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    store.append(id, spoken.fragments);
    assert.equal(await store.setManifest(id, signed(spoken.manifest), spoken.manifest), 'complete');
    const read = await store.read(id, 0, 1000);
    assert.deepEqual(
      read.map(({ bytes }) => Buffer.from(bytes)),
      spoken.fragments.map(({ bytes }) => bytes),
    );
  }
  await store.close();
}

async function operationsOfOneSession(): Promise<number> {
  const session = new Session(new SimulatedDisk());
  await session.run();
  return session.disk.operations;
}

void test('whenever the power fails, all that was promised is there afterwards', async () => {
  const operations = await operationsOfOneSession();
  assert.ok(operations > 60, String(operations));
  const survivals: Survival[] = ['lost', 'kept', ...Array.from({ length: TEARINGS }, () => 'torn' as const)];
  for (let at = 1; at <= operations + 1; at++) {
    const session = new Session(new SimulatedDisk());
    session.disk.failPowerAt(at);
    await session.run().catch((error: Error & { code?: string }) => {
      if (error.code !== 'EIO' && !(error instanceof PowerFailure)) throw error;
    });
    for (const [index, survival] of survivals.entries()) {
      const left = session.disk.afterPowerFailure(survival, seededRandom(at * 97 + index));
      try {
        await assertPromises(left, session.promised.values());
      } catch (error) {
        throw new Error(`power failed at operation ${at} of ${operations}, ${survival}, ${index}`, {
          cause: error,
        });
      }
    }
  }
});

for (const code of ['ENOSPC', 'EIO'])
  void test(`whichever operation is refused with ${code}, the store gets over it and loses nothing`, async () => {
    const operations = await operationsOfOneSession();
    for (let at = 1; at <= operations; at++) {
      const session = new Session(new SimulatedDisk());
      session.disk.refuseAt(at, code);
      try {
        await session.run().catch(async (error: Error & { code?: string }) => {
          // Only the opening may fail: a folder that cannot be made is said at once.
          if (error.code !== code || session.promised.size > 0) throw error;
          await session.run();
        });
        await assertPromises(session.disk.afterPowerFailure('kept'), session.promised.values());
      } catch (error) {
        throw new Error(`operation ${at} of ${operations} was refused`, { cause: error });
      }
    }
  });
