import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { PossessionProof, signReceipt } from '../identity/index.ts';
import { newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { annAndHolders, answer, MINUTE_MS, settled } from './test-copies.ts';

/** Ann's link to the hub ends, and the two link anew. */
function linkAnew({ ann, office }: Awaited<ReturnType<typeof annAndHolders>>, link: HandLink): HandLink {
  const again = new HandLink(link.peer);
  ann.messages.linkDown(link);
  office.upstream = again;
  ann.messages.linkUp(again);
  return again;
}

test('a receipt is not enough: a copy counts when it is proven, and two proven copies empty the outbox', async (t) => {
  const it = await annAndHolders(t);
  const { hub, cleo, upstream, toCleo, say, copies, outbox } = it;
  say(hub, upstream, 'stored');
  say(cleo, upstream, 'stored');
  await until(() => toCleo.of('prove').length === 1, 'the question to the standby, over a link of its own');
  assert.deepEqual([copies(), outbox()], [0, 1]);
  await answer(it, upstream);
  await until(() => copies() === 1, 'one copy');
  assert.equal(outbox(), 1);
  await answer(it, toCleo);
  await until(() => copies() === 2, 'two copies');
  assert.equal(outbox(), 0);
});

test('a holder that is quicker than the talker’s own disk is asked once the message is complete here', async (t) => {
  const it = await annAndHolders(t);
  const { ann, bob, hub, upstream, copies, time } = it;
  const later = await speak(ann, [bob], { time });
  ann.store.begin(later.header.signed, later.header.facts, { mine: 'talker' });
  const { node, store } = hub.record;
  const facts = { v: 1, id: later.id, node, state: 'stored', at: time.now(), n: 1, store: store! } as const;
  ann.messages.frame({ type: 'receipt', receipt: signReceipt(hub.identity, facts) }, upstream);
  await settled();
  assert.deepEqual(upstream.of('prove'), []);
  ann.store.append(later.id, later.fragments);
  await ann.store.setManifest(later.id, later.manifest.signed, later.manifest.facts);
  await until(() => upstream.of('prove').length === 1, 'the question');
  assert.equal(upstream.of('prove')[0]?.id, later.id);
  assert.equal(copies(), 0);
});

test('a wrong answer, another node’s answer and one to another question prove nothing', async (t) => {
  const it = await annAndHolders(t);
  const { ann, hub, cleo, upstream, toCleo, spoken, say, copies } = it;
  const [first, second, ...rest] = spoken.fragments;
  const wrong = [
    { fragments: [] },
    { fragments: [second!, first!, ...rest] },
    { fragments: [...spoken.fragments, first!] },
    { holder: cleo },
    { nonce: 'A'.repeat(22) },
  ];
  for (const [n, change] of wrong.entries()) {
    say(hub, upstream, 'stored');
    await until(() => upstream.of('prove').length === n + 1, 'the question');
    await answer(it, upstream, change);
    await settled();
    assert.equal(copies(), 0, JSON.stringify(n));
  }
  say(hub, upstream, 'stored');
  await until(() => upstream.of('prove').length > wrong.length, 'the question');
  const { nonce } = upstream.of('prove')[wrong.length]!;
  const proof = new PossessionProof({ id: spoken.id, holder: upstream.peer, nonce });
  for (const { bytes } of spoken.fragments) proof.add(bytes);
  const frame = { type: 'proof', id: spoken.id, nonce, proof: proof.digest() } as const;
  ann.messages.frame(frame, toCleo);
  await settled();
  assert.equal(copies(), 0, 'over another’s link');
  ann.messages.frame(frame, upstream);
  await until(() => copies() === 1, 'the copy');
  ann.messages.frame(frame, upstream);
});

test('an answer from a node that was not asked is ignored, and a thousand of them keep no other out', async (t) => {
  const it = await annAndHolders(t);
  const { dan, hub, ann, upstream, spoken, say, store, copies, office } = it;
  say(dan, upstream, 'stored');
  assert.deepEqual(store.get(spoken.id)?.holding, []);
  const nobodies = await Promise.all(Array.from({ length: 70 }, (_, n) => newPerson(t, String(200 + n))));
  office.know(...nobodies);
  for (const nobody of nobodies) say(nobody, upstream, 'stored');
  assert.deepEqual(store.get(spoken.id)?.holding, []);
  say(hub, upstream, 'stored');
  await answer(it, upstream);
  await until(() => copies() === 1, 'the copy');
  assert.equal(ann.log.length, 0);
});

test('a holder that reports the message as lost does not count any more, and another one is asked', async (t) => {
  const it = await annAndHolders(t);
  const { hub, cleo, upstream, toCleo, toDan, spoken, say, copies, time } = it;
  for (const [person, link] of [
    [hub, upstream],
    [cleo, toCleo],
  ] as const) {
    say(person, upstream, 'stored');
    await until(() => link.of('prove').length === 1, 'the question');
    await answer(it, link);
  }
  await until(() => copies() === 2, 'two copies');
  say(cleo, toCleo, 'lost', { n: 1 });
  assert.equal(copies(), 2, 'that is older than what it said since');
  say(cleo, toCleo, 'lost');
  assert.equal(copies(), 1);
  time.pass(10_000);
  await until(() => toCleo.of('keep').length === 1, 'it is asked to keep it anew');
  time.pass(MINUTE_MS);
  await until(() => toDan.of('keep').length === 1, 'another is asked, too');
  assert.deepEqual(toDan.of('keep'), [
    { type: 'keep', header: spoken.header.signed, manifest: spoken.manifest.signed },
  ]);
  say(cleo, toCleo, 'stored');
  await until(() => toCleo.of('prove').length === 2, 'it has to prove it again');
  assert.equal(copies(), 1);
  await answer(it, toCleo);
  await until(() => copies() === 2, 'two again');
});

test('an answer that a message is lost counts, though the holder’s clock was a year ahead when it signed that it held it', async (t) => {
  const it = await annAndHolders(t);
  const { hub, upstream, say, copies } = it;
  say(hub, upstream, 'stored', { n: 2 ** 50 });
  await answer(it, upstream);
  await until(() => copies() === 1, 'the copy');
  const again = linkAnew(it, upstream);
  await until(() => again.of('prove').length === 1, 'the question');
  say(hub, again, 'lost', { n: 1 });
  await until(() => copies() === 0, 'it is no copy any more');
});

test('the copies of a node whose record names another store do not count; those of a node that is offline do', async (t) => {
  const it = await annAndHolders(t);
  const { ann, hub, upstream, spoken, say, copies, office, time } = it;
  say(hub, upstream, 'stored');
  await answer(it, upstream);
  await until(() => copies() === 1, 'the copy');
  office.upstream = undefined;
  ann.messages.linkDown(upstream);
  assert.equal(copies(), 1);
  const shown = ann.watch('message');
  const { record } = hub;
  office.know({ ...hub, record: { ...record, store: 'AAAAAAAAAAA', revision: 2 } });
  ann.messages.expect([]);
  assert.equal(copies(), 0);
  assert.deepEqual(shown, [spoken.id], 'whoever shows it is told');
  office.upstream = upstream;
  time.pass(10_000);
  await until(() => upstream.of('keep').length === 1, 'it is asked to keep it anew');
});

test('on each new link a holder proves again the copies for which somebody still waits', async (t) => {
  const it = await annAndHolders(t);
  const { bob, hub, upstream, spoken, say, copies, office } = it;
  say(hub, upstream, 'stored');
  await answer(it, upstream);
  await until(() => copies() === 1, 'the copy');
  const again = linkAnew(it, upstream);
  await until(() => again.of('prove').length === 1, 'the question');
  assert.equal(copies(), 1, 'it counts until it is known better');
  await answer(it, again, { fragments: spoken.fragments.slice(1) });
  await until(() => copies() === 0, 'it counts no more');
  office.know(bob);
  say(bob, again, 'received');
  const last = linkAnew(it, again);
  await settled();
  assert.deepEqual(last.of('prove'), [], 'nobody waits any more');
});

test('a node that asks for its inbox many times over one link is asked for its proofs once', async (t) => {
  const it = await annAndHolders(t);
  const { ann, hub, upstream, say, copies } = it;
  say(hub, upstream, 'stored');
  await answer(it, upstream);
  await until(() => copies() === 1, 'the copy');
  ann.messages.frame({ type: 'inbox' }, upstream);
  await until(() => upstream.of('prove').length === 2, 'the question of the new link');
  await answer(it, upstream);
  for (let n = 0; n < 100; n += 1) ann.messages.frame({ type: 'inbox' }, upstream);
  await settled();
  assert.equal(upstream.of('prove').length, 2);
  assert.equal(copies(), 1);
});

test('a node that answers no question counts as no copy, and is asked once over each link', async (t) => {
  const it = await annAndHolders(t);
  const { hub, upstream, say, copies, outbox, time } = it;
  say(hub, upstream, 'stored');
  await until(() => upstream.of('prove').length === 1, 'the question');
  time.pass(MINUTE_MS);
  say(hub, upstream, 'stored');
  await settled();
  assert.deepEqual([upstream.of('prove').length, copies(), outbox()], [1, 0, 1]);
});

test('a node that was asked to keep a message may fetch it; another one may not', async (t) => {
  const it = await annAndHolders(t);
  const { ann, toDan, spoken, time, office, upstream, toCleo } = it;
  const fetch = { type: 'fetch', id: spoken.id, from: 0, follow: true } as const;
  ann.messages.frame(fetch, toDan);
  await until(() => toDan.of('fetch-end').length === 1, 'the refusal');
  assert.equal(toDan.of('fetch-end')[0]?.reason, 'not-held');
  time.pass(10_000);
  await until(() => upstream.of('keep').length === 1 && toCleo.of('keep').length === 1, 'the two are asked');
  assert.deepEqual(toDan.of('keep'), []);
  assert.ok(office.online.includes(toDan.peer));
  time.pass(MINUTE_MS);
  await until(() => toDan.of('keep').length === 1, 'Dan is asked');
  ann.messages.frame(fetch, toDan);
  await until(() => toDan.numbers(spoken.id).length === spoken.fragments.length, 'the fragments');
});

test('nobody without room is asked to keep a message; who makes room is asked within ten seconds', async (t) => {
  const { ann, hub, cleo, dan, upstream, toCleo, toDan, spoken, outbox, office, time } =
    await annAndHolders(t);
  const asked = () => [upstream, toCleo, toDan].map((link) => link.of('keep').length);
  for (const { record } of [hub, cleo, dan]) office.full.add(record.node);
  ann.messages.expect([]);
  for (let minute = 0; minute < 3; minute += 1) time.pass(MINUTE_MS);
  await settled();
  assert.deepEqual(asked(), [0, 0, 0]);
  assert.equal(outbox(), 1, 'it is on no other computer, and that is not hidden');
  office.full.delete(dan.record.node);
  ann.messages.expect([]);
  time.pass(10_000);
  await until(() => toDan.of('keep').length === 1, 'the request');
  assert.equal(toDan.of('keep')[0]?.header, spoken.header.signed);
  // It had none after all, and has some again: it need not wait until it would be asked once more.
  office.full.add(dan.record.node);
  ann.messages.expect([]);
  time.pass(MINUTE_MS);
  office.full.delete(dan.record.node);
  ann.messages.expect([]);
  time.pass(10_000);
  await until(() => toDan.of('keep').length === 2, 'another request');
  assert.deepEqual(asked(), [0, 0, 2]);
});
