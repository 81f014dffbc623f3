import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HandTime, until } from '../../test/support/hand-time.ts';
import { nextTurn, type MessageId } from '../model/index.ts';
import { follow } from './test-joined-desks.ts';
import { Desk, isWhole } from './test-desk.ts';
import { joined, newFragments } from './test-people.ts';

/** Longer than any pause of the fetcher. */
const PAUSE_MS = 1000;

async function ground(t: TestContext) {
  const time = new HandTime();
  const ann = await Desk.open(t, '101', time);
  const bob = await Desk.open(t, '102', time);
  for (const { office } of [ann, bob]) office.know(ann, bob);
  const press = (from: Desk, to: Desk) => {
    const { extension } = to.record;
    return from.messages.outgoing.press({
      recipients: [to.record],
      ...{ from: from.record.extension, to: extension },
    }).id;
  };
  const release = (from: Desk, id: MessageId) => {
    from.messages.outgoing.release();
    from.media.report({ type: 'talk-ended', id, count: 0, failed: null });
  };
  return { time, ann, bob, press, release };
}

const stateAt = (desk: Desk, id: MessageId, of: Desk) =>
  desk.store.get(id)?.receipts.find(({ facts }) => facts.node === of.node)?.facts.state;

for (const [name, talker, listener] of [
  ['a member’s message arrives at the switch', 0, 1],
  ['the switch’s message arrives at a member', 1, 0],
] as const) {
  test(`${name} live, whole and bit-exact, and the talker learns that it was heard`, async (t) => {
    const { ann, bob, press, release } = await ground(t);
    follow(ann, bob);
    const [from, to] = [[ann, bob][talker]!, [ann, bob][listener]!];
    const id = press(from, to);
    const said = newFragments(60);
    await until(() => to.messages.inbox.isLive(id), 'the live message');
    from.media.speak(id, said.slice(0, 40));
    assert.equal(to.store.get(id)?.held, 40, 'it is there while it is spoken');
    to.media.report({ type: 'sounding', id, live: true });
    await until(() => from.messages.progressOf(id).get(to.node)?.state === 'hearing', 'the progress');
    from.media.speak(id, said.slice(40));
    release(from, id);
    for (const desk of [from, to]) await until(isWhole(desk, id), 'the whole message');
    for (const desk of [from, to]) assert.deepEqual(await desk.bytesOf(id), joined(said));
    to.media.report({ type: 'playback-ended', id, reason: 'end' });
    await until(() => stateAt(from, id, to) === 'heard', 'the receipt');
    assert.deepEqual(from.store.outbox(), []);
  });
}

test('fragments that UDP lost are fetched over the link, also at the end', async (t) => {
  const { time, ann, bob, press, release } = await ground(t);
  follow(ann, bob);
  const id = press(ann, bob);
  await until(() => bob.messages.inbox.isLive(id), 'the live message');
  const said = newFragments(60);
  const { carry } = ann.media;
  ann.media.carry = (fragments, ...way) =>
    carry?.(
      fragments.filter(({ n }) => n % 5 !== 0 && n < 55),
      ...way,
    );
  ann.media.speak(id, said);
  time.pass(150);
  release(ann, id);
  await until(() => bob.store.get(id)?.manifest !== undefined, 'the manifest');
  await until(() => {
    time.pass(PAUSE_MS);
    return isWhole(bob, id)();
  }, 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(said));
  await until(() => stateAt(ann, id, bob) === 'received', 'the receipt');
});

test('a message that was spoken while nobody was reachable arrives, whole and bit-exact, once the office is there', async (t) => {
  const { time, ann, bob, press, release } = await ground(t);
  const notifications = bob.watch('notification');
  const id = press(ann, bob);
  const said = newFragments(300);
  ann.media.speak(id, said);
  release(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  assert.equal(ann.store.outbox().length, 1);
  time.pass(60_000);
  follow(ann, bob);
  await until(() => bob.store.get(id) !== undefined, 'the announcement');
  time.pass(150);
  await until(isWhole(bob, id), 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(said));
  assert.equal(bob.messages.inbox.isLive(id), false, 'nobody is startled by what was said a minute ago');
  await until(() => notifications.length === 1, 'the notification');
  await until(() => ann.store.outbox().length === 0, 'the receipt');
});

test('a member that comes back asks the switch, and gets the messages that it missed', async (t) => {
  const { time, ann, bob, press, release } = await ground(t);
  const cut = follow(bob, ann);
  cut();
  const id = press(ann, bob);
  const said = newFragments(20);
  ann.media.speak(id, said);
  release(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  assert.equal(bob.store.get(id), undefined);
  follow(bob, ann);
  await until(() => bob.store.get(id)?.manifest !== undefined, 'the announcement');
  time.pass(150);
  await until(isWhole(bob, id), 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(said));
});

test('a link that breaks in the middle of a message loses nothing of it', async (t) => {
  const { time, ann, bob, press, release } = await ground(t);
  const cut = follow(ann, bob);
  const id = press(ann, bob);
  await until(() => bob.messages.inbox.isLive(id), 'the live message');
  const said = newFragments(200);
  ann.media.speak(id, said.slice(0, 70));
  cut();
  ann.media.speak(id, said.slice(70));
  release(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  assert.equal(bob.store.get(id)?.held, 70);
  follow(ann, bob);
  await until(() => bob.store.get(id)?.manifest !== undefined, 'the manifest');
  time.pass(150);
  await until(isWhole(bob, id), 'the whole message');
  assert.deepEqual(await bob.bytesOf(id), joined(said));
});

test('a node that learns late that it is the standby keeps what the switch announced before', async (t) => {
  const { time, ann, bob, press, release } = await ground(t);
  const cleo = await Desk.open(t, '103', time);
  for (const { office } of [ann, bob]) office.know(cleo);
  follow(bob, ann);
  const id = press(ann, cleo);
  const said = newFragments(20);
  ann.media.speak(id, said);
  release(ann, id);
  await until(isWhole(ann, id), 'the whole message');
  // The link is quicker than the heartbeat by which the standby learns what it is.
  ann.office.standbyNode = bob.node;
  ann.messages.switchChanged();
  await nextTurn();
  bob.office.standbyNode = bob.node;
  bob.messages.switchChanged();
  await until(() => bob.store.get(id)?.manifest !== undefined, 'the announcement');
  time.pass(150);
  await until(isWhole(bob, id), 'the whole message');
  await until(() => stateAt(ann, id, bob) === 'stored', 'the receipt');
});
