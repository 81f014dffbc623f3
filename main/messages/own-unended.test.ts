import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { sealFrames } from '../../test/support/sealing.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nextTurn, nodePorts, type MessageId } from '../model/index.ts';
import { MessageStore } from '../store/index.ts';
import { Composer } from './compose.ts';
import { Desk, isWhole } from './test-desk.ts';
import { follow } from './test-joined-desks.ts';
import { joined, newFragments, newPerson, type Person } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { isManifest, WatchedLink } from './test-watched-link.ts';

/** More than Ann's node says while the first part of it comes to the disk. */
const FRAMES = Array.from({ length: 60 }, (_, n) => Uint8Array.from({ length: 40 }, () => n));
const ON_DISK = 35;

/** Ann's computer dies while she talks: this many of the fragments were on its disk. All of them had gone out to the hub. */
async function ground(
  t: TestContext,
  { to = [] as readonly Person[], before = (_ann: Desk): Promise<void> => Promise.resolve() } = {},
) {
  const time = new HandTime();
  const [hub, bob] = await Promise.all([Desk.open(t, '103', time), Desk.open(t, '102', time)]);
  const person = await newPerson(t, '101');
  const start = async (disk: SimulatedDisk): Promise<Desk> => {
    const ann = await Desk.simulated(person, time, { disk, random: nodePorts.random });
    for (const { office } of [ann, bob, hub]) office.know(ann, bob, hub, ...to);
    t.after(() => ann.messages.close());
    return ann;
  };
  const { soon } = time;
  const disk = new SimulatedDisk();
  const first = await start(disk);
  await before(first);
  const cut = follow(first, hub);
  const recipients = [bob.record, ...to.map(({ record }) => record)];
  const { id } = first.messages.outgoing.press({ recipients, from: '101', to: '102' });
  const { key, ssrc } = first.media.of('talk')[0]!;
  const said = sealFrames({ key, ssrc }, FRAMES);
  await until(() => hub.media.of('receive-sealed').some((one) => one.id === id), 'the hub receives it');
  first.media.speak(id, said.slice(0, ON_DISK));
  assert.ok(await first.store.retry());
  const left = disk.afterPowerFailure('kept');
  first.media.speak(id, said.slice(ON_DISK));
  await until(() => hub.store.get(id)?.held === FRAMES.length, 'all of it at the hub');
  const dies = () => {
    cut();
    first.messages.close();
  };
  const isEnded = (desk: Desk) => () => desk.store.get(id)?.manifest !== undefined;
  return { time, hub, bob, first, start, soon, id, said, left, dies, isEnded };
}

/** A node that follows a switch which is in the test's hand. */
async function alone(t: TestContext, how: Parameters<typeof ground>[1] = {}) {
  const all = await ground(t, how);
  all.dies();
  const ann = await all.start(all.left);
  const upstream = new WatchedLink(all.hub.node, isManifest);
  upstream.disk = all.left;
  ann.office.switchNode = all.hub.node;
  ann.office.upstream = upstream;
  ann.messages.linkUp(upstream);
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      all.time.pass(100);
      await ann.store.retry();
    }
  };
  const asked = async () => {
    await all.soon(() => upstream.of('fetch').length > 0, 'others are asked');
    return upstream.of('fetch')[0];
  };
  const isOver = () => all.soon(all.isEnded(ann), 'its end');
  const count = () => ann.store.get(all.id)?.manifest?.facts.count;
  return { ...all, ann, upstream, pass, asked, isOver, count };
}

for (const [whom, several] of [
  ['one', false],
  ['several, who could forge it,', true],
] as const)
  test(`what was said to ${whom} ends at the talker's next start, as far as anybody has it`, async (t) => {
    const to = several ? [await newPerson(t, '104')] : [];
    const { hub, bob, start, soon, id, said, left, dies } = await ground(t, { to });
    dies();
    const ann = await start(left);
    assert.equal(ann.store.get(id)?.held, ON_DISK);
    follow(bob, hub);
    follow(ann, hub);
    for (const desk of [ann, hub, bob]) await soon(isWhole(desk, id), 'the whole message');
    for (const desk of [ann, hub, bob]) assert.deepEqual(await desk.bytesOf(id), joined(said));
    const [one, ...others] = [ann, hub, bob].map(({ store }) => store.get(id)!.manifest!.signed.payload);
    assert.deepEqual(others, [one, one]);
    await soon(
      () => ann.messages.outbox().length === 0 || ann.store.get(id)!.receipts.length > 0,
      'a receipt',
    );
  });

test('its end is on the disk before anybody gets it, and the next start makes no other', async (t) => {
  const { ann, id, upstream, time, isOver, count, start, pass } = await alone(t);
  await isOver();
  assert.equal(count(), ON_DISK, 'nobody answered');
  await until(() => upstream.left !== undefined, 'it is sent');
  assert.equal(upstream.of('manifest').length, 1);
  const { manifest } = upstream.of('manifest')[0]!;
  const store = await MessageStore.open('/store', {
    ports: { ...nodePorts, clock: time, schedule: time.schedule, disk: upstream.left! },
    log: () => undefined,
  });
  assert.equal(store.get(id)?.manifest?.signed.payload, manifest.payload);
  assert.equal(store.get(id)?.held, ON_DISK);
  ann.messages.close();
  const again = await start(upstream.left!);
  const link = new HandLink(upstream.peer);
  again.office.upstream = link;
  again.messages.linkUp(link);
  await pass(15_000);
  assert.deepEqual([...new Set(link.of('manifest').map((one) => one.manifest.payload))], [manifest.payload]);
});

test('nothing is signed while others still give something, and no longer than ten seconds', async (t) => {
  const { ann, id, said, upstream, asked, isOver, count, time } = await alone(t);
  const { from } = (await asked())!;
  assert.equal(from, ON_DISK);
  for (let n = 0; n < 24; n += 1) {
    if (n < 9) assert.equal(count(), undefined);
    ann.messages.fragments(id, [said[ON_DISK + n]!], upstream);
    time.pass(900);
    await ann.store.retry();
  }
  await isOver();
  const ended = count()!;
  assert.ok(ended >= ON_DISK + 9 && ended < ON_DISK + 16, `${ended - ON_DISK} were waited for`);
  ann.messages.fragments(id, said, upstream);
  assert.equal(ann.store.get(id)?.held, ended, 'too late');
  assert.ok(upstream.of('fetch-stop').some((one) => one.id === id));
});

test('a fragment that does not open, or is of another number, is not taken', async (t) => {
  const { ann, id, said, upstream, time, asked, isOver, count } = await alone(t);
  ann.store.append(id, said.slice(ON_DISK + 3, ON_DISK + 5));
  await ann.messages.player.play(ann.store.get(id)!);
  time.pass(500);
  assert.deepEqual(upstream.of('fetch'), [], 'whoever plays it gets nothing of others');
  await asked();
  const forged = newFragments(5, ON_DISK);
  const moved = { n: ON_DISK, bytes: said[ON_DISK + 1]!.bytes };
  ann.messages.fragments(id, [...forged, moved], upstream);
  ann.messages.fragments(id, [said[ON_DISK + 1]!], upstream);
  await isOver();
  assert.equal(count(), ON_DISK, 'it ends at the gap');
  assert.equal(ann.store.get(id)?.held, ON_DISK);
});

test('of a message to several what the talker signed is taken alone, though it opens', async (t) => {
  const dan = await newPerson(t, '104');
  const { ann, hub, id, said, upstream, asked, isOver, count } = await alone(t, { to: [dan] });
  await asked();
  const hashes = hub.store.hashes(id, 0, said.length);
  assert.equal(hashes.length, FRAMES.length / 20);
  ann.messages.fragments(id, said.slice(40), upstream);
  assert.equal(ann.store.get(id)?.held, ON_DISK, 'its last statement says nothing of these');
  ann.messages.fragments(id, said.slice(ON_DISK, 40), upstream);
  for (const one of hashes.slice(0, 2)) ann.messages.frame({ type: 'hashes', hashes: one }, upstream);
  ann.messages.fragments(id, said.slice(ON_DISK), upstream);
  await isOver();
  assert.equal(count(), 40);
});

test('a manifest of it that went out before stays the only one, and the rest is fetched', async (t) => {
  const { hub, bob, first, start, soon, id, said, left, dies, isEnded } = await ground(t);
  first.messages.outgoing.release();
  first.media.report({ type: 'talk-ended', id, count: FRAMES.length, failed: null });
  await until(isEnded(hub), 'the hub has its end');
  dies();
  // As where the disk had refused it.
  const ann = await start(left);
  assert.equal(ann.store.get(id)?.manifest, undefined);
  follow(bob, hub);
  follow(ann, hub);
  await soon(isWhole(ann, id), 'the whole message');
  assert.deepEqual(await ann.bytesOf(id), joined(said));
  assert.equal(ann.store.get(id)?.manifest?.signed.signature, hub.store.get(id)?.manifest?.signed.signature);
});

test('while the disk takes nothing, nothing is signed; it is tried again', async (t) => {
  const { ann, left, asked, upstream, time, count, isOver } = await alone(t);
  const troubles: string[] = [];
  ann.store.on('trouble', ({ code }) => void troubles.push(code));
  await asked();
  for (let n = 0; n < 300; n += 1) {
    left.refuseAt(left.operations + 1, 'ENOSPC');
    time.pass(100);
    await nextTurn();
  }
  assert.deepEqual(troubles, ['disk-full']);
  assert.equal(count(), undefined);
  left.refuseAt(-1, 'ENOSPC');
  await isOver();
  await until(() => upstream.of('manifest').length === 1, 'it is sent');
});

test('what was being forwarded is no message yet, and what is being said now goes on', async (t) => {
  const forwarded: MessageId[] = [];
  const { ann, bob, pass, isOver } = await alone(t, {
    before: async ({ identity, record, store, time }) => {
      const composer = new Composer({ identity, clock: time, random: nodePorts.random });
      const draft = composer.draft();
      const to = { recipients: [record], from: '101', to: '101', forwardedFrom: 'Dan' };
      const header = await composer.header(draft, to);
      store.begin(header.signed, header.facts, { mine: 'talker' });
      forwarded.push(draft.id);
    },
  });
  const { id } = ann.messages.outgoing.press({ recipients: [bob.record], from: '101', to: '102' });
  await until(() => ann.store.get(id) !== undefined, 'she talks');
  await isOver();
  await pass(20_000);
  const [message, being] = [ann.store.get(forwarded[0]!), ann.store.get(id)];
  assert.ok(message && being);
  assert.deepEqual([message.manifest, being.manifest], [undefined, undefined]);
});
