import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { signFragmentHashes } from '../identity/index.ts';
import { hashesIn, MAX_BY_UNICAST, nextTurn, type Fragment } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { joined, newPerson, type Person, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { FRAGMENTS, lies, upTo } from './test-forging.ts';

/* Eve receives what Ann says to several, so that she has its key, and seals words of hers in Ann's voice. */

/** Bob's desk, which follows the hub. Ann talks to Bob and Eve. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, eve, hub] = (await Promise.all(['101', '105', '103'].map((n) => newPerson(t, n)))) as [
    Person,
    Person,
    Person,
  ];
  bob.office.know(ann, eve, hub, bob);
  bob.office.switchNode = hub.record.node;
  const [toHub, toAnn, toEve] = [hub, ann, eve].map(({ record }) => new HandLink(record.node)) as [
    HandLink,
    HandLink,
    HandLink,
  ];
  bob.office.upstream = toHub;
  const message = await speak(ann, [bob, eve], { time: bob.time, count: FRAGMENTS });
  const { id, header, hashes, fragments } = message;
  const [forged, cut] = [bob.watch('forged'), bob.watch('cut-short')];
  const begin = async () => {
    bob.hear(header.signed);
    await until(() => bob.messages.inbox.isLive(id), 'it sounds');
  };
  const come = (some: readonly Fragment[]) => bob.media.arrive(some, header.facts.ssrc);
  /** By datagram of Ann's. */
  const vouch = (index: number) => bob.messages.hashes(hashes[index]!.signed, ann.record.node);
  const vouchBy = (link: HandLink, index: number) =>
    bob.messages.frame({ type: 'hashes', hashes: hashes[index]!.signed }, link);
  const isLive = () => bob.messages.inbox.isLive(id);
  const held = () => bob.store.get(id)?.held;
  return {
    ...{ bob, ann, eve, hub, toHub, toAnn, toEve, message, id, fragments, forged, cut, isLive, held },
    ...{ begin, come, vouch, vouchBy },
  };
}

test('a forged fragment that came live is dropped when its hashes come, and fetched again; it still sounds', async (t) => {
  const { bob, ann, toHub, id, fragments, begin, come, vouch, forged, cut, isLive, held } = await ground(t);
  await begin();
  come([...lies(5, 6), ...fragments.slice(0, 60)]);
  assert.equal(held(), 60, 'nobody can tell yet');
  vouch(0);
  assert.equal(held(), 58);
  assert.deepEqual(forged, [{ talker: ann.record.node, count: 2, sentBy: undefined }]);
  assert.match(bob.log.join('\n'), /2 fragments are not those that .* signed; somebody who has its key/);
  bob.time.pass(150);
  assert.deepEqual(
    toHub.of('fetch').map(({ from, to }) => [from, to]),
    [[5, 7]],
  );
  bob.messages.fragments(id, fragments.slice(5, 7), toHub);
  assert.deepEqual(bob.media.fed(id), [5, 6], 'where it was not played yet, the talker’s own words are');
  assert.equal(held(), 60);
  assert.ok(isLive());
  assert.deepEqual(cut, []);
});

test('at the second forgery live play ends: the person learns why, and the genuine message waits', async (t) => {
  const { bob, ann, toHub, message, id, fragments, begin, come, vouch, cut, isLive } = await ground(t);
  const notifications = bob.watch('notification');
  await begin();
  come([...lies(5), ...fragments.slice(0, 50)]);
  vouch(0);
  come([...lies(55, 56, 57), ...fragments.slice(50, 100)]);
  vouch(2);
  assert.equal(isLive(), false);
  assert.deepEqual(cut, [{ id, talker: ann.record.node, why: 'forged' }]);
  assert.deepEqual(
    bob.media.of('forget').map((order) => order.id),
    [id],
    'the worker plays and takes no more of it',
  );
  assert.deepEqual(
    notifications.map((one) => one.id),
    [id],
  );
  bob.messages.frame({ type: 'manifest', manifest: message.manifest.signed }, toHub);
  bob.time.pass(150);
  for (const { from, to } of toHub.of('fetch')) bob.messages.fragments(id, fragments.slice(from, to), toHub);
  await until(() => bob.store.get(id)?.state === 'complete', 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(fragments));
  assert.deepEqual(
    bob.store.unheard().map((one) => one.id),
    [id],
  );
});

for (const [recipients, hashedAtOnce] of [
  [2, 20],
  [MAX_BY_UNICAST, 20],
  [MAX_BY_UNICAST + 1, 50],
] as const)
  test(`live play of a message to ${recipients} people, forged from its first word, ends after ${2 * hashedAtOnce} fragments`, async (t) => {
    const { bob, ann, eve } = await ground(t);
    const others = await Promise.all(
      Array.from({ length: recipients - 2 }, (_, n) => newPerson(t, String(201 + n))),
    );
    bob.office.know(...others);
    const message = await speak(ann, [bob, eve, ...others], { time: bob.time, count: FRAGMENTS });
    const { id, header, hashes } = message;
    bob.hear(header.signed);
    await until(() => bob.messages.inbox.isLive(id), 'it sounds');
    // Eve is always ahead of Ann: whatever comes is hers.
    let sounded = 0;
    for (let next = 0; bob.messages.inbox.isLive(id) && sounded < FRAGMENTS; sounded += 1) {
      bob.media.arrive(lies(sounded), header.facts.ssrc);
      const { from, hashes: spoken } = hashes[next]!.facts;
      if (sounded + 1 < from + hashesIn(spoken)) continue;
      bob.messages.hashes(hashes[next]!.signed, ann.record.node);
      next += 1;
    }
    assert.equal(sounded, 2 * hashedAtOnce);
    assert.equal(bob.store.get(id)?.held, 0, 'nothing of it is kept');
  });

test('at the second forgery a message that the person joined late stops, too', async (t) => {
  const { bob, id, fragments, come, vouch, cut, message } = await ground(t);
  bob.listener.presence = 'busy';
  bob.hear(message.header.signed);
  await until(() => bob.media.of('receive').length === 1, 'it arrives');
  come([...lies(5), ...fragments.slice(0, 100)]);
  await bob.messages.player.play(bob.store.get(id)!);
  vouch(0);
  assert.equal(bob.messages.player.playback?.id, id);
  come(lies(130));
  vouch(6);
  assert.equal(bob.messages.player.playback, undefined);
  assert.equal(cut.length, 1);
});

test('fragments that a holder forged are not heard, it is reported, and another holder is asked: the talker, if it is online', async (t) => {
  const { bob, ann, eve, toAnn, toEve, id, message, fragments, vouchBy, forged } = await ground(t);
  // Eve's computer is the switch.
  bob.office.switchNode = eve.record.node;
  bob.office.upstream = toEve;
  bob.office.visits.set(ann.record.node, toAnn);
  bob.hearEarly(message);
  bob.messages.frame({ type: 'announce', header: message.header.signed }, toEve);
  await until(() => bob.messages.inbox.isLive(id), 'it sounds');
  bob.time.pass(150);
  assert.equal(toEve.of('fetch').length, 1);
  vouchBy(toEve, 0);
  bob.messages.fragments(id, [...lies(...upTo(0, 20)), ...fragments.slice(20, 30)], toEve);
  assert.deepEqual(forged, [{ talker: ann.record.node, count: 20, sentBy: eve.record.node }]);
  assert.deepEqual(bob.media.fed(id), upTo(20, 30), 'none of hers goes to the loudspeaker');
  assert.equal(toEve.of('fetch-stop').length, 1);
  assert.deepEqual(toAnn.of('fetch'), [], 'not at once');
  await nextTurn();
  bob.time.pass(1000);
  assert.deepEqual(
    toAnn.of('fetch').map(({ from, to }) => [from, to]),
    [
      [0, 20],
      [30, undefined],
    ],
  );
});

test('a holder that forges a whole message without hashes is asked less and less often; the talker has it', async (t) => {
  const { bob, ann, eve, toAnn, toEve, id, message, fragments } = await ground(t);
  bob.office.switchNode = eve.record.node;
  bob.office.upstream = toEve;
  bob.listener.presence = 'away';
  bob.messages.frame({ type: 'announce', header: message.header.signed }, toEve);
  bob.messages.frame({ type: 'manifest', manifest: message.manifest.signed }, toEve);
  bob.time.pass(150);
  for (let times = 1; times <= 3; times += 1) {
    assert.equal(toEve.of('fetch').length, times);
    bob.messages.fragments(id, lies(...upTo(0, FRAGMENTS)), toEve);
    await until(() => bob.store.get(id)?.held === 0, 'all of it is thrown away');
    if (times > 1) assert.equal(toEve.of('fetch').length, times, 'it is not asked at once');
    bob.time.pass(1000 * 2 ** (times - 1));
  }
  bob.office.visits.set(ann.record.node, toAnn);
  bob.messages.fragments(id, lies(...upTo(0, FRAGMENTS)), toEve);
  await until(() => bob.store.get(id)?.held === 0, 'all of it is thrown away');
  await nextTurn();
  bob.time.pass(8000);
  assert.equal(toAnn.of('fetch').length, 1);
  bob.messages.fragments(id, fragments, toAnn);
  await until(() => bob.store.get(id)?.state === 'complete', 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(fragments));
});

test('hashes that another node signed, or that another node sends by datagram, change nothing', async (t) => {
  const { bob, ann, eve, toEve, message, id, fragments, begin, come, held } = await ground(t);
  await begin();
  come(fragments.slice(0, 50));
  const { facts, signed } = message.hashes[0]!;
  const theirs = { ...facts, hashes: message.hashes[1]!.facts.hashes };
  const asAnn = eve.identity.sign(theirs);
  const asEve = signFragmentHashes(eve.identity, { ...theirs, talker: eve.record.node });
  for (const forged of [asAnn, asEve]) {
    bob.messages.hashes(forged, ann.record.node);
    bob.messages.hashes(forged, eve.record.node);
    bob.messages.frame({ type: 'hashes', hashes: forged }, toEve);
  }
  bob.messages.hashes(signed, eve.record.node);
  assert.equal(held(), 50);
  assert.deepEqual(bob.store.hashes(id, 0, 50), []);
  bob.messages.hashes(signed, ann.record.node);
  assert.deepEqual(bob.store.hashes(id, 0, 50), [signed]);
});

test('a colleague may send fifty datagrams of hashes at once; over a link all of them arrive', async (t) => {
  const { bob, ann, toHub, message, id } = await ground(t);
  const over = bob.watch('over');
  bob.hear(message.header.signed);
  const later = await speak(ann, [bob], { time: bob.time });
  for (let n = 0; n < 50; n += 1)
    bob.messages.hashes(
      signFragmentHashes(ann.identity, { ...message.hashes[0]!.facts, id: later.id }),
      ann.record.node,
    );
  assert.deepEqual(over, []);
  bob.messages.hashes(message.hashes[0]!.signed, ann.record.node);
  assert.deepEqual(over, [{ node: ann.record.node, budget: 'hashesByDatagram' }]);
  bob.messages.frame({ type: 'hashes', hashes: message.hashes[0]!.signed }, toHub);
  assert.equal(bob.store.hashes(id, 0, 50).length, 1);
});

test('live play ends after ten seconds without signed hashes: somebody else may be sending in the talker’s name', async (t) => {
  const { bob, ann, eve } = await ground(t);
  const message = await speak(ann, [bob, eve], { time: bob.time, count: 1300 });
  const { id, header, hashes, fragments } = message;
  const cut = bob.watch('cut-short');
  bob.hear(header.signed);
  await until(() => bob.messages.inbox.isLive(id), 'it sounds');
  bob.media.arrive(lies(1200), header.facts.ssrc);
  assert.ok(bob.messages.inbox.isLive(id), 'one fragment far ahead ends nothing');
  for (let at = 0; at < 1000; at += 100) bob.media.arrive(fragments.slice(at, at + 100), header.facts.ssrc);
  bob.messages.hashes(hashes[0]!.signed, ann.record.node);
  bob.media.arrive(fragments.slice(1000, 1020), header.facts.ssrc);
  assert.ok(bob.messages.inbox.isLive(id));
  bob.media.arrive(fragments.slice(1020, 1100), header.facts.ssrc);
  assert.equal(bob.messages.inbox.isLive(id), false);
  assert.deepEqual(cut, [{ id, talker: ann.record.node, why: 'unsigned' }]);
});

test('of a message that was broken off only fragments with signed hashes go into a file', async (t) => {
  const { bob, message, id, fragments, begin, come, vouch } = await ground(t);
  await begin();
  come([...fragments.slice(0, 60), ...lies(...upTo(60, 80))]);
  vouch(0);
  assert.deepEqual((await bob.messages.open(bob.store.get(id)!)).count, 20);
  bob.messages.frame({ type: 'manifest', manifest: message.manifest.signed }, new HandLink(bob.node));
  await assert.rejects(bob.messages.open(bob.store.get(id)!), { code: 'not-complete' });
});

test('a message from a version that signs no hashes sounds, and is kept', async (t) => {
  const { bob, ann, eve, toHub } = await ground(t);
  const spoken = await speak(ann, [bob, eve], { time: bob.time, count: 1300 });
  const { hashed: _none, ...facts } = spoken.header.facts;
  const old: Spoken = { ...spoken, header: { signed: ann.identity.sign(facts), facts } };
  const cut = bob.watch('cut-short');
  bob.hear(old.header.signed);
  await until(() => bob.messages.inbox.isLive(old.id), 'it sounds');
  bob.media.arrive(old.fragments, old.header.facts.ssrc);
  assert.deepEqual(cut, []);
  bob.messages.frame({ type: 'manifest', manifest: old.manifest.signed }, toHub);
  await until(() => bob.store.get(old.id)?.state === 'complete', 'the whole message');
});
