import assert from 'node:assert/strict';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CorridorError,
  MAX_FRAGMENT_BYTES,
  newMessageId,
  type MessageId,
  type ReceiptState,
  writeSheet,
} from '../model/index.ts';
import {
  assertSame,
  DANA,
  EVE,
  FINN,
  keep,
  nodeId,
  openStore,
  receiptOf,
  signed,
  speak,
  testInFolder,
} from './test-office.ts';

testInFolder(
  'a message that arrives out of order and twice is complete and comes back bit-exact',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(300);
    store.begin(signed(spoken.header), spoken.header, { mine: 'recipient' });
    assert.equal(store.append(spoken.id, spoken.fragments.slice(200)), 100);
    assert.deepEqual(store.missing(spoken.id), [{ from: 0, to: 200 }]);
    assert.equal(store.append(spoken.id, [...spoken.fragments].reverse().slice(50)), 200);
    assert.equal(store.append(spoken.id, spoken.fragments), 0);
    const completed: MessageId[] = [];
    store.on('complete', (id) => completed.push(id));
    assert.equal(await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest), 'complete');
    assert.deepEqual(completed, [spoken.id]);
    await store.close();

    const again = await openStore(folder);
    assert.equal(again.get(spoken.id)?.state, 'complete');
    assert.deepEqual(again.findings, []);
    assertSame(await again.read(spoken.id, 0, 1000), spoken.fragments);
    assertSame(await again.read(spoken.id, 290, 5), spoken.fragments.slice(290, 295));
    await again.close();
  },
);

testInFolder(
  'what is out of bounds is passed over, and an unknown or misshapen message is refused',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(3);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    const bytes = new Uint8Array(10);
    const bad = [-1, 0.5, 60_000, NaN].map((n) => ({ n, bytes }));
    assert.equal(store.append(spoken.id, bad), 0);
    assert.equal(store.append(spoken.id, [{ n: 0, bytes: new Uint8Array(MAX_FRAGMENT_BYTES + 1) }]), 0);
    assert.equal(store.append(spoken.id, [{ n: 0, bytes: new Uint8Array(0) }]), 0);
    const refusal = (code: string) => (error: unknown) =>
      error instanceof CorridorError && error.code === code;
    assert.throws(() => store.append(speak(1).id, spoken.fragments), refusal('unknown-message'));
    const trick = speak(1, { id: '../../../../etc/passwd' as MessageId });
    assert.throws(() => store.begin(signed(trick.header), trick.header, {}), refusal('bad-message-id'));
    const twin = speak(1, { id: `${'A'.repeat(21)}B` as MessageId });
    assert.throws(() => store.begin(signed(twin.header), twin.header, {}), refusal('bad-message-id'));
    const other = { ...spoken.manifest, talker: FINN };
    await assert.rejects(store.setManifest(spoken.id, signed(other), other), refusal('wrong-manifest'));
    await store.close();
  },
);

testInFolder(
  'a message whose hash does not agree loses its fragments and completes when they are fetched again',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(50);
    const damaged: MessageId[] = [];
    store.on('damaged', (id) => damaged.push(id));
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    store.append(spoken.id, [{ n: 7, bytes: new Uint8Array(20) }]);
    store.append(spoken.id, spoken.fragments);
    assert.equal(await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest), 'damaged');
    assert.deepEqual(damaged, [spoken.id]);
    assert.deepEqual(store.missing(spoken.id), [{ from: 0, to: 50 }]);
    assert.equal(store.get(spoken.id)?.state, 'incomplete');
    const complete = new Promise((resolve) => store.on('complete', resolve));
    assert.equal(store.append(spoken.id, spoken.fragments), 50);
    await complete;
    assertSame(await store.read(spoken.id, 0, 100), spoken.fragments);
    await store.close();
  },
);

testInFolder(
  'fragments beyond the manifest are dropped, and an empty message is complete',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(10);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
    store.append(spoken.id, [...spoken.fragments, { n: 10, bytes: new Uint8Array(5) }]);
    assert.equal(await store.setManifest(spoken.id, signed(spoken.manifest), spoken.manifest), 'complete');
    assertSame(await store.read(spoken.id, 0, 100), spoken.fragments);
    await keep(store, speak(0));
    await store.close();
    const again = await openStore(folder);
    assertSame(await again.read(spoken.id, 0, 100), spoken.fragments);
    await again.close();
  },
);

testInFolder(
  'receipts, local facts, roles and numbers outlive a restart; the outbox empties when every recipient has it',
  async (folder) => {
    const store = await openStore(folder);
    const spoken = speak(5, { recipients: [EVE, FINN] });
    await keep(store, spoken, { mine: 'talker' });
    const number = store.get(spoken.id)!.local.number!;
    assert.match(number, /^[0-9]{4}$/);
    assert.equal(store.outbox().length, 1);
    const give = (node: typeof EVE, state: ReceiptState) => {
      const receipt = receiptOf(spoken.id, node, state);
      return store.setReceipt(signed(receipt), receipt);
    };
    assert.equal(give(nodeId('switch'), 'stored'), true);
    assert.equal(give(DANA, 'stored'), true);
    assert.equal(store.outbox().length, 1);
    assert.equal(give(EVE, 'heard'), true);
    assert.equal(give(EVE, 'received'), false);
    assert.equal(store.outbox().length, 1);
    assert.equal(give(FINN, 'received'), true);
    assert.equal(store.outbox().length, 0);
    assert.equal(give(nodeId('switch'), 'lost'), true);
    const proofs = [{ node: nodeId('switch'), store: 'AAAAAAAAAAA' }];
    store.setLocal(spoken.id, { notifiedAt: 5, peaks: 'f/8=', number: '9999', proofs });
    await store.close();

    const again = await openStore(folder);
    const found = again.findByNumber(number);
    assert.equal(found?.id, spoken.id);
    assert.deepEqual(found?.roles, { mine: 'talker', keeps: false });
    const arrived = { place: 10_000, at: 10_000 };
    assert.deepEqual(found?.local, { arrived, number, notifiedAt: 5, peaks: 'f/8=', proofs });
    assert.equal(found?.receipts.length, 3, 'Dana, Eve and Finn have it; the switch has it no longer');
    assert.equal(found.holding.find(({ facts }) => facts.node === nodeId('switch'))?.facts.state, 'lost');
    assert.equal(again.id, store.id);
    assert.match(again.id, /^[\w-]{11}$/);
    assert.deepEqual(again.findings, []);
    assert.equal(again.list({ for: FINN }).length, 1);
    assert.equal(again.list({ for: DANA }).length, 0);
    await again.close();
  },
);

testInFolder('a deleted message stays deleted, and unheard ones are told', async (folder) => {
  const store = await openStore(folder);
  const spoken = speak(5);
  await keep(store, spoken, { mine: 'recipient' });
  assert.deepEqual(
    store.unheard().map(({ id }) => id),
    [spoken.id],
  );
  store.setLocal(spoken.id, { heard: 7 });
  assert.equal(store.unheard().length, 0);
  await store.delete(spoken.id);
  await store.close();
  const again = await openStore(folder);
  assert.equal(again.list().length, 0);
  assert.equal(again.wasDeleted(spoken.id), true);
  assert.throws(() => again.begin(signed(spoken.header), spoken.header, {}), /deleted/);
  assert.deepEqual(await readdir(join(folder, 'messages')), []);
  await again.close();
});

testInFolder('files and folders are for their owner only', async (folder) => {
  const store = await openStore(folder);
  await keep(store, speak(5));
  await store.close();
  for (const name of ['messages', 'index']) {
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o700);
    for (const file of await readdir(join(folder, name)))
      assert.equal((await stat(join(folder, name, file))).mode & 0o777, 0o600);
  }
});

testInFolder('the number of messages in an index file is bounded', async (folder) => {
  const store = await openStore(folder);
  for (let i = 0; i < 130; i++) {
    const spoken = speak(1);
    store.begin(signed(spoken.header), spoken.header, { keeps: true });
  }
  await store.close();
  assert.equal((await readdir(join(folder, 'index'))).length, 3);
  const again = await openStore(folder);
  assert.equal(again.list().length, 130);
  await again.close();
});

testInFolder('a message to many keeps its key sheet, also where the index is lost', async (folder) => {
  const recipients = Array.from({ length: 250 }, (_, n) => nodeId(`Person ${n}`));
  const keys = [DANA, ...recipients].map((node) => ({ node, enc: 'E'.repeat(87), sealed: 'I'.repeat(59) }));
  const sheet = writeSheet({ v: 1, talker: DANA, salt: newMessageId(), recipients, keys });
  const senderKey = { sheet: sheet.hash, salt: sheet.sheet.salt, sealed: 'I'.repeat(59) };
  const begun = await Promise.all(
    [1, 2].map(async () => {
      const { id, header, fragments, manifest } = speak(20);
      const { recipients: _, keys: __, ...about } = header;
      const said = {
        ...signed({ ...about, sheet: sheet.hash, sealed: senderKey.sealed }),
        sheet: sheet.text,
      };
      const facts = { ...header, recipients, keys, senderKey };
      return { id, said, facts, fragments, manifest };
    }),
  );
  const first = await openStore(folder);
  for (const { id, said, facts, fragments, manifest } of begun) {
    first.begin(said, facts, { mine: 'recipient', keeps: true });
    first.append(id, fragments);
    assert.equal(await first.setManifest(id, signed(manifest), manifest), 'complete');
  }
  await first.close();
  for (const isIndexLost of [false, true]) {
    if (isIndexLost) await rm(join(folder, 'index'), { recursive: true });
    const store = await openStore(folder);
    for (const { id, said, facts } of begun) {
      assert.deepEqual(store.get(id)?.header, { signed: said, facts });
      assert.equal(store.get(id)?.state, 'complete');
    }
    await store.close();
  }
});
