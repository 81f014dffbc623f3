import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { nodePorts } from '../model/index.ts';
import { Desk, isWhole } from './test-desk.ts';
import { follow } from './test-joined-desks.ts';
import { joined, newFragments, newPerson, speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';

const LOSS = 0.45;

/** Bob heard Ann live to the end, with much of it lost. He was killed a moment later, before the rest had come over a link. */
async function ground(t: TestContext) {
  const time = new HandTime();
  const [ann, hub] = await Promise.all([Desk.open(t, '101', time), Desk.open(t, '103', time)]);
  const person = await newPerson(t, '102');
  const start = async (disk: SimulatedDisk): Promise<Desk> => {
    const bob = await Desk.simulated(person, time, { disk, random: nodePorts.random });
    for (const { office } of [ann, bob, hub]) office.know(ann, bob, hub);
    return bob;
  };
  const { soon } = time;
  const disk = new SimulatedDisk();
  const before = await start(disk);
  const cuts = [follow(ann, hub), follow(before, hub)];
  ann.office.sendHeader = (_, header) => before.hear(header);
  const { id } = ann.messages.outgoing.press({ recipients: [before.record], from: '101', to: '102' });
  await until(() => before.messages.inbox.isLive(id), 'Bob hears it live');
  const said = newFragments(60);
  const random = seededRandom(45);
  ann.media.speak(id, said);
  before.media.arrive(
    said.filter(() => random() >= LOSS),
    before.media.of('receive').find((one) => one.id === id)!.ssrc,
  );
  ann.messages.outgoing.release();
  ann.media.report({ type: 'talk-ended', id, count: 0, failed: null });
  await until(() => before.store.get(id)?.manifest !== undefined, 'its end');
  before.media.report({ type: 'playback-ended', id, reason: 'end' });
  const stateOfBob = () =>
    ann.store.get(id)?.receipts.find(({ facts }) => facts.node === before.node)?.facts.state;
  await until(() => stateOfBob() === 'heard', 'the receipt');
  assert.ok(await before.store.retry(), 'what he has of it is on the disk');
  for (const cut of cuts) cut();
  before.messages.close();
  const bob = await start(disk.afterPowerFailure('kept'));
  t.after(async () => {
    bob.messages.close();
    await bob.store.close();
  });
  assert.equal(bob.store.get(id)?.state, 'incomplete');
  assert.equal(bob.store.get(id)?.local.heard !== undefined, true);
  const getsItWhole = async () => {
    await soon(isWhole(bob, id), 'the whole message');
    assert.deepEqual(await bob.bytesOf(id), joined(said));
  };
  return { ann, hub, bob, id, soon, getsItWhole };
}

test('a message that was heard becomes whole after the next start, though its switch takes it for delivered', async (t) => {
  const { ann, hub, bob, id, soon, getsItWhole } = await ground(t);
  follow(ann, hub);
  await soon(isWhole(hub, id), 'the whole message at the switch');
  follow(bob, hub);
  await getsItWhole();
});

test('so it does where the node is the switch itself, and its talker comes', async (t) => {
  const { ann, bob, getsItWhole } = await ground(t);
  follow(ann, bob);
  await getsItWhole();
});

test('what a holder had not is asked of it again when a colleague appears', async (t) => {
  const bob = await Desk.open(t, '102');
  const [ann, hub, dan] = await Promise.all(['101', '103', '105'].map((n) => newPerson(t, n)));
  const { time, office, store, messages } = bob;
  office.know(ann!, hub!);
  const { id, header } = await speak(ann!, [bob], { time });
  store.begin(header.signed, header.facts, { mine: 'recipient' });
  const upstream = new HandLink(hub!.record.node);
  office.upstream = upstream;
  messages.linkUp(upstream);
  messages.expect([]);
  const times = () => upstream.of('fetch').length;
  const passes = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      const asked = times();
      time.pass(100);
      if (times() > asked)
        messages.frame({ type: 'fetch-end', id, upTo: 0, complete: false, reason: 'not-held' }, upstream);
    }
  };
  passes(40_000);
  const before = times();
  messages.expect([]);
  for (let n = 0; n < 10; n += 1) messages.frame({ type: 'inbox' }, upstream);
  passes(1000);
  assert.equal(times(), before, 'nobody has come, and the link is the same');
  office.know(dan!);
  messages.expect([]);
  passes(1000);
  assert.equal(times(), before + 1);
});

test('many unfinished messages are asked for one after the other, the newest first', async (t) => {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  const { time, office, store } = bob;
  office.know(ann, hub);
  const begun: string[] = [];
  for (let n = 0; n < 100; n += 1) {
    const { id, header } = await speak(ann, [bob], { time, count: 1 });
    store.begin(header.signed, header.facts, { mine: 'recipient' });
    begun.unshift(id);
    time.pass(1000);
  }
  const own = await speak(bob, [ann], { time, count: 1 });
  store.begin(own.header.signed, own.header.facts, { mine: 'talker' });
  const upstream = new HandLink(hub.record.node);
  office.upstream = upstream;
  const asked = () => upstream.of('fetch').map(({ id }) => id as string);
  bob.messages.linkUp(upstream);
  time.pass(1000);
  const soFar = asked().length;
  assert.ok(soFar > 0 && soFar <= 20, `${soFar} in the first second`);
  bob.messages.linkUp(upstream);
  time.pass(10_000);
  assert.deepEqual([...new Set(asked())], begun, 'what this person is saying is not asked for');
});
