import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { sealFrames } from '../../test/support/sealing.ts';
import { FragmentHash, verifyFragmentHashes } from '../identity/index.ts';
import { hashesIn, hashOfFragment, nodePorts, type MessageId } from '../model/index.ts';
import { Composer } from './compose.ts';
import { follow } from './test-joined-desks.ts';
import { Desk } from './test-desk.ts';
import { joined, newFragments, newPerson } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { lies } from './test-forging.ts';

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

test('for several recipients a talker signs hashes each 200 ms and at the end; for one, none', async (t) => {
  const { ann, hub, bob, eve, press, release } = await office(t);
  const upstream = new HandLink(hub.node);
  ann.office.switchNode = hub.node;
  ann.office.upstream = upstream;
  const id = press(bob, eve);
  const said = newFragments(110);
  // Before the header is signed nobody could read them.
  ann.media.speak(id, said.slice(0, 60));
  assert.deepEqual(ann.office.hashes, []);
  await until(() => ann.store.get(id) !== undefined, 'the header');
  assert.equal(ann.store.hashes(id, 0, 120).length, 3);
  ann.media.speak(id, said.slice(60, 90));
  assert.equal(ann.store.hashes(id, 0, 120).length, 4);
  ann.media.speak(id, said.slice(90));
  release(id);
  await until(() => ann.store.get(id)?.state === 'complete', 'the whole message');
  const key = ann.identity.signingKeySpki;
  const sent = upstream.of('hashes').map(({ hashes }) => verifyFragmentHashes(hashes, key));
  assert.deepEqual(
    sent.map((facts) => [facts?.from, hashesIn(facts?.hashes ?? '')]),
    [
      [0, 20],
      [20, 20],
      [40, 20],
      [60, 20],
      [80, 20],
      [100, 10],
    ],
  );
  assert.equal(
    sent.map((facts) => facts?.hashes).join(''),
    [0, 20, 40, 60, 80, 100]
      .map((from) => said.slice(from, from + 20).map(({ bytes }) => hashOfFragment(bytes)))
      .map((some) => Buffer.concat(some).toString('base64url'))
      .join(''),
  );
  assert.deepEqual(
    new Set(ann.office.hashes.map(({ to }) => to)),
    new Set([bob.node, eve.node, hub.node]),
    'by datagram to whoever hears or keeps it',
  );
  assert.equal(ann.office.hashes.length, 18);
  const types = upstream.sent.map(({ type }) => type);
  assert.ok(types.lastIndexOf('hashes') < types.indexOf('manifest'), 'the end comes last');

  const alone = press(bob);
  ann.media.speak(alone, newFragments(120));
  await until(() => ann.store.get(alone) !== undefined, 'the header');
  release(alone);
  await until(() => ann.store.get(alone)?.state === 'complete', 'the whole message');
  assert.equal(ann.store.get(alone)?.header.facts.hashed, undefined);
  assert.equal(upstream.of('hashes').length, 6, 'no packet more');
  assert.equal(ann.office.hashes.length, 18);
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
  assert.equal(toBob.of('hashes').length, 6);
  const toEve = new HandLink(eve.node);
  hub.messages.frame({ type: 'fetch', id, from: 60, to: 70, follow: true }, toEve);
  await until(() => toEve.of('fetch-end').length === 1, 'it is served');
  assert.deepEqual(
    toEve.of('hashes').map(({ hashes }) => verifyFragmentHashes(hashes, ann.identity.signingKeySpki)?.from),
    [60],
  );
  hub.messages.frame({ type: 'fetch', id, from: 0, follow: true }, toEve);
  await until(() => toEve.of('fetch-end').length === 2, 'it is served');
  assert.equal(toEve.of('hashes').length, 7);
});

test('a forged fragment costs listeners and keepers nothing of the message', async (t) => {
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

test('a message forwarded to several has signed hashes as well, and a node that fetches it gets them', async (t) => {
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
    [0, 20, 40, 60],
  );
});
