import assert from 'node:assert/strict';
import type { MessageId } from '../model/index.ts';
import type { Audience } from './receipts.ts';
import { EVERYBODY } from './receipts.ts';
import { EVE, FINN, keep, openStore, receiptOf, signed, speak, testInFolder } from './test-office.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** A store whose days pass, and an office in which Eve and Finn were seen on the days that are said. */
async function ground(folder: string, retentionDays = 3650) {
  let day = 0;
  const seenOn = { eve: 0, finn: 0 };
  const audience: Audience = {
    ...EVERYBODY,
    seenAt: (node) => (node === EVE ? seenOn.eve : seenOn.finn) * DAY_MS,
  };
  const store = await openStore(folder, {
    now: () => day * DAY_MS + 10_000,
    retentionMs: retentionDays * DAY_MS,
  });
  const on = async (next: number, known = audience): Promise<readonly MessageId[]> => {
    day = next;
    return store.sweep(known);
  };
  const endOf = (id: MessageId) => {
    const ending = store.get(id)?.local.ending;
    const days = (at: number | undefined) => at && Math.floor(at / DAY_MS);
    return ending && [days(ending.endsAt), days(ending.endedAt)];
  };
  return { store, seenOn, on, endOf };
}

testInFolder(
  'what is kept for somebody who stays away ends after 90 days, which is said a week before',
  async (folder) => {
    const { store, on, endOf } = await ground(folder);
    const spoken = speak(3);
    await keep(store, spoken, { keeps: true });
    assert.deepEqual(await on(82), []);
    assert.equal(endOf(spoken.id), undefined);
    assert.deepEqual(await on(84), []);
    assert.deepEqual(endOf(spoken.id), [91, undefined], 'never sooner than a week after it was said');
    assert.deepEqual(await on(90), []);
    assert.deepEqual(await on(92), [spoken.id]);
    await store.close();
  },
);

testInFolder('it is said to its talker, who then has it for as long as any other message', async (folder) => {
  const { store, on, endOf } = await ground(folder, 30);
  const spoken = speak(3, { recipients: [EVE, FINN] });
  await keep(store, spoken, { mine: 'talker' });
  const heard = receiptOf(spoken.id, FINN, 'heard');
  store.setReceipt(signed(heard), heard);
  await on(83.5);
  assert.deepEqual(endOf(spoken.id), [90, undefined]);
  assert.equal(store.outbox().length, 1);
  await on(91);
  assert.deepEqual(endOf(spoken.id), [90, 91]);
  assert.equal(store.outbox().length, 0, 'nobody is asked for a copy of it');
  assert.deepEqual(await on(120), []);
  assert.deepEqual(await on(122), [spoken.id]);
  await store.close();
});

testInFolder('whoever comes back is waited for again, from then on, also after the end', async (folder) => {
  const { store, seenOn, on, endOf } = await ground(folder, 365);
  const spoken = speak(3);
  await keep(store, spoken, { mine: 'talker', keeps: true });
  await on(85);
  assert.ok(endOf(spoken.id));
  seenOn.eve = 86;
  await on(93);
  assert.equal(endOf(spoken.id), undefined);
  await on(170);
  await on(178);
  assert.deepEqual(endOf(spoken.id), [177, 178]);
  seenOn.eve = 179;
  await on(180);
  assert.equal(endOf(spoken.id), undefined);
  assert.equal(store.outbox().length, 1);
  await store.close();
});

testInFolder('one of several recipients who was there lately is waited for', async (folder) => {
  const { store, seenOn, on, endOf } = await ground(folder);
  const spoken = speak(3, { recipients: [EVE, FINN] });
  await keep(store, spoken, { keeps: true });
  seenOn.finn = 80;
  await on(100);
  assert.equal(endOf(spoken.id), undefined);
  await store.close();
});

testInFolder(
  'a computer that was off for months says it first, and has a week to see who is there',
  async (folder) => {
    const { store, seenOn, on, endOf } = await ground(folder);
    const spoken = speak(3);
    await keep(store, spoken, { keeps: true });
    assert.deepEqual(await on(400), []);
    assert.deepEqual(endOf(spoken.id), [407, undefined]);
    seenOn.eve = 401;
    assert.deepEqual(await on(408), []);
    assert.equal(endOf(spoken.id), undefined);
    await store.close();
  },
);

testInFolder(
  'what its own person has not heard never ends, nor anything while it is not known who is there',
  async (folder) => {
    const { store, on, endOf } = await ground(folder, 1);
    const [unheard, kept] = [speak(3, { recipients: [EVE, FINN] }), speak(3)];
    await keep(store, unheard, { mine: 'recipient', keeps: true });
    assert.deepEqual([await on(300), await on(310), await on(320)], [[], [], []]);
    assert.equal(endOf(unheard.id), undefined);
    await keep(store, kept, { keeps: true });
    for (const day of [321, 410, 420]) assert.deepEqual(await on(day, EVERYBODY), []);
    assert.equal(endOf(kept.id), undefined);
    await store.close();
  },
);

testInFolder('that it ends is still known after a restart', async (folder) => {
  const { store, on, endOf } = await ground(folder);
  const spoken = speak(3);
  await keep(store, spoken, { mine: 'talker' });
  await on(84);
  const before = endOf(spoken.id);
  // By it the next start believes its clock.
  await keep(store, speak(3));
  await store.close();
  const again = await openStore(folder, { now: () => 84 * DAY_MS + 20_000 });
  // A node that has just started does not know yet who is there.
  await again.sweep(EVERYBODY);
  assert.ok(before && again.get(spoken.id)?.local.ending);
  await again.close();
});
