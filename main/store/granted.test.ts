import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EVE, FINN, keep, openStore, receiptOf, signed, speak, testInFolder } from './test-office.ts';
import { EVERYBODY } from './receipts.ts';

const grant = signed({ any: 'grant' });

testInFolder(
  'a computer that was granted the key may have received and heard the message, also after a restart without an index',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(3);
    await keep(store, spoken, { mine: 'talker' });
    const heard = receiptOf(spoken.id, FINN, 'heard');
    assert.equal(store.setReceipt(signed(heard), heard), false, 'it is not for Finn');
    store.setLocal(spoken.id, { grants: [{ node: FINN, grant }] });
    assert.equal(store.setReceipt(signed(heard), heard), true);
    await store.close();
    await rm(join(folder, 'index'), { recursive: true });
    const again = await openStore(folder);
    assert.deepEqual(
      again.get(spoken.id)?.receipts.map(({ facts }) => [facts.node, facts.state]),
      [[FINN, 'heard']],
    );
    assert.deepEqual(again.get(spoken.id)?.local.grants, [{ node: FINN, grant }]);
    await again.close();
  },
);

testInFolder('what Finn heard at the computer that was granted the key, Finn has heard', async (folder) => {
  let now = 10_000;
  const store = await openStore(folder, { retentionMs: 1, now: () => now });
  const spoken = speak(3);
  await keep(store, spoken, { mine: 'talker' });
  store.setLocal(spoken.id, { grants: [{ node: FINN, grant }] });
  now += 2;
  const audience = { ...EVERYBODY, personOf: () => EVE };
  assert.deepEqual(await store.sweep(audience), [], 'nobody has heard it');
  const heard = receiptOf(spoken.id, FINN, 'heard');
  store.setReceipt(signed(heard), heard);
  assert.deepEqual(await store.sweep(audience), [spoken.id]);
  await store.close();
});

testInFolder(
  'what cannot be opened here is not unheard, and goes by age; once its key is here it stays until it is heard',
  async (folder) => {
    let now = 10_000;
    const store = await openStore(folder, { retentionMs: 1, now: () => now });
    const [sealed, opened] = [speak(3), speak(3)];
    for (const one of [sealed, opened]) {
      await keep(store, one, { mine: 'recipient' });
      store.setLocal(one.id, { sealed: true });
    }
    assert.deepEqual(store.unheard(), []);
    store.setLocal(opened.id, { sealed: false });
    assert.deepEqual(
      store.unheard().map(({ id }) => id),
      [opened.id],
    );
    now += 2;
    assert.deepEqual(await store.sweep(), [sealed.id]);
    await store.close();
  },
);
