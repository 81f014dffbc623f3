import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { sealFrames } from '../../test/support/sealing.ts';
import { FragmentHash, signFragmentHashes, verifyFragmentHashes } from '../identity/index.ts';
import {
  hashesIn,
  hashOfFragment,
  nextTurn,
  nodePorts,
  type Fragment,
  type MessageId,
} from '../model/index.ts';
import { Composer } from './compose.ts';
import { follow } from './test-joined-desks.ts';
import { Desk } from './test-desk.ts';
import { newFragments, newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/* Eve receives what Ann says to several, so that she has its key, and seals words of hers in Ann's voice. */

const FRAGMENTS = 150;

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

/** What Eve seals as these numbers. */
const lies = (...numbers: number[]): Fragment[] => numbers.flatMap((n) => newFragments(1, n));
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
const joined = (fragments: readonly Fragment[]) => Buffer.concat(fragments.map(({ bytes }) => bytes));

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

test('the second time live play ends: the person learns why, and the message waits, as its talker spoke it', async (t) => {
  const { bob, ann, toHub, message, id, fragments, begin, come, vouch, cut, isLive } = await ground(t);
  const notifications = bob.watch('notification');
  await begin();
  come([...lies(5), ...fragments.slice(0, 50)]);
  vouch(0);
  come([...lies(55, 56, 57), ...fragments.slice(50, 100)]);
  vouch(1);
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

test('the second time what a person joined late stops, too', async (t) => {
  const { bob, id, fragments, come, vouch, cut, message } = await ground(t);
  bob.listener.presence = 'busy';
  bob.hear(message.header.signed);
  await until(() => bob.media.of('receive').length === 1, 'it arrives');
  come([...lies(5), ...fragments.slice(0, 100)]);
  await bob.messages.player.play(bob.store.get(id)!);
  vouch(0);
  assert.equal(bob.messages.player.playback?.id, id);
  come(lies(130));
  vouch(2);
  assert.equal(bob.messages.player.playback, undefined);
  assert.equal(cut.length, 1);
});

test('what a holder serves forged is not heard, is named, and another holder is asked; the talker itself, if it is there', async (t) => {
  const { bob, ann, eve, toAnn, toEve, id, message, fragments, vouchBy, forged } = await ground(t);
  // Eve's computer is the switch.
  bob.office.switchNode = eve.record.node;
  bob.office.upstream = toEve;
  bob.office.visits.set(ann.record.node, toAnn);
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
    [[0, 20]],
  );
});

test('a holder that forges the whole message, and keeps its hashes back, is asked less and less; the talker has it', async (t) => {
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

test('hashes that another signed, or that another sends by datagram, change nothing', async (t) => {
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

test('of hashes by datagram a colleague has twenty at once; by a link they come all the same', async (t) => {
  const { bob, ann, toHub, message, id } = await ground(t);
  const over = bob.watch('over');
  bob.hear(message.header.signed);
  const later = await speak(ann, [bob], { time: bob.time });
  for (let n = 0; n < 20; n += 1)
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

test('where the talker vouches for nothing for ten seconds, somebody may be going on in its voice: live play ends', async (t) => {
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
  bob.media.arrive(fragments.slice(1000, 1050), header.facts.ssrc);
  assert.ok(bob.messages.inbox.isLive(id));
  bob.media.arrive(fragments.slice(1050, 1100), header.facts.ssrc);
  assert.equal(bob.messages.inbox.isLive(id), false);
  assert.deepEqual(cut, [{ id, talker: ann.record.node, why: 'unsigned' }]);
});

test('of what was broken off only that goes into a file which the talker vouched for', async (t) => {
  const { bob, message, id, fragments, begin, come, vouch } = await ground(t);
  await begin();
  come([...fragments.slice(0, 60), ...lies(...upTo(60, 80))]);
  vouch(0);
  assert.deepEqual((await bob.messages.open(bob.store.get(id)!)).count, 50);
  bob.messages.frame({ type: 'manifest', manifest: message.manifest.signed }, new HandLink(bob.node));
  await assert.rejects(bob.messages.open(bob.store.get(id)!), { code: 'not-complete' });
});

test('a message of a version that signs no hashes sounds, and is kept', async (t) => {
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

// ---- the talker, and those who keep the message

/** Ann's desk, the switch's desk, Bob's and Eve's; all follow the switch. */
async function office(t: TestContext) {
  const time = new HandTime();
  const [ann, hub, bob, eve] = [
    await Desk.open(t, '101', time),
    await Desk.open(t, '103', time),
    await Desk.open(t, '102', time),
    await Desk.open(t, '105', time),
  ];
  for (const desk of [ann, hub, bob, eve]) desk.office.know(ann, hub, bob, eve);
  const press = (...to: Desk[]) =>
    ann.messages.outgoing.press({ recipients: to.map(({ record }) => record), from: '101', to: '102' }).id;
  const release = (id: MessageId) => {
    ann.messages.outgoing.release();
    ann.media.report({ type: 'talk-ended', id, count: 0, failed: null });
  };
  return { time, ann, hub, bob, eve, press, release };
}

test('a talker vouches for each half second to several, and for the rest at the end; to one for nothing', async (t) => {
  const { ann, hub, bob, eve, press, release } = await office(t);
  const upstream = new HandLink(hub.node);
  ann.office.switchNode = hub.node;
  ann.office.upstream = upstream;
  const id = press(bob, eve);
  const said = newFragments(120);
  // Before the header is signed nobody could read them.
  ann.media.speak(id, said.slice(0, 60));
  assert.deepEqual(ann.office.hashes, []);
  await until(() => ann.store.get(id) !== undefined, 'the header');
  ann.media.speak(id, said.slice(60, 110));
  assert.equal(ann.store.hashes(id, 0, 120).length, 2);
  ann.media.speak(id, said.slice(110));
  release(id);
  await until(() => ann.store.get(id)?.state === 'complete', 'the whole message');
  const key = ann.identity.signingKeySpki;
  const sent = upstream.of('hashes').map(({ hashes }) => verifyFragmentHashes(hashes, key));
  assert.deepEqual(
    sent.map((facts) => [facts?.from, hashesIn(facts?.hashes ?? '')]),
    [
      [0, 50],
      [50, 50],
      [100, 20],
    ],
  );
  assert.equal(
    sent.map((facts) => facts?.hashes).join(''),
    [said.slice(0, 50), said.slice(50, 100), said.slice(100)]
      .map((some) => Buffer.concat(some.map(({ bytes }) => hashOfFragment(bytes))).toString('base64url'))
      .join(''),
  );
  assert.deepEqual(
    new Set(ann.office.hashes.map(({ to }) => to)),
    new Set([bob.node, eve.node, hub.node]),
    'by datagram to whoever hears or keeps it',
  );
  assert.equal(ann.office.hashes.length, 9);
  const types = upstream.sent.map(({ type }) => type);
  assert.ok(types.lastIndexOf('hashes') < types.indexOf('manifest'), 'the end comes last');

  const alone = press(bob);
  ann.media.speak(alone, newFragments(120));
  await until(() => ann.store.get(alone) !== undefined, 'the header');
  release(alone);
  await until(() => ann.store.get(alone)?.state === 'complete', 'the whole message');
  assert.equal(ann.store.get(alone)?.header.facts.hashed, undefined);
  assert.equal(upstream.of('hashes').length, 3, 'no packet more');
  assert.equal(ann.office.hashes.length, 9);
});

test('the switch passes hashes on, keeps them, and serves them before the fragments', async (t) => {
  const { ann, hub, bob, eve, press, release } = await office(t);
  follow(ann, hub);
  hub.media.carry = undefined;
  const toBob = new HandLink(bob.node);
  hub.office.downstream.push(toBob);
  const id = press(bob, eve);
  const said = newFragments(120);
  await until(() => hub.media.of('receive-sealed').length === 1, 'the switch receives');
  ann.media.speak(id, said);
  release(id);
  await until(() => hub.store.get(id)?.state === 'complete', 'the whole message');
  assert.equal(toBob.of('hashes').length, 3);
  const toEve = new HandLink(eve.node);
  hub.messages.frame({ type: 'fetch', id, from: 60, to: 70, follow: true }, toEve);
  await until(() => toEve.of('fetch-end').length === 1, 'it is served');
  assert.deepEqual(
    toEve.of('hashes').map(({ hashes }) => verifyFragmentHashes(hashes, ann.identity.signingKeySpki)?.from),
    [50],
  );
  hub.messages.frame({ type: 'fetch', id, from: 0, follow: true }, toEve);
  await until(() => toEve.of('fetch-end').length === 2, 'it is served');
  assert.equal(toEve.of('hashes').length, 4);
});

test('a forged fragment costs those who listen nothing of the message, whether they hear or keep it', async (t) => {
  const { time, ann, hub, bob, eve, press, release } = await office(t);
  follow(ann, hub);
  follow(bob, hub);
  const id = press(bob, eve);
  const said = newFragments(200);
  await until(() => hub.media.of('receive-sealed').length === 1, 'the switch receives');
  await until(() => bob.store.get(id) !== undefined, 'Bob knows of it');
  const { ssrc } = ann.media.of('talk')[0]!;
  // Eve is quicker than Ann: at Bob, and at the switch as if it came from Ann's address.
  for (const desk of [bob, hub]) desk.media.arrive(lies(3, 60, 61, 120, 170), ssrc);
  for (const desk of [bob, hub]) desk.media.arrive(said, ssrc);
  ann.media.carry = undefined;
  ann.media.speak(id, said);
  release(id);
  for (const desk of [hub, bob]) {
    await until(() => {
      time.pass(1000);
      return desk.store.get(id)?.state === 'complete';
    }, 'the whole message');
    assert.deepEqual(await desk.bytesOf(id), joined(said));
  }
});

test('what is forwarded to several is vouched for as well, and whoever fetches it gets that along', async (t) => {
  const { ann, bob, eve } = await office(t);
  const dana = await newPerson(t, '104');
  const composer = new Composer({ identity: dana.identity, clock: ann.time, random: nodePorts.random });
  const draft = composer.draft();
  const header = await composer.header(draft, { recipients: [ann.record], from: '104', to: '101' });
  const sealed = sealFrames(
    draft,
    Array.from({ length: 70 }, (_, n) => new Uint8Array(40).fill(n)),
  );
  const hash = new FragmentHash();
  for (const { bytes } of sealed) hash.add(bytes);
  ann.store.begin(header.signed, header.facts, { mine: 'recipient' });
  ann.store.append(draft.id, sealed);
  const manifest = composer.manifest(draft.id, hash);
  await ann.store.setManifest(draft.id, manifest.signed, manifest.facts);
  const addressing = { recipients: [bob.record, eve.record], from: '101', to: '102', forwardedFrom: 'Dana' };
  const id = await ann.messages.forward(ann.store.get(draft.id)!, addressing);
  assert.equal(ann.store.get(id)?.header.facts.hashed, true);
  assert.deepEqual(ann.office.hashes, [], 'nobody hears it now');
  const toBob = new HandLink(bob.node);
  ann.messages.frame({ type: 'fetch', id, from: 0, follow: true }, toBob);
  await until(() => toBob.of('fetch-end').length === 1, 'it is served');
  const key = ann.identity.signingKeySpki;
  assert.deepEqual(
    toBob.of('hashes').map(({ hashes }) => verifyFragmentHashes(hashes, key)?.from),
    [0, 50],
  );
});
