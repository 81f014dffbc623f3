import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { PossessionProof, signReceipt } from '../identity/index.ts';
import { nextTurn, type Receipt, type ReceiptState } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

const MINUTE_MS = 60_000;
const UNDO_MS = 10_000;

/** Ann talked to Bob, who is away. She follows the hub, whose standby is Cleo; Dan is there, too. */
async function ground(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const [bob, hub, cleo, dan] = await Promise.all(
    ['102', '103', '104', '105'].map((extension) => newPerson(t, extension)),
  );
  const people = { bob, hub, cleo, dan } as Readonly<Record<'bob' | 'hub' | 'cleo' | 'dan', Person>>;
  const { office, store, time } = ann;
  office.know(people.hub, people.cleo, people.dan);
  const link = (person: Person) => new HandLink(person.record.node);
  const [upstream, toCleo, toDan] = [link(people.hub), link(people.cleo), link(people.dan)];
  office.upstream = upstream;
  office.switchNode = upstream.peer;
  office.standbyNode = toCleo.peer;
  for (const visit of [toCleo, toDan]) office.visits.set(visit.peer, visit);
  const spoken = await speak(ann, [people.bob], { time });
  store.begin(spoken.header.signed, spoken.header.facts, { mine: 'talker' });
  store.append(spoken.id, spoken.fragments);
  await store.setManifest(spoken.id, spoken.manifest.signed, spoken.manifest.facts);
  let n = 0;
  /** What somebody says of holding it: signed, and as it may not be. */
  const say = (person: Person, from: HandLink, state: ReceiptState, more: Partial<Receipt> = {}) => {
    const { node, store: storeId } = person.record;
    const facts: Receipt = {
      ...{ v: 1, id: spoken.id, node, state, at: time.now(), n: (n += 1), store: storeId! },
      ...more,
    };
    ann.messages.frame({ type: 'receipt', receipt: signReceipt(person.identity, facts) }, from);
  };
  const copies = () => ann.messages.copies(store.get(spoken.id)!);
  const outbox = () => ann.messages.outbox().length;
  return { ann, ...people, upstream, toCleo, toDan, spoken, say, copies, outbox, time, office, store };
}

/** Answers what was asked last over this link, as whoever has these fragments can. */
async function answer(
  { ann, spoken }: { readonly ann: Desk; readonly spoken: Spoken },
  link: HandLink,
  change: {
    readonly fragments?: Spoken['fragments'];
    readonly holder?: Person;
    readonly nonce?: string;
  } = {},
): Promise<void> {
  const asked = link.of('prove').length;
  await until(() => link.of('prove').length > 0, 'the question');
  const { nonce } = link.of('prove')[asked === 0 ? 0 : asked - 1]!;
  const proof = new PossessionProof({
    id: spoken.id,
    holder: change.holder?.record.node ?? link.peer,
    nonce: change.nonce ?? nonce,
  });
  for (const { bytes } of change.fragments ?? spoken.fragments) proof.add(bytes);
  ann.messages.frame({ type: 'proof', id: spoken.id, nonce, proof: proof.digest() }, link);
}

/** The room has done what it does with what came. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await nextTurn();
}

test('a receipt is a word: the copy counts when it is proven, and two empty the outbox', async (t) => {
  const it = await ground(t);
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

test('a holder that is quicker than the talker’s own disk is asked when the message is whole here', async (t) => {
  const it = await ground(t);
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

test('a wrong answer, another’s answer and one to another question prove nothing', async (t) => {
  const it = await ground(t);
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

test('who was not asked is not heard, and a thousand of them shut nobody out', async (t) => {
  const it = await ground(t);
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

test('a holder that says it lost the message counts no more, and another is asked', async (t) => {
  const it = await ground(t);
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

test('a node whose record names another store holds nothing of what it held; one that is offline does', async (t) => {
  const it = await ground(t);
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

test('on each new link a holder proves again what somebody still waits for', async (t) => {
  const it = await ground(t);
  const { ann, bob, hub, upstream, spoken, say, copies, office } = it;
  say(hub, upstream, 'stored');
  await answer(it, upstream);
  await until(() => copies() === 1, 'the copy');
  ann.messages.linkDown(upstream);
  const again = new HandLink(upstream.peer);
  office.upstream = again;
  ann.messages.linkUp(again);
  await until(() => again.of('prove').length === 1, 'the question');
  assert.equal(copies(), 1, 'it counts until it is known better');
  await answer(it, again, { fragments: spoken.fragments.slice(1) });
  await until(() => copies() === 0, 'it counts no more');
  office.know(bob);
  say(bob, again, 'received');
  const last = new HandLink(upstream.peer);
  ann.messages.linkDown(again);
  office.upstream = last;
  ann.messages.linkUp(last);
  await settled();
  assert.deepEqual(last.of('prove'), [], 'nobody waits any more');
});

test('however often a node asks over one link what waits for it, it is asked for its proofs once', async (t) => {
  const it = await ground(t);
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
  const it = await ground(t);
  const { hub, upstream, say, copies, outbox, time } = it;
  say(hub, upstream, 'stored');
  await until(() => upstream.of('prove').length === 1, 'the question');
  time.pass(MINUTE_MS);
  say(hub, upstream, 'stored');
  await settled();
  assert.deepEqual([upstream.of('prove').length, copies(), outbox()], [1, 0, 1]);
});

test('who was asked to keep it may fetch it; who was not may not', async (t) => {
  const it = await ground(t);
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

/** Ann has deleted it, and the time for undoing is over: both holders are asked. */
async function erasing(t: TestContext) {
  const it = await ground(t);
  const { ann, hub, cleo, upstream, toCleo, spoken, say, copies, time } = it;
  for (const [person, link] of [
    [hub, upstream],
    [cleo, toCleo],
  ] as const) {
    say(person, upstream, 'stored');
    await until(() => link.of('prove').length === 1, 'the question');
    await answer(it, link);
  }
  await until(() => copies() === 2, 'two copies');
  await ann.messages.delete(spoken.id);
  await until(() => time.dueIn.includes(UNDO_MS), 'the time to erase it');
  time.pass(UNDO_MS);
  for (const link of [upstream, toCleo]) await until(() => link.of('prove').length === 2, 'the question');
  return it;
}

test('when everybody has heard it, whoever was asked to keep it learns that', async (t) => {
  const it = await ground(t);
  const { bob, upstream, toCleo, toDan, say, time, office } = it;
  office.standbyNode = undefined;
  time.pass(10_000);
  await until(() => [...toCleo.of('keep'), ...toDan.of('keep')].length > 0, 'another is asked');
  office.know(bob);
  const asked = toCleo.of('keep').length > 0 ? toCleo : toDan;
  say(bob, upstream, 'received');
  await settled();
  assert.deepEqual(asked.of('receipt'), [], 'it is not heard yet');
  say(bob, upstream, 'heard');
  await until(() => asked.of('receipt').length === 1, 'the receipt');
  await settled();
  assert.deepEqual(upstream.of('receipt'), [], 'the switch has seen it pass');
});

test('the own copy goes when two holders prove theirs at that moment', async (t) => {
  const it = await erasing(t);
  await answer(it, it.upstream);
  await settled();
  assert.ok(it.store.get(it.spoken.id), 'one is not enough');
  await answer(it, it.toCleo);
  await until(() => it.store.wasDeleted(it.spoken.id), 'the erasure');
});

test('the own copy stays where only one answers, or the person has brought it back meanwhile', async (t) => {
  const it = await erasing(t);
  await answer(it, it.upstream);
  it.time.pass(MINUTE_MS);
  await settled();
  assert.ok(it.store.get(it.spoken.id));
  const other = await erasing(t);
  await other.ann.messages.retention.restore(other.spoken.id);
  for (const link of [other.upstream, other.toCleo]) await answer(other, link);
  await settled();
  assert.equal(other.store.shown().length, 1);
});

test('an own message that others are asked for at once is not put off by an earlier look', async (t) => {
  const it = await ground(t);
  const { ann, toDan, upstream, toCleo, time, office } = it;
  office.standbyNode = undefined;
  time.pass(9_000);
  ann.messages.linkUp(upstream);
  const later = await speak(ann, [it.bob], { time });
  ann.store.begin(later.header.signed, later.header.facts, { mine: 'talker' });
  ann.store.append(later.id, later.fragments);
  await ann.store.setManifest(later.id, later.manifest.signed, later.manifest.facts);
  time.pass(10_000);
  const asked = () =>
    [toDan, toCleo].flatMap((link) => link.of('keep')).filter(({ header }) => header === later.header.signed);
  await until(() => asked().length === 2, 'others than the switch, which has not proven it, are asked');
});
