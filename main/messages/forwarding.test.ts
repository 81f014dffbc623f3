import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openFragments, sealFrames } from '../../test/support/sealing.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { FragmentHash, unwrapMessageKey, verifyHeader, verifyManifest } from '../identity/index.ts';
import { nextTurn, nodePorts, type Fragment, type MessageId } from '../model/index.ts';
import { MessageStore } from '../store/index.ts';
import { Archive } from './archive.ts';
import { KeptOfTalkers } from './kept-of-talkers.ts';
import { Composer } from './compose.ts';
import { forwardMessage } from './forwarding.ts';
import { newFragments, newPerson, type Person } from './test-people.ts';
import { HandOffice } from './test-ports.ts';

const FOLDER = '/store';
const FRAMES = Array.from({ length: 150 }, (_, n) => Uint8Array.from({ length: 40 + (n % 30) }, () => n));

/** Bob, whose store is on a disk in memory; Ann talks to him, and Cleo is who he forwards to. */
async function ground(t: TestContext, { maxWaitingBytes = 1_000_000 } = {}) {
  const [ann, bob, cleo] = await Promise.all([newPerson(t, '101'), newPerson(t, '102'), newPerson(t, '103')]);
  const disk = new SimulatedDisk();
  const time = new VirtualTime();
  const { clock, schedule } = time;
  const ports = { ...nodePorts, clock, schedule, disk };
  const store = await MessageStore.open(FOLDER, { ports, log: () => undefined, maxWaitingBytes });
  const composerOf = ({ identity }: Person) => new Composer({ identity, clock, random: nodePorts.random });
  const archive = new Archive({
    ...{ identity: bob.identity, store, clock },
    kept: new KeptOfTalkers({ store, office: new HandOffice(bob.record.node) }),
  });
  let turns = 0;
  /** What Ann says to these people, as Bob keeps it; these fragments instead of her speech, and this many of them. */
  const keep = async (
    to: readonly Person[],
    { fragments = undefined as Fragment[] | undefined, held = Infinity, isEnded = true } = {},
  ): Promise<MessageId> => {
    const composer = composerOf(ann);
    const draft = composer.draft();
    const recipients = to.map(({ record }) => record);
    const header = await composer.header(draft, { recipients, from: '101', to: '102' });
    const sealed = fragments ?? sealFrames(draft, FRAMES);
    const hash = new FragmentHash();
    for (const { bytes } of sealed) hash.add(bytes);
    archive.begin(header, { mine: 'recipient', keeps: false });
    archive.append(draft.id, sealed.slice(0, held));
    if (isEnded) await archive.end(composer.manifest(draft.id, hash));
    return draft.id;
  };
  const forward = (id: MessageId, to: readonly Person[] = [cleo]) =>
    forwardMessage(
      {
        ...{ identity: bob.identity, archive, composer: composerOf(bob) },
        nextTurn: () => {
          turns += 1;
          return nextTurn();
        },
      },
      store.get(id)!,
      { recipients: to.map(({ record }) => record), from: '102', to: '103', forwardedFrom: 'Ann' },
    );
  const ids = () => store.list().map((message) => message.id);
  /** It is refused for this reason, and nothing of a copy is there. */
  const assertRefused = async (id: MessageId, code: string) => {
    const before = ids();
    await assert.rejects(forward(id), { code });
    assert.deepEqual(ids(), before);
  };
  return { ann, bob, cleo, disk, time, store, keep, forward, assertRefused, turns: () => turns };
}

test('Ann’s message becomes a new message of Bob’s: the same frames, sealed again, which Cleo opens', async (t) => {
  const { ann, bob, cleo, store, keep, forward } = await ground(t);
  const id = await keep([bob]);
  const { header, manifest } = await forward(id);
  assert.deepEqual(verifyHeader(header.signed, bob.identity.signingKeySpki), header.facts);
  assert.deepEqual(verifyManifest(manifest.signed, bob.identity.signingKeySpki), manifest.facts);
  const { facts } = header;
  assert.notEqual(facts.id, id);
  assert.deepEqual(
    [facts.talker, facts.recipients, facts.from, facts.to, facts.forwardedFrom],
    [bob.record.node, [cleo.record.node], '102', '103', 'Ann'],
  );
  const copy = store.get(facts.id);
  assert.deepEqual([copy?.state, copy?.roles], ['complete', { mine: 'talker', keeps: false }]);
  const fragments = await store.read(facts.id, 0, 1000);
  for (const { identity } of [bob, cleo]) {
    const stream = { key: await unwrapMessageKey(identity, facts), ssrc: facts.ssrc };
    assert.deepEqual(
      openFragments(stream, fragments).map((frame) => frame && Uint8Array.from(frame)),
      FRAMES,
    );
  }
  await assert.rejects(unwrapMessageKey(ann.identity, facts), { code: 'no-message-key' });
  // Nothing of the old message tells where the new one comes from.
  const old = await store.read(id, 0, 1000);
  assert.equal(old.length, FRAMES.length);
  for (const [n, { bytes }] of old.entries()) assert.notDeepEqual(bytes, fragments[n]?.bytes);
});

test('sealing and storing let the rest of the node run after every 64 fragments', async (t) => {
  const { bob, keep, forward, turns } = await ground(t);
  await forward(await keep([bob]));
  assert.equal(turns(), 2 * Math.ceil(FRAMES.length / 64));
});

test('signing what several recipients check lets the rest of the node run after every 8 statements', async (t) => {
  const { ann, bob, cleo, keep, forward, turns, store } = await ground(t);
  const { header } = await forward(await keep([bob]), [ann, cleo]);
  const statements = store.hashes(header.facts.id, 0, FRAMES.length).length;
  assert.ok(statements >= 7, `${statements}`);
  assert.equal(turns(), 2 * Math.ceil(FRAMES.length / 64) + Math.ceil(statements / 8));
});

test('a message that is not complete here is not forwarded', async (t) => {
  for (const part of [{ held: 149 }, { isEnded: false }, { fragments: [] }]) {
    const { bob, keep, assertRefused } = await ground(t);
    await assertRefused(await keep([bob], part), 'not-complete');
  }
});

test('a message that the disk corrupted is not forwarded, and is fetched again', async (t) => {
  const { bob, disk, store, keep, assertRefused } = await ground(t);
  const id = await keep([bob]);
  const [piece] = await store.read(id, 100, 1);
  const [name] = await disk.list(`${FOLDER}/messages`);
  disk.spoil(`${FOLDER}/messages/${name}`, (content) => {
    content[content.indexOf(piece!.bytes) + 20]! ^= 1;
    return content;
  });
  await assertRefused(id, 'not-complete');
  assert.deepEqual(store.missing(id), [{ from: 100, to: 101 }]);
});

test('a message whose fragments its own key does not open is not forwarded', async (t) => {
  const { bob, keep, assertRefused } = await ground(t);
  await assertRefused(await keep([bob], { fragments: newFragments(70) }), 'not-complete');
});

test('a message that is kept for others cannot be opened here, and is not forwarded', async (t) => {
  const { cleo, keep, assertRefused } = await ground(t);
  await assertRefused(await keep([cleo]), 'no-message-key');
});

test('on a full disk the copy waits in memory, and is kept once there is room', async (t) => {
  const { bob, disk, time, store, keep, forward } = await ground(t);
  const id = await keep([bob]);
  disk.capacityBytes = 0;
  const { header } = await forward(id);
  assert.equal(store.get(header.facts.id)?.state, 'incomplete');
  disk.capacityBytes = Infinity;
  await time.advance(6_000);
  assert.equal(store.get(header.facts.id)?.state, 'complete');
});

test('if memory has no room for the copy either, nothing of it stays', async (t) => {
  const { bob, disk, keep, assertRefused } = await ground(t, { maxWaitingBytes: 25_000 });
  const id = await keep([bob]);
  disk.capacityBytes = 0;
  // What else arrives fills memory, so that only the beginning of a copy has room.
  await keep([bob], { held: 140, isEnded: false });
  await assertRefused(id, 'not-forwarded');
});
