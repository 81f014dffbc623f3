import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { newMessageId, nextTurn, type Clock, type MessageId } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Bob, who follows a switch, and Ann, who talks to him. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, hub);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const say = (options: { count?: number; forwardedFrom?: string; again?: MessageId; clock?: Clock } = {}) =>
    speak(ann, [bob], { clock: bob.time, ...options });
  const announce = ({ header }: Spoken) => bob.hear(header.signed);
  const end = ({ manifest }: Spoken) =>
    bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, upstream);
  const arrive = ({ fragments, header }: Spoken) => bob.media.arrive(fragments, header.facts.ssrc);
  const byLink = ({ header }: Spoken) =>
    bob.messages.frame({ type: 'announce', header: header.signed }, upstream);
  return { ann, bob, upstream, say, announce, byLink, end, arrive };
}

const progress = (link: HandLink) => link.of('progress').map(({ state }) => state);
const receipts = (link: HandLink) =>
  link.of('receipt').map(({ receipt }) => (JSON.parse(receipt.payload) as { state: string }).state);

test('a message that is being spoken plays; its talker learns that it is heard only once it sounds', async (t) => {
  const { ann, bob, upstream, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  const sounding = bob.watch('sounding');
  const voices: number[] = [];
  bob.messages.events.on('changed', () => voices.push(bob.messages.inbox.speaking.length));
  const message = await say();
  announce(message);
  await until(() => bob.media.of('receive').length > 0, 'the order to receive');
  const [order] = bob.media.of('receive');
  assert.equal(order?.play, true);
  assert.equal(order.ssrc, message.header.facts.ssrc);
  assert.equal(order.talker?.port, ann.record.endpoints.media);
  assert.ok(bob.messages.inbox.isLive(message.id));
  assert.deepEqual(voices, [1], 'whoever makes way for a live voice is told of it');
  assert.deepEqual(progress(upstream), [], 'nothing sounds yet');
  bob.media.report({ type: 'sounding', id: message.id, live: true });
  assert.deepEqual(progress(upstream), ['hearing']);
  assert.deepEqual(sounding, [{ id: message.id, live: true }]);
  assert.deepEqual(notifications, []);
});

const IN_THE_WAY: readonly (readonly [string, (bob: Desk) => void])[] = [
  ['is busy', (bob) => (bob.listener.presence = 'busy')],
  ['is away', (bob) => (bob.listener.presence = 'away')],
  ['does not want to be disturbed', (bob) => (bob.listener.presence = 'dnd')],
  ['has no loudspeaker', (bob) => (bob.listener.canPlay = false)],
];
for (const [why, hinder] of IN_THE_WAY) {
  test(`a person who ${why} is notified, and the talker learns that`, async (t) => {
    const { bob, upstream, say, announce } = await ground(t);
    hinder(bob);
    const notifications = bob.watch('notification');
    const message = await say();
    announce(message);
    await until(() => notifications.length > 0, 'the notification');
    assert.equal(notifications[0]?.id, message.id);
    assert.deepEqual(progress(upstream), ['notified']);
    assert.equal(bob.media.of('receive')[0]?.play, false, 'it is received without a sound');
    assert.equal(bob.messages.inbox.isLive(message.id), false);
  });
}

test('a person is notified of a forwarded message, which is not received live', async (t) => {
  const { bob, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  announce(await say({ forwardedFrom: 'Dana' }));
  await until(() => notifications.length > 0, 'the notification');
  assert.deepEqual(bob.media.of('receive'), []);
});

for (const [clock, aheadMs] of [
  ['a year ahead', 365 * DAY_MS],
  ['a minute behind', -60_000],
  ['at 1970', -53 * 365 * DAY_MS],
] as const)
  test(`a talker whose clock is ${clock} is heard live`, async (t) => {
    const { bob, say, announce } = await ground(t);
    const clock = { now: () => bob.time.now() + aheadMs, monotonic: () => bob.time.monotonic() };
    const message = await say({ clock });
    announce(message);
    await until(() => bob.media.of('receive').length > 0, 'the order to receive');
    assert.equal(bob.media.of('receive')[0]?.play, true);
    assert.ok(bob.messages.inbox.isLive(message.id));
  });

for (const [clock, aheadMs] of [
  ['right', 0],
  ['10 s ahead', 10_000],
  ['a year behind', -365 * DAY_MS],
] as const)
  test(`a person is notified of a message that was over before its header came; its talker’s clock is ${clock}`, async (t) => {
    const { bob, byLink, say, end } = await ground(t);
    const notifications = bob.watch('notification');
    const clock = { now: () => bob.time.now() + aheadMs, monotonic: () => bob.time.monotonic() };
    const message = await say({ clock });
    bob.time.pass(5_000);
    // The switch tells a computer that comes back of both at once.
    byLink(message);
    end(message);
    await until(() => notifications.length > 0, 'the notification');
    assert.deepEqual(bob.media.of('receive'), []);
    assert.equal(bob.messages.inbox.isLive(message.id), false);
  });

/** What comes of a message whose header came over the link: it shows that somebody speaks it, or that nobody does. */
const SIGNS: readonly (readonly [
  shows: string,
  isSpoken: boolean,
  come: (its: Awaited<ReturnType<typeof ground>>, message: Spoken) => void,
])[] = [
  ['a datagram of its talker', true, ({ announce }, message) => announce(message)],
  ['fragments by datagram', true, ({ arrive }, message) => arrive(message)],
  [
    'fragments that go on to come over the link',
    true,
    ({ bob, upstream }, { id, fragments }) => {
      bob.time.pass(150);
      bob.messages.fragments(id, fragments.slice(0, 8), upstream);
      bob.time.pass(100);
      bob.messages.fragments(id, fragments.slice(8), upstream);
    },
  ],
  ['its end', false, ({ end }, message) => end(message)],
  ['nothing', false, ({ bob }) => bob.time.pass(1_000)],
  [
    'what a holder has of it, all at once, since it was broken off',
    false,
    ({ bob, upstream }, { id, fragments }) => {
      bob.time.pass(150);
      bob.messages.fragments(id, fragments.slice(0, 8), upstream);
      bob.messages.fragments(id, fragments.slice(8), upstream);
      bob.time.pass(850);
    },
  ],
  [
    'a fragment by datagram of one that began 15 s ago',
    false,
    ({ bob }, { header }) => bob.media.report({ type: 'early', ssrc: header.facts.ssrc, n: 1_500 }),
  ],
];
for (const [shows, isSpoken, come] of SIGNS)
  test(`a header came over the link, and then ${shows}: the message ${isSpoken ? 'plays' : 'is notified of'}`, async (t) => {
    const its = await ground(t);
    const { bob, byLink, say } = its;
    const notifications = bob.watch('notification');
    const message = await say();
    byLink(message);
    assert.deepEqual(bob.media.of('receive'), []);
    come(its, message);
    await until(
      () => notifications.length > 0 || bob.messages.inbox.isLive(message.id),
      'what becomes of it',
    );
    assert.equal(bob.messages.inbox.isLive(message.id), isSpoken);
    assert.ok(bob.media.of('receive').every(({ play }) => play === isSpoken));
  });

test('fragments that came by datagram before the header came over the link show that somebody speaks, while they are fresh', async (t) => {
  const { bob, byLink, say, arrive } = await ground(t);
  const notifications = bob.watch('notification');
  const [now, long] = [await say(), await say()];
  arrive(long);
  bob.time.pass(2_500);
  arrive(now);
  byLink(now);
  await until(() => bob.messages.inbox.isLive(now.id), 'it plays at once');
  bob.media.report({ type: 'playback-ended', id: now.id, reason: 'end' });
  byLink(long);
  bob.time.pass(1_000);
  await until(() => notifications.some(({ id }) => id === long.id), 'nobody speaks it any more');
});

test('of a message whose header came over the link, what comes before it plays is played, too', async (t) => {
  const { bob, upstream, byLink, say } = await ground(t);
  const message = await say();
  const { id, fragments } = message;
  byLink(message);
  bob.time.pass(150);
  assert.equal(upstream.of('fetch').length, 1);
  bob.messages.fragments(id, fragments.slice(0, 8), upstream);
  bob.time.pass(150);
  bob.messages.fragments(id, fragments.slice(8, 12), upstream);
  await until(() => bob.media.fed(id).length > 0, 'the beginning');
  bob.messages.fragments(id, fragments.slice(12), upstream);
  await nextTurn();
  assert.deepEqual(
    bob.media.fed(id),
    fragments.map(({ n }) => n),
    'each is played once',
  );
  assert.equal(
    bob.media.posted.filter(({ type }) => type === 'receive' || type === 'play-fragments')[0]?.type,
    'receive',
  );
});

test('a node that closes waits for no signs of speech', async (t) => {
  const { bob, byLink, say } = await ground(t);
  byLink(await say());
  assert.ok(bob.time.dueIn.includes(1_000));
  bob.messages.inbox.close();
  assert.ok(!bob.time.dueIn.includes(1_000));
});

test('a message that its talker sealed again, for another computer, is not live', async (t) => {
  const { bob, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  announce(await say({ again: newMessageId() }));
  await until(() => notifications.length > 0, 'the notification');
  assert.equal(bob.media.of('receive')[0]?.play, false);
});

test('a very short message, whose end comes while its key is unwrapped, plays', async (t) => {
  const { bob, say, announce, end } = await ground(t);
  const message = await say();
  announce(message);
  end(message);
  await until(() => bob.media.of('receive').length > 0, 'the order to receive');
  assert.equal(bob.media.of('receive')[0]?.play, true);
  assert.ok(bob.messages.inbox.isLive(message.id));
});

test('a person is notified of a message that is whole when it is opened', async (t) => {
  const { bob, upstream, say, end, announce } = await ground(t);
  bob.listener.presence = 'away';
  const notifications = bob.watch('notification');
  const message = await say();
  bob.messages.frame({ type: 'announce', header: message.header.signed }, upstream);
  bob.time.pass(150);
  bob.messages.fragments(message.id, message.fragments, upstream);
  end(message);
  await until(() => bob.store.get(message.id)?.state === 'complete', 'the whole message');
  await until(() => notifications.length > 0, 'the notification');
  announce(message);
  end(message);
  assert.deepEqual(receipts(upstream), ['received']);
  assert.equal(notifications.length, 1);
});

test('a message that plays to its end is heard once, and the receipt is signed once', async (t) => {
  const { bob, upstream, say, announce, arrive, end } = await ground(t);
  const settled = bob.watch('settled');
  const message = await say();
  announce(message);
  await until(() => bob.media.of('receive').length > 0, 'the order to receive');
  arrive(message);
  end(message);
  assert.deepEqual(bob.media.of('receive-end'), [
    { type: 'receive-end', id: message.id, count: message.fragments.length },
  ]);
  await until(() => receipts(upstream).includes('received'), 'the receipt');
  bob.media.report({ type: 'playback-ended', id: message.id, reason: 'end' });
  bob.media.report({ type: 'playback-ended', id: message.id, reason: 'end' });
  bob.messages.inbox.heard(message.id);
  await until(() => receipts(upstream).includes('heard'), 'the talker is told');
  await bob.store.retry();
  assert.deepEqual(receipts(upstream), ['received', 'heard']);
  assert.equal(bob.store.get(message.id)?.local.heard, bob.time.now());
  assert.equal(settled[0], message.id);
  assert.deepEqual(bob.store.unheard(), []);
});

for (const reason of ['end', 'lost'] as const) {
  test(`the worker forgets a message that was whole before its sound ended: ${reason}`, async (t) => {
    const { bob, upstream, say, announce, arrive, end } = await ground(t);
    const message = await say();
    announce(message);
    await until(() => bob.media.of('receive').length > 0, 'the order to receive');
    arrive(message);
    end(message);
    await until(() => receipts(upstream).includes('received'), 'the whole message');
    assert.deepEqual(bob.media.of('forget'), [], 'it sounds still');
    bob.media.report({ type: 'playback-ended', id: message.id, reason });
    assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: message.id }]);
  });
}

test('the worker goes on receiving a message whose sound ended before it was whole', async (t) => {
  const { bob, upstream, say, announce, arrive, end } = await ground(t);
  const message = await say();
  announce(message);
  await until(() => bob.messages.inbox.isLive(message.id), 'the live message');
  bob.media.report({ type: 'playback-ended', id: message.id, reason: 'lost' });
  assert.deepEqual(bob.media.of('forget'), []);
  arrive(message);
  end(message);
  await until(() => receipts(upstream).includes('received'), 'the whole message');
  assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: message.id }]);
});

test('a live message that is cut short is not heard: its person is notified', async (t) => {
  const { bob, upstream, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  const message = await say();
  announce(message);
  await until(() => bob.messages.inbox.isLive(message.id), 'the live message');
  bob.media.report({ type: 'playback-ended', id: message.id, reason: 'lost' });
  assert.equal(notifications.length, 1);
  assert.deepEqual(receipts(upstream), []);
  assert.equal(bob.store.unheard().length, 1);
});

test('when the worker dies, the person is notified of the message that sounded, and of each that waited', async (t) => {
  const { bob, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  const messages = [await say(), await say()];
  for (const message of messages) announce(message);
  await until(() => bob.messages.turns.waiting.length === 1, 'one sounds, and one waits');
  bob.media.crash();
  assert.deepEqual(notifications.map(({ id }) => id).sort(), messages.map(({ id }) => id).sort());
  assert.deepEqual([bob.messages.inbox.speaking, bob.messages.turns.waiting], [[], []]);
});

test('a message that is deleted while it is spoken stops sounding, and nobody is notified', async (t) => {
  const { bob, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  const settled = bob.watch('settled');
  const message = await say();
  announce(message);
  await until(() => bob.messages.inbox.isLive(message.id), 'the live message');
  assert.equal(await bob.messages.delete(message.id), true);
  assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: message.id }]);
  assert.deepEqual(settled, [message.id]);
  bob.media.report({ type: 'playback-ended', id: message.id, reason: 'lost' });
  assert.deepEqual(notifications, []);
});

test('a short message that is whole before its key is unwrapped still plays from its beginning to its end', async (t) => {
  const { bob, upstream, say, announce, end } = await ground(t);
  const message = await say({ count: 6 });
  announce(message);
  // Nothing is awaited: the key is still being unwrapped.
  bob.time.pass(150);
  bob.messages.fragments(message.id, message.fragments, upstream);
  end(message);
  assert.deepEqual(bob.media.of('receive'), []);
  await until(() => bob.media.of('receive').length > 0, 'the order to receive');
  assert.equal(bob.media.of('receive')[0]?.play, true);
  await until(() => bob.media.fed(message.id).length === 6, 'the fragments');
  assert.deepEqual(bob.media.fed(message.id), [0, 1, 2, 3, 4, 5]);
  const orders = bob.media.posted.map(({ type }) => type);
  assert.ok(orders.lastIndexOf('receive-end') > orders.indexOf('receive'), 'the worker learns where it ends');
});

test('a message whose key does not open here is logged, not played, and not notified of', async (t) => {
  const { ann, bob, say, announce } = await ground(t);
  const notifications = bob.watch('notification');
  const good = await say();
  const facts = good.header.facts;
  const [first, ...others] = facts.keys;
  const damaged = { ...facts, keys: [{ ...first!, sealed: `AAAA${first!.sealed.slice(4)}` }, ...others] };
  bob.hear(ann.identity.sign(damaged));
  await until(() => bob.log.length > 0, 'the line in the log');
  assert.match(bob.log[0]!, new RegExp(`message ${good.id}: .*does not open`));
  assert.deepEqual([bob.media.of('receive'), notifications], [[], []]);
  announce(await say());
  await until(() => bob.media.of('receive').length > 0, 'the next message');
});
