import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { readRequestAnswer, readRequestNotice, signCard, type Identity } from '../identity/index.ts';
import { toBase64url } from '../model/index.ts';
import { MINUTE, Newcomer, receptionAt } from './test-reception.ts';

void test('who asks, compares and is let in comes in, and everybody is told who asks and that somebody answers', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
  assert.deepEqual(desk.came, [desk.cy.nodeId]);
  const [asked] = desk.told;
  assert.ok(asked?.type === 'asked' && asked.leftMs === 10 * MINUTE);
  assert.equal(readRequestNotice(asked.told, desk.plain)?.node, desk.cy.nodeId);
  desk.reception.compare(desk.cy.nodeId);
  const answered = desk.told[1];
  assert.ok(answered?.type === 'answered');
  const { node, place } = readRequestAnswer(answered.answer, desk.plain) ?? assert.fail();
  assert.deepEqual({ node, place }, { node: desk.cy.nodeId, place: { address: '10.0.0.1', port: 4000 } });
  assert.equal((await newcomer.of('go')).place, undefined, 'on this link');
  const digits = await newcomer.begin().reveal();
  assert.equal(newcomer.shown?.digits, digits);
  await assert.rejects(desk.reception.admit(desk.cy.nodeId), { code: 'not-compared' });
  await newcomer.agree();
  await desk.reception.admit(desk.cy.nodeId);
  assert.equal((await newcomer.welcomed())?.kind, 'joined');
  assert.ok(desk.plain.standing.members.has(desk.cy.nodeId));
  assert.deepEqual(desk.reception.shown, []);
});

void test('nobody asks in another’s name', async (t) => {
  const desk = await receptionAt(t, 'ana');
  assert.equal(
    await (await (await Newcomer.at(desk, desk.cy)).ask(signCard(desk.dana))).refused(),
    'bad-card',
  );
  assert.deepEqual(desk.reception.shown, []);
  assert.deepEqual(desk.told, []);
});

void test('whoever begins without having been chosen is refused, and that is no failure of anybody’s', async (t) => {
  const desk = await receptionAt(t, 'ana');
  for (let attempt = 0; attempt < 6; attempt += 1) {
    assert.equal(await (await Newcomer.at(desk, desk.eve)).begin().refused(), 'closed');
  }
  await (await Newcomer.at(desk, desk.cy)).ask();
  desk.reception.compare(desk.cy.nodeId);
  assert.equal(desk.book.isExpected({ node: desk.cy.nodeId }, desk.time.monotonic()), true);
});

void test('five comparisons that come to nothing close asking, until a person opens it again', async (t) => {
  const desk = await receptionAt(t, 'ana');
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
    desk.reception.compare(desk.cy.nodeId);
    await newcomer.of('go');
    await newcomer.begin().reveal();
    newcomer.leave();
    await eventually(() => desk.reception.shown.length === 0, 'the request ends with its link');
    desk.time.pass(MINUTE);
  }
  assert.equal(await (await (await Newcomer.at(desk, desk.cy)).ask()).refused(), 'closed');
  desk.book.open(desk.time.monotonic());
  await (await Newcomer.at(desk, desk.cy)).ask();
  assert.equal(desk.reception.shown.length, 1);
});

void test('a comparison ends after two minutes, a request after ten, and a silent link after ten seconds', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const silent = await Newcomer.at(desk, desk.eve);
  const waiting = await (await Newcomer.at(desk, desk.cy)).ask();
  desk.time.pass(11_000);
  await eventually(() => silent.isClosed, 'the silent link ends');
  assert.equal(waiting.isClosed, false);
  desk.reception.compare(desk.cy.nodeId);
  await waiting.of('go');
  await waiting.begin().reveal();
  await waiting.agree();
  desk.time.pass(2 * MINUTE + 1_000);
  await eventually(() => waiting.isClosed, 'the comparison ends');
  assert.equal(desk.troubles.at(-1), 'join-ended');
  await assert.rejects(desk.reception.admit(desk.cy.nodeId), { code: 'no-such-request' });
  const again = await (await Newcomer.at(desk, desk.dana)).ask();
  desk.time.pass(10 * MINUTE + 1_000);
  assert.equal(await again.refused(), 'closed');
  assert.deepEqual(desk.reception.shown, []);
});

void test('a colleague’s answer sends the newcomer there, refuses it, or takes it from the list', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const first = await (await Newcomer.at(desk, desk.cy)).ask();
  const place = { address: '10.0.0.9', port: 5000 };
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, desk.toldLast(), { place });
  assert.deepEqual((await first.of('go')).place, place);
  assert.deepEqual(desk.reception.shown, []);
  first.leave();
  const told = desk.colleagues.tell(desk.bo, desk.dana.nodeId, '10.0.0.7', MINUTE);
  assert.equal(desk.reception.shown.length, 1);
  const spread = desk.told.length;
  desk.reception.asked(desk.colleague, { type: 'asked', told, leftMs: MINUTE });
  assert.equal(desk.told.length, spread, 'what was told already does not go round');
  desk.colleagues.answer(desk.bo, desk.dana.nodeId, told, { isGone: true });
  assert.deepEqual(desk.reception.shown, []);
  const second = await (await Newcomer.at(desk, desk.eve)).ask();
  desk.colleagues.answer(desk.bo, desk.eve.nodeId, desk.toldLast());
  assert.equal(await second.refused(), 'declined');
  assert.equal(await (await (await Newcomer.at(desk, desk.eve)).ask()).refused(), 'muted');
  const neighbour = await (await Newcomer.at(desk, desk.dana)).ask();
  assert.deepEqual(neighbour.got, [], 'the address is muted where the colleague sits, and not here');
});

void test('a colleague who may let nobody in refuses nobody, and nobody answers in another’s name', async (t) => {
  const desk = await receptionAt(t, 'ana');
  await desk.ledger.sign('setting', { key: 'admit', value: 'admins' });
  await (await Newcomer.at(desk, desk.cy)).ask();
  const told = desk.toldLast();
  const isThere = (why: string) => assert.equal(desk.reception.shown.length, 1, why);
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told);
  isThere('Bo is no admin');
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told, { place: { address: '10.0.0.9', port: 5000 } });
  isThere('nor does Bo send it elsewhere');
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told, { isGone: true });
  isThere('it was heard here, not at Bo’s');
  const asAna = { nodeId: desk.ana.nodeId, sign: (what: unknown) => desk.bo.sign(what) };
  desk.colleagues.answer(asAna as Identity, desk.cy.nodeId, told);
  isThere('Bo signed as Ana');
  desk.colleagues.answer(desk.ana, desk.cy.nodeId, told);
  assert.deepEqual(desk.reception.shown, [], 'Ana did, on another link');
});

void test('a comparison that is under way here ends by nobody else’s word', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
  const told = desk.toldLast();
  desk.reception.compare(desk.cy.nodeId);
  await newcomer.of('go');
  await newcomer.begin().reveal();
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told);
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told, { place: { address: '10.0.0.9', port: 5000 } });
  await newcomer.agree();
  await desk.reception.admit(desk.cy.nodeId);
  assert.equal((await newcomer.welcomed())?.kind, 'joined');
});

void test('an old answer does not answer a new request, and an old telling is not told again', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const told = desk.colleagues.tell(desk.bo, desk.cy.nodeId, '10.0.0.7');
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told, { isGone: true });
  desk.reception.asked(desk.colleague, { type: 'asked', told });
  assert.deepEqual(desk.reception.shown, []);
  desk.colleagues.tell(desk.bo, desk.cy.nodeId, '10.0.0.7');
  desk.colleagues.answer(desk.bo, desk.cy.nodeId, told);
  assert.equal(desk.reception.shown.length, 1);
});

void test('members are told of one request at a time, and of the next when that is over', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const nodesTold = () =>
    desk.told.flatMap((frame) =>
      frame.type === 'asked' ? [readRequestNotice(frame.told, desk.plain)?.node] : [],
    );
  const [first, second] = [desk.cy, desk.dana];
  await (await Newcomer.at(desk, first)).ask();
  desk.book.ask(
    { type: 'ask', tag: toBase64url(desk.tag), card: signCard(second) },
    { peer: second.nodeId, address: '127.0.0.2' },
    desk.time.monotonic(),
  );
  desk.time.pass(2_000);
  assert.deepEqual(nodesTold(), [first.nodeId]);
  desk.colleagues.answer(desk.bo, first.nodeId, desk.toldLast());
  assert.deepEqual(nodesTold(), [first.nodeId, second.nodeId]);
});

void test('whose welcome was cut off asks again, and gets it', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
  desk.reception.compare(desk.cy.nodeId);
  await newcomer.of('go');
  await newcomer.begin().reveal();
  await newcomer.agree();
  const admitted = desk.reception.admit(desk.cy.nodeId);
  newcomer.leave();
  await admitted;
  const again = await (await Newcomer.at(desk, desk.cy)).ask();
  again.asker = newcomer.asker;
  assert.equal((await again.welcomed())?.kind, 'joined');
  assert.deepEqual([desk.reception.shown, desk.book.isClosed(desk.time.monotonic())], [[], false]);
});

void test('a clock that is set back a day lets nobody wait longer', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const waiting = await (await Newcomer.at(desk, desk.cy)).ask();
  Object.assign(desk.time, { now: () => 0 });
  desk.time.pass(10 * MINUTE + 1_000);
  assert.equal(await waiting.refused(), 'closed');
});

void test('a request that a colleague told of ends when it would have ended there', async (t) => {
  const desk = await receptionAt(t, 'ana');
  desk.colleagues.tell(desk.bo, desk.cy.nodeId, '10.0.0.7', MINUTE);
  desk.time.pass(MINUTE - 1);
  assert.equal(desk.reception.shown.length, 1);
  desk.time.pass(2);
  assert.deepEqual(desk.reception.shown, []);
});

void test('a plain member is shown nobody before opening, and for ten minutes then', async (t) => {
  const desk = await receptionAt(t, 'bo');
  await (await Newcomer.at(desk, desk.cy)).ask();
  assert.deepEqual([desk.reception.shown, desk.came], [[], []]);
  desk.book.open(desk.time.monotonic());
  assert.equal(desk.reception.shown.length, 1);
  desk.book.close();
  assert.deepEqual(desk.reception.shown, []);
});

void test('where the disk does not take the admission, nobody is welcomed', async (t) => {
  const desk = await receptionAt(t, 'ana');
  const newcomer = await (await Newcomer.at(desk, desk.cy)).ask();
  desk.reception.compare(desk.cy.nodeId);
  await newcomer.of('go');
  await newcomer.begin().reveal();
  await newcomer.agree();
  desk.disk.capacityBytes = (await desk.disk.size('/profile/ledger.jsonl')) + 50;
  await assert.rejects(desk.reception.admit(desk.cy.nodeId));
  await eventually(() => newcomer.isClosed, 'the link ends');
  assert.ok(!newcomer.got.some(({ type }) => type === 'welcome'));
});
