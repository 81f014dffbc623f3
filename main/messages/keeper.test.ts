import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import {
  isSameProof,
  PossessionProof,
  signHeader,
  signManifest,
  signReceipt,
  verifyReceipt,
} from '../identity/index.ts';
import { BUDGETS, MAX_FRAGMENT_BYTES, newMessageId, nextTurn, type NodeId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { hasRoomFor } from './keeper.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

const NONCE = 'AAECAwQFBgcICQoLDA0ODw';

/** Dan, whom Ann asks to keep what she said to Bob; Dan is neither switch nor standby nor recipient. */
async function ground(t: TestContext) {
  const dan = await Desk.open(t, '105');
  const [ann, bob, cleo] = await Promise.all([newPerson(t, '101'), newPerson(t, '102'), newPerson(t, '104')]);
  dan.office.know(ann, bob, cleo);
  const link = new HandLink(ann.record.node);
  dan.office.downstream = [link];
  const spoken = await speak(ann, [bob], { time: dan.time });
  const keep = (message: Spoken = spoken, from = link) =>
    dan.messages.frame(
      { type: 'keep', header: message.header.signed, manifest: message.manifest.signed },
      from,
    );
  const serve = async ({ id, fragments }: Spoken = spoken) => {
    await until(() => link.of('fetch').some((fetch) => fetch.id === id), 'the fetch');
    dan.messages.fragments(id, fragments, link);
  };
  const prove = (from = link, id = spoken.id) =>
    dan.messages.frame({ type: 'prove', id, nonce: NONCE }, from);
  /** What Dan said last to Ann of holding a message. */
  const word = () => {
    const receipts = link.of('receipt');
    const last = receipts[receipts.length - 1];
    return last && verifyReceipt(last.receipt, dan.identity.signingKeySpki);
  };
  return { dan, ann, bob, cleo, link, spoken, keep, serve, prove, word, time: dan.time };
}

test('a node that is asked keeps the message, signs a receipt with its store’s id, and proves it', async (t) => {
  const { dan, link, spoken, keep, serve, prove, word } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  assert.equal(word()?.store, dan.store.id);
  assert.deepEqual(dan.store.shown(), [], 'its person sees nothing of it');
  prove();
  await until(() => link.of('proof').length === 1, 'the proof');
  const expected = new PossessionProof({ id: spoken.id, holder: dan.node, nonce: NONCE });
  for (const { bytes } of spoken.fragments) expected.add(bytes);
  const { nonce, proof } = link.of('proof')[0]!;
  assert.ok(nonce === NONCE && isSameProof(proof, expected.digest()));
});

test('a message kept for a talker is removed when everybody has heard it and its time is over', async (t) => {
  const { dan, bob, link, spoken, keep, serve, word } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  dan.store.setLimits({ retentionMs: 0 });
  dan.time.pass(1);
  assert.deepEqual(await dan.store.sweep(), []);
  const facts = {
    v: 1,
    id: spoken.id,
    node: bob.record.node,
    state: 'heard',
    at: dan.time.now(),
    n: 1,
  } as const;
  dan.messages.frame({ type: 'receipt', receipt: signReceipt(bob.identity, facts) }, link);
  assert.deepEqual(await dan.store.sweep(), [spoken.id]);
});

test('invalid requests are ignored: for another talker’s message, a forged one, a manifest of another message', async (t) => {
  const { dan, ann, bob, cleo, link, spoken, keep, time } = await ground(t);
  keep(spoken, new HandLink(cleo.record.node));
  const other = await speak(ann, [bob], { time });
  keep({ ...spoken, manifest: other.manifest });
  const { payload } = spoken.header.signed;
  const forged = {
    payload: payload.replace('"from":"101"', '"from":"109"'),
    signature: spoken.header.signed.signature,
  };
  keep({ ...spoken, header: { ...spoken.header, signed: forged } });
  assert.equal(dan.store.list().length, 0);
  assert.deepEqual(link.sent, []);
});

test('only its talker gets a proof', async (t) => {
  const { bob, link, spoken, keep, serve, prove, word, dan } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  const toBob = new HandLink(bob.record.node);
  dan.office.downstream = [link, toBob];
  prove(toBob);
  prove();
  await until(() => link.of('proof').length === 1, 'the proof for the talker');
  assert.deepEqual(toBob.of('proof'), []);
  assert.ok(dan.store.get(spoken.id));
});

test('a node that does not hold the message says so, signed', async (t) => {
  const { prove, word, dan, spoken } = await ground(t);
  prove();
  await until(() => word() !== undefined, 'the answer');
  const { state, node, id, store, n } = word()!;
  assert.deepEqual([state, node, id, store], ['lost', dan.node, spoken.id, dan.store.id]);
  assert.ok((n ?? 0) > 0);
});

test('a copy that the disk corrupted is not proven: its node says so, and fetches it again', async (t) => {
  const { dan, link, spoken, keep, serve, prove, word } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  const path = join(dan.folder, 'messages', `${Buffer.from(spoken.id, 'base64url').toString('hex')}.crm`);
  const bytes = await readFile(path);
  bytes.fill(0, bytes.indexOf(spoken.fragments[7]!.bytes), bytes.indexOf(spoken.fragments[8]!.bytes));
  await writeFile(path, bytes);
  dan.time.pass(1);
  prove();
  await until(() => word()?.state === 'lost', 'the loss');
  assert.deepEqual(link.of('proof'), []);
  await until(() => link.of('fetch').length === 2, 'the fetch');
  dan.messages.fragments(spoken.id, spoken.fragments, link);
  dan.time.pass(1);
  await until(() => word()?.state === 'stored', 'the receipt');
  prove();
  await until(() => link.of('proof').length === 1, 'the proof');
});

test('a node without room keeps nothing further and says so, and still proves what it holds', async (t) => {
  const { dan, ann, bob, link, spoken, keep, serve, prove, word, time } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  dan.office.full.add(dan.node);
  const other = await speak(ann, [bob], { time });
  keep(other);
  assert.deepEqual([word()?.id, word()?.state], [other.id, 'lost']);
  assert.deepEqual(
    dan.store.list().map(({ id }) => id),
    [spoken.id],
  );
  prove();
  await until(() => link.of('proof').length === 1, 'the proof');
  dan.office.full.clear();
  keep(other);
  await serve(other);
  await until(() => word()?.id === other.id && word()?.state === 'stored', 'the receipt');
});

test('a message that was deleted here is not kept again, and the talker learns that', async (t) => {
  const { keep, serve, word, dan, spoken } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  const before = word()!.n!;
  await dan.store.delete(spoken.id);
  dan.time.pass(1);
  keep();
  assert.equal(word()?.state, 'lost');
  assert.ok(word()!.n! > before);
  assert.equal(dan.store.list().length, 0);
});

test('a node that is asked for a message that it holds confirms it again, with its present store’s id', async (t) => {
  const { keep, serve, word, link } = await ground(t);
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  const { length } = link.of('receipt');
  const { n } = word()!;
  keep();
  assert.equal(link.of('receipt').length, length + 1);
  assert.deepEqual([word()?.state, word()?.n], ['stored', n]);
});

test('a recipient that is asked to keep a message receives it thereby', async (t) => {
  const { dan, ann, keep, serve, word, time } = await ground(t);
  const forDan = await speak(ann, [dan], { time });
  const notifications = dan.watch('notification');
  keep(forDan);
  await serve(forDan);
  await until(() => word()?.state === 'received', 'the receipt');
  await until(
    () => notifications.length === 1 || dan.messages.inbox.isLive(forDan.id),
    'its person learns of it',
  );
});

test('more questions at once than a talker asks are ignored', async (t) => {
  const { dan, ann, keep, serve, word, prove, link } = await ground(t);
  const over = dan.watch('over');
  keep();
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  for (let n = 0; n < 200; n += 1) prove();
  assert.equal(over.length, 184);
  assert.deepEqual(over[0], { node: ann.record.node, budget: 'proofsWaiting' });
  await until(() => link.of('proof').length >= 16, 'the proofs');
  for (let turn = 0; turn < 100; turn += 1) await nextTurn();
  assert.equal(link.of('proof').length, 16);
  prove();
  await until(() => link.of('proof').length === 17, 'the next one is answered');
});

test('a talker that asks for more than there is room for is refused, and counted', async (t) => {
  const { dan, ann, bob, keep, word, time } = await ground(t);
  const over = dan.watch('over');
  const long = async (): Promise<Spoken> => {
    const message = await speak(ann, [bob], { time });
    const facts = { ...message.manifest.facts, count: 60_000, durationMs: 600_000 };
    return { ...message, manifest: { signed: signManifest(ann.identity, facts), facts } };
  };
  const [first, second] = [await long(), await long()];
  keep(first);
  assert.deepEqual(over, []);
  keep(second);
  assert.deepEqual(over, [{ node: ann.record.node, budget: 'keptForTalkers' }]);
  assert.deepEqual([word()?.id, word()?.state], [second.id, 'lost']);
  assert.deepEqual(
    dan.store.list().map(({ id }) => id),
    [first.id],
  );
});

test('another header under the id of a message that is kept changes nothing', async (t) => {
  const { dan, ann, spoken, keep, serve, link, word } = await ground(t);
  keep();
  const facts = { ...spoken.header.facts, to: '109' };
  const sent = link.sent.length;
  keep({ ...spoken, header: { facts, signed: signHeader(ann.identity, facts) } });
  assert.equal(link.sent.length, sent);
  await serve();
  await until(() => word()?.state === 'stored', 'the receipt');
  assert.deepEqual(dan.store.get(spoken.id)?.header.facts, spoken.header.facts);
});

test('the room for one talker’s messages, and for all talkers’, is limited', () => {
  const talkers = ['ann', 'bob'] as unknown as [NodeId, NodeId];
  const kept = (talker: NodeId, bytes: number): StoredMessage =>
    ({
      ...{ id: newMessageId(), state: 'complete', bytes },
      header: { facts: { talker } },
    }) as unknown as StoredMessage;
  const [ann, bob] = talkers;
  const { perPeer, inAll } = BUDGETS.keptForTalkers;
  const tenMinutes = 60_000;
  assert.ok(hasRoomFor([], ann, tenMinutes), 'the longest message finds room');
  const almost = kept(ann, perPeer.atOnce - 10 * MAX_FRAGMENT_BYTES);
  assert.ok(hasRoomFor([almost], ann, 10));
  assert.ok(!hasRoomFor([almost], ann, 11));
  assert.ok(hasRoomFor([almost], bob, tenMinutes), 'one talker takes nothing from another');
  const many = Array.from({ length: 100 }, (_, n) => kept(`${n}` as NodeId, inAll.atOnce / 100));
  assert.ok(!hasRoomFor(many, bob, 1), 'all together take no more than there is for all');
  const coming = { ...kept(ann, 0), state: 'incomplete', manifest: { facts: { count: tenMinutes } } };
  assert.ok(
    !hasRoomFor([coming as unknown as StoredMessage], ann, tenMinutes),
    'what is on its way takes room',
  );
});
