import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { openFragments, sealFrames } from '../../test/support/sealing.ts';
import { FragmentHash, unwrapMessageKey, verifyHeader, verifyReceipt } from '../identity/index.ts';
import { BUDGETS, nodePorts, type Header, type MessageId, type Receipt } from '../model/index.ts';
import { Composer, type Addressing } from './compose.ts';
import { Desk } from './test-desk.ts';
import { newPerson, type Person } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/*
 * Bo is diverted to Kim, and Ann's node does not know that: Bo's hands on what she says to him.
 */

const FRAMES = Array.from({ length: 20 }, (_, n) => Uint8Array.from({ length: 40 }, () => n));

async function ground(t: TestContext) {
  const bo = await Desk.open(t, '102');
  const [ann, kim, laptop, hub] = await Promise.all(
    ['101', '104', '102', '103'].map((extension) => newPerson(t, extension)),
  );
  bo.office.know(bo, ann!, kim!, hub!);
  bo.office.switchNode = hub!.record.node;
  const upstream = new HandLink(hub!.record.node);
  bo.office.upstream = upstream;
  const divert = (since = 0): void => {
    bo.office.standIn = { person: kim!.record.node, since };
  };
  /** What somebody says; `isWhole`: all of it is there. `comes`: which of its fragments do where its end never does. */
  const hear = async (
    from: Person,
    addressing: Partial<Addressing> = {},
    { isWhole = true, comes = [] as readonly number[], talkersClockMs = 0 } = {},
  ): Promise<MessageId> => {
    const composer = new Composer({ identity: from.identity, clock: bo.time, random: nodePorts.random });
    const draft = composer.draft(bo.time.now() + talkersClockMs);
    const to = { recipients: [bo.record], from: from.record.extension, to: '102', ...addressing };
    const header = await composer.header(draft, to);
    const fragments = sealFrames(draft, FRAMES);
    const hash = new FragmentHash();
    for (const { bytes } of fragments) hash.add(bytes);
    bo.hear(header.signed);
    await until(() => bo.media.of('receive').some(({ id }) => id === draft.id), 'Bo receives it');
    bo.media.arrive(
      fragments.filter(({ n }) => comes.includes(n)),
      draft.ssrc,
    );
    if (!isWhole) return draft.id;
    bo.media.arrive(fragments, draft.ssrc);
    bo.messages.frame({ type: 'manifest', manifest: composer.manifest(draft.id, hash).signed }, upstream);
    await until(() => bo.store.get(draft.id)?.state !== 'incomplete', 'all of it is here');
    return draft.id;
  };
  /** What went to Kim. */
  const sent = (): Header[] =>
    upstream
      .of('announce')
      .flatMap(({ header }) => verifyHeader(header, bo.identity.signingKeySpki) ?? [])
      .filter(({ recipients }) => recipients.includes(kim!.record.node));
  const receiptsOf = (id: MessageId): Receipt[] =>
    upstream
      .of('receipt')
      .flatMap(({ receipt }) => verifyReceipt(receipt, bo.identity.signingKeySpki) ?? [])
      .filter((one) => one.id === id);
  const isHandedOn = (id: MessageId) => receiptsOf(id).some(({ handedTo }) => handedTo !== undefined);
  const notified = bo.watch('notification');
  return {
    ...{ bo, ann: ann!, kim: kim!, laptop: laptop!, divert, hear, sent, receiptsOf, isHandedOn, notified },
  };
}

test('a message to a diverted person is handed on to the stand-in, silently; its talker sees that', async (t) => {
  const { bo, ann, kim, divert, hear, sent, receiptsOf, isHandedOn, notified } = await ground(t);
  divert();
  const id = await hear(ann);
  await until(() => isHandedOn(id), 'Ann may know');
  assert.deepEqual(
    bo.media.of('receive').map(({ play }) => play),
    [false],
    'nothing sounds',
  );
  assert.deepEqual(notified, []);
  const [header, ...more] = sent();
  assert.ok(header && more.length === 0);
  assert.deepEqual(
    [header.from, header.to, header.forwardedFrom, header.handsOn, header.diverted],
    ['102', '104', 'Person 101', id, [{ meant: bo.node, reached: kim.record.node }]],
  );
  const stream = { key: await unwrapMessageKey(kim.identity, header), ssrc: header.ssrc };
  const heard = openFragments(stream, await bo.store.read(header.id, 0, 100));
  assert.deepEqual(
    heard.map((frame) => frame && Uint8Array.from(frame)),
    FRAMES,
  );
  assert.deepEqual(
    receiptsOf(id).map(({ state, handedTo }) => [state, handedTo]),
    [
      ['received', undefined],
      ['received', kim.record.node],
    ],
  );
  assert.equal(bo.store.get(id)?.local.heard, undefined, 'Bo finds it all the same');
});

test('a message that was diverted already, or is meant for Bo all the same, is not handed on', async (t) => {
  const { bo, ann, kim, laptop, divert, hear, sent, notified } = await ground(t);
  divert(bo.time.now() + 120_000);
  const early = await hear(ann);
  divert();
  bo.office.persons.set(laptop.record.node, bo.node);
  bo.office.know(laptop);
  const meant = [{ meant: kim.record.node, reached: bo.node }];
  const stays = [
    early,
    await hear(ann, { diverted: meant }),
    await hear(ann, { isDirect: true }),
    await hear(ann, { isQuiet: true }),
    await hear(ann, { again: early }),
    await hear(ann, { recipients: [bo.record, kim.record] }),
    await hear(laptop),
  ];
  for (const id of stays) assert.equal(bo.store.get(id)?.local.handTo, undefined);
  const last = await hear(ann);
  await until(() => sent().length > 0, 'the last one goes on');
  assert.deepEqual(
    sent().map(({ handsOn }) => handsOn),
    [last],
  );
  assert.ok(notified.every(({ id }) => id !== last));
});

test('of two online computers of a person one hands it on, and the other is silent', async (t) => {
  const { bo, ann, laptop, divert, hear, sent, notified } = await ground(t);
  divert();
  bo.office.persons.set(laptop.record.node, bo.node);
  bo.office.know(laptop);
  const id = await hear(ann, { recipients: [bo.record, laptop.record] });
  const isFirst = bo.node < laptop.record.node;
  if (isFirst) await until(() => sent().length === 1, 'this one does');
  assert.equal(bo.store.get(id)?.local.handTo !== undefined, isFirst);
  assert.deepEqual(notified, []);
  // The other one is off.
  bo.office.known.delete(laptop.record.node);
  const alone = await hear(ann, { recipients: [bo.record, laptop.record] });
  await until(() => sent().some(({ handsOn }) => handsOn === alone), 'now it is this one');
});

test('a message that was not handed on before the node ended is handed on after its next start, once', async (t) => {
  const { bo, ann, divert, hear, sent } = await ground(t);
  const id = await hear(ann);
  assert.deepEqual(sent(), []);
  divert();
  bo.store.setLocal(id, { handTo: bo.office.standIn!.person });
  bo.messages.expect([ann.record]);
  await until(() => bo.store.get(id)?.local.passedOn !== undefined, 'it is handed on');
  bo.messages.expect([ann.record]);
  await hear(ann, { isDirect: true });
  assert.equal(sent().length, 1);
});

test('if the stand-in has gone when the message is complete it stays, and its person is notified', async (t) => {
  const { bo, ann, kim, divert, hear, sent, notified } = await ground(t);
  divert();
  const first = await hear(ann, {}, { isWhole: false });
  assert.equal(bo.store.get(first)?.local.handTo, kim.record.node);
  bo.office.remove(kim);
  const id = await hear(ann);
  await until(() => notified.some((one) => one.id === id), 'Bo is notified');
  assert.deepEqual([sent(), bo.store.get(id)?.local.handTo], [[], undefined]);
});

test('a talker can send Kim no more by way of Bo than the budget allows; the rest stays with Bo', async (t) => {
  const { bo, ann, divert, hear, sent } = await ground(t);
  const over = bo.watch('over');
  divert();
  const { atOnce } = BUDGETS.handedOn.perPeer;
  for (let n = 0; n < atOnce; n += 1) await hear(ann);
  const id = await hear(ann);
  assert.equal(bo.store.get(id)?.local.handTo, undefined);
  assert.deepEqual(
    over.map(({ budget }) => budget),
    ['handedOn'],
  );
  await until(() => sent().length === atOnce, 'the others went on');
});

test('a stand-in that gets the same message from two computers of Bo keeps one, and it stays heard', async (t) => {
  const { bo, ann, laptop, hear } = await ground(t);
  // Bo's desk plays Kim's part here: Ann has a desktop and a laptop, and stands in Bo's place.
  bo.office.persons.set(laptop.record.node, ann.record.node);
  bo.office.know(laptop);
  const handsOn = await hear(ann);
  const one = await hear(ann, { handsOn }, { isWhole: false });
  await bo.messages.delete(handsOn);
  const [first, second] = [ann, laptop];
  const a = await hear(first, { handsOn });
  bo.store.setLocal(a, { heard: 1 });
  const b = await hear(second, { handsOn });
  const kept = a < b ? a : b;
  await until(() => bo.store.get(kept === a ? b : a) === undefined, 'the other is gone');
  assert.notEqual(bo.store.get(kept)?.local.heard, undefined);
  assert.ok(bo.store.get(one), 'one that is not whole stays until it is');
});

test('what came of a message whose talker died goes on once it is known to be over, and not before', async (t) => {
  const { bo, ann, kim, divert, hear, sent, receiptsOf, notified } = await ground(t);
  divert();
  const first = Array.from({ length: 12 }, (_, n) => n);
  const id = await hear(ann, {}, { isWhole: false, comes: first });
  bo.time.pass(5 * 60_000);
  assert.deepEqual(sent(), [], 'Ann is there, and may have been silent for minutes');
  bo.office.off.add(ann.record.node);
  bo.time.pass(60_000);
  bo.office.off.delete(ann.record.node);
  bo.time.pass(15_000);
  bo.office.off.add(ann.record.node);
  bo.time.pass(100_000);
  assert.deepEqual(sent(), [], 'her computer may have slept');
  bo.time.pass(60_000);
  await until(() => bo.store.get(id)?.local.passedOn !== undefined, 'it is handed on');
  const [header, ...more] = sent();
  assert.ok(header && more.length === 0);
  assert.deepEqual([header.handsOn, header.forwardedFrom], [id, 'Person 101']);
  const stream = { key: await unwrapMessageKey(kim.identity, header), ssrc: header.ssrc };
  const heard = openFragments(stream, await bo.store.read(header.id, 0, 100));
  assert.deepEqual(
    heard.map((frame) => frame && Uint8Array.from(frame)),
    FRAMES.slice(0, first.length),
  );
  assert.deepEqual(receiptsOf(id), [], 'nobody signs for what is not whole');
  assert.deepEqual(notified, []);
  bo.time.pass(20 * 60_000);
  assert.equal(sent().length, 1, 'once');
});

test('so it does where the talker is back and ends it never: no message is that long', async (t) => {
  const { bo, ann, divert, hear, sent } = await ground(t);
  divert();
  const id = await hear(ann, {}, { isWhole: false, comes: [0, 1, 2] });
  bo.time.pass(10 * 60_000);
  assert.deepEqual(sent(), []);
  bo.time.pass(2 * 60_000);
  await until(() => bo.store.get(id)?.local.passedOn !== undefined, 'it is handed on');
  assert.equal(sent().length, 1);
});

test('where something is missing in it, or nothing came, it stays, and its person is notified', async (t) => {
  const { bo, ann, divert, hear, sent, notified } = await ground(t);
  divert();
  const ids = [
    await hear(ann, {}, { isWhole: false, comes: [0, 1, 3] }),
    await hear(ann, {}, { isWhole: false }),
  ];
  bo.office.off.add(ann.record.node);
  bo.time.pass(3 * 60_000);
  await until(() => notified.length === 2, 'Bo is notified');
  assert.deepEqual(new Set(notified.map(({ id }) => id)), new Set(ids));
  for (const id of ids) assert.equal(bo.store.get(id)?.local.handTo, undefined);
  assert.deepEqual(sent(), []);
});

test('it is watched also after a restart', async (t) => {
  const { bo, ann, divert, hear, sent } = await ground(t);
  const id = await hear(ann, {}, { isWhole: false, comes: [0, 1, 2] });
  bo.office.off.add(ann.record.node);
  divert();
  bo.store.setLocal(id, { handTo: bo.office.standIn!.person });
  bo.messages.expect([]);
  bo.time.pass(3 * 60_000);
  await until(() => bo.store.get(id)?.local.passedOn !== undefined, 'it is handed on');
  assert.equal(sent().length, 1);
});

test('a talker’s clock that is wrong does not decide whether a message is handed on', async (t) => {
  const { bo, ann, divert, hear, sent, isHandedOn } = await ground(t);
  divert(bo.time.now());
  bo.time.pass(1000);
  const behind = await hear(ann, {}, { talkersClockMs: -31 * 60_000 });
  await until(() => isHandedOn(behind), 'it began after the divert, at this moment');
  assert.equal(sent().length, 1);
  bo.time.pass(120_000);
  divert(bo.time.now());
  bo.office.clocksAhead.set(ann.record.node, 365 * 24 * 3_600_000);
  const ahead = await hear(ann, {}, { talkersClockMs: 365 * 24 * 3_600_000 - 90_000 });
  assert.equal(bo.store.get(ahead)?.local.handTo, undefined, 'it began before the divert');
});
