import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Person, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob, who hears Ann, and then Kim and Dan. */
async function ground(t: TestContext) {
  const bob = await Desk.open(t, '102');
  const [ann, kim, dan, hub] = (await Promise.all(
    ['101', '103', '104', '105'].map((extension) => newPerson(t, extension)),
  )) as [Person, Person, Person, Person];
  bob.office.know(ann, kim, dan, hub);
  bob.office.switchNode = hub.record.node;
  const upstream = new HandLink(hub.record.node);
  bob.office.upstream = upstream;
  const spoken = async (person: Person): Promise<Spoken> => {
    const message = await speak(person, [bob], { time: bob.time });
    bob.hear(message.header.signed);
    return message;
  };
  const first = await spoken(ann);
  await until(() => bob.messages.inbox.isLive(first.id), 'Ann is heard');
  const second = await spoken(kim);
  await until(() => bob.messages.turns.waiting.length === 1, 'Kim waits');
  const third = await spoken(dan);
  await until(() => bob.messages.turns.waiting.length === 2, 'Dan waits');
  const whole = ({ header, fragments, manifest }: Spoken): void => {
    bob.media.arrive(fragments, header.facts.ssrc);
    bob.messages.frame({ type: 'manifest', manifest: manifest.signed }, upstream);
  };
  const ends = ({ id }: Spoken): void => bob.media.report({ type: 'playback-ended', id, reason: 'end' });
  const isPlaying = ({ id }: Spoken) => until(() => bob.messages.player.playback?.id === id, 'its turn');
  return { bob, ann, kim, dan, upstream, first, second, third, whole, ends, isPlaying };
}

const isHeard = ({ bob }: { bob: Desk }, { id }: Spoken): boolean =>
  bob.store.get(id)?.local.heard !== undefined;
const told = (link: HandLink, { id }: Spoken) =>
  link.of('progress').flatMap((said) => (said.id === id ? [said.isQueued ? 'queued' : said.state] : []));

const heardInstead = (link: HandLink, { id }: Spoken) =>
  link.of('progress').flatMap((said) => (said.id === id ? [said.listensTo] : []));
const queuedAt = (bob: Desk, { id, header }: Spoken) => ({
  ...{ type: 'progress', id, node: bob.node, state: 'notified', isQueued: true },
  talker: header.facts.talker,
});

test('one voice is heard at a time: the others wait, their talkers know, and each has its turn', async (t) => {
  const office = await ground(t);
  const { bob, upstream, first, second, third, whole, ends, isPlaying } = office;
  const notifications = bob.watch('notification');
  assert.deepEqual(told(upstream, second), ['queued']);
  assert.equal(bob.media.of('receive').filter(({ play }) => play).length, 1);
  whole(second);
  ends(first);
  await isPlaying(second);
  bob.media.report({ type: 'sounding', id: third.id, live: false });
  ends(second);
  await isPlaying(third);
  assert.deepEqual(bob.messages.turns.waiting, []);
  whole(third);
  ends(third);
  await until(() => bob.messages.player.playback === undefined, 'all is heard');
  for (const message of [first, second, third]) assert.ok(isHeard(office, message));
  assert.deepEqual(notifications, []);
});

test('talkers who wait learn to whom the person listens, and the person hears once that each of them waits', async (t) => {
  const { bob, ann, kim, upstream, first, second, third, ends, isPlaying } = await ground(t);
  const flashed = bob.watch('waits');
  const tones = () => bob.media.of('waiting-tone').length;
  assert.deepEqual(heardInstead(upstream, second), [ann.record.node]);
  assert.equal(tones(), 2, 'one for Kim, one for Dan');
  const more = await speak(kim, [bob], { time: bob.time });
  bob.hear(more.header.signed);
  await until(() => bob.messages.turns.waiting.length === 3, 'Kim’s second one waits');
  assert.equal(tones(), 2, 'Kim waits already');
  const again = await speak(ann, [bob], { time: bob.time });
  bob.hear(again.header.signed);
  await until(() => bob.messages.turns.waiting.length === 4, 'Ann’s second one waits');
  assert.equal(tones(), 2, 'Ann is heard');
  assert.deepEqual(flashed, [], 'they were told before this test looked');
  ends(first);
  await isPlaying(second);
  assert.equal(bob.media.of('play')[0]?.first, 'turn');
  assert.deepEqual(heardInstead(upstream, third), [ann.record.node, kim.record.node]);
  bob.messages.ear.hold('call c');
  assert.deepEqual(
    upstream.of('progress').findLast(({ id }) => id === third.id),
    { ...queuedAt(bob, third), isInCall: true },
  );
});

test('while the person speaks a page, nothing sounds for who begins to wait', async (t) => {
  const { bob, ann } = await ground(t);
  const [flashed, tones] = [bob.watch('waits'), bob.media.of('waiting-tone').length];
  bob.messages.ear.hold('page p' as never);
  const lena = await newPerson(t, '106');
  bob.office.know(ann, lena);
  const message = await speak(lena, [bob], { time: bob.time });
  bob.hear(message.header.signed);
  await until(() => bob.messages.turns.waiting.some(({ id }) => id === message.id), 'Lena waits');
  assert.equal(bob.media.of('waiting-tone').length, tones);
  assert.deepEqual(flashed, []);
  bob.messages.ear.release('page p' as never);
});

test('a talker who still speaks when the turn comes learns that it is heard', async (t) => {
  const { bob, upstream, first, second, ends, isPlaying } = await ground(t);
  ends(first);
  await isPlaying(second);
  bob.media.report({ type: 'sounding', id: second.id, live: false });
  assert.deepEqual(told(upstream, second), ['queued', 'hearing']);
});

test('a person who asks not to be disturbed meanwhile is notified of what waits', async (t) => {
  const office = await ground(t);
  const { bob, first, second, third, ends } = office;
  const notifications = bob.watch('notification');
  bob.listener.presence = 'dnd';
  ends(first);
  await until(() => notifications.length === 2, 'the notifications');
  assert.deepEqual(
    notifications.map(({ id }) => id),
    [second.id, third.id],
  );
  assert.equal(bob.messages.player.playback, undefined);
});

test('`later` turns waiting messages into notifications, and the present one goes on', async (t) => {
  const { bob, first } = await ground(t);
  const notifications = bob.watch('notification');
  bob.messages.turns.later();
  assert.equal(notifications.length, 2);
  assert.ok(bob.messages.inbox.isLive(first.id));
});

test('`skip` cuts the voice off, which stays unheard, and the next one has its turn', async (t) => {
  const { bob, first, second, isPlaying } = await ground(t);
  const notifications = bob.watch('notification');
  await bob.messages.turns.skip();
  assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: first.id }], 'it sounds no more');
  await isPlaying(second);
  assert.deepEqual(
    notifications.map(({ id }) => id),
    [first.id],
  );
});

test('what play all takes out of the queue and does not bring to its end is found later', async (t) => {
  const { bob, first, second, third, ends } = await ground(t);
  const notifications = bob.watch('notification');
  ends(first);
  await until(() => bob.messages.player.playback?.id === second.id, 'its turn');
  await bob.messages.player.play(bob.store.get(second.id)!, { all: true });
  ends(second);
  await until(() => bob.messages.player.playback?.id === third.id, 'the next unheard one');
  assert.deepEqual(bob.messages.turns.waiting, []);
  bob.messages.player.control('stop');
  assert.deepEqual(
    notifications.map(({ id }) => id),
    [third.id],
  );
});

const BREAKS_OFF: readonly (readonly [string, (office: Awaited<ReturnType<typeof ground>>) => unknown])[] = [
  [
    'whose rest never comes',
    ({ bob, second: { id } }) => bob.media.report({ type: 'playback-ended', id, reason: 'lost' }),
  ],
  ['during which the media worker dies', ({ bob }) => bob.media.crash()],
  ['that is skipped', ({ bob }) => bob.messages.turns.skip()],
  ['that the person stops', ({ bob }) => bob.messages.player.control('stop')],
  [
    'in whose place the person plays another',
    ({ bob, first }) => bob.messages.player.play(bob.store.get(first.id)!),
  ],
];
for (const [which, breakOff] of BREAKS_OFF)
  test(`a turn ${which} was not heard, and the person is notified of it`, async (t) => {
    const office = await ground(t);
    const { bob, first, second, ends, isPlaying } = office;
    const notifications = bob.watch('notification');
    ends(first);
    await isPlaying(second);
    assert.deepEqual(notifications, []);
    await breakOff(office);
    assert.ok(notifications.some(({ id }) => id === second.id));
    assert.ok(!isHeard(office, second));
  });

test('an unexpected error in one turn makes a notification of that message, and the next one has its turn', async (t) => {
  const { bob, first, second, third, ends, isPlaying } = await ground(t);
  const notifications = bob.watch('notification');
  t.mock.method(bob.messages.player, 'play', () => Promise.reject(new Error('unforeseen')), { times: 1 });
  ends(first);
  await isPlaying(third);
  assert.deepEqual(
    notifications.map(({ id }) => id),
    [second.id],
  );
});

test('a message that is deleted or played by hand does not wait any more', async (t) => {
  const { bob, second, third, isPlaying } = await ground(t);
  await bob.messages.delete(second.id);
  assert.deepEqual(
    bob.messages.turns.waiting.map(({ id }) => id),
    [third.id],
  );
  const message = bob.store.get(third.id);
  assert.ok(message);
  await bob.messages.player.play(message);
  await isPlaying(third);
  assert.deepEqual(bob.messages.turns.waiting, []);
});

test('a message that plays by itself at a computer that nobody has touched for minutes stays unheard', async (t) => {
  const office = await ground(t);
  const { bob, first, second, whole, ends, isPlaying } = office;
  const notifications = bob.watch('notification');
  bob.listener.isIdle = true;
  whole(second);
  ends(first);
  await isPlaying(second);
  ends(second);
  await until(() => notifications.length === 2, 'the notifications');
  assert.deepEqual([isHeard(office, first), isHeard(office, second)], [false, false]);
});

test('a reply reaches the last talker for 15 seconds, and longer while the two talk with each other', async (t) => {
  const { bob, ann, first, ends } = await ground(t);
  const { replies } = bob.messages;
  bob.messages.turns.later();
  assert.deepEqual([replies.talker, replies.until], [ann.record.node, undefined], 'while she speaks');
  ends(first);
  assert.deepEqual([replies.talker, replies.until], [ann.record.node, bob.time.now() + 15_000]);
  bob.time.pass(10_000);
  replies.talked([ann.record.node]);
  bob.time.pass(14_999);
  assert.equal(replies.talker, ann.record.node);
  bob.time.pass(1);
  assert.equal(replies.talker, undefined);
});

test('a person who talks to somebody else does not reply any more', async (t) => {
  const { bob, dan, first, ends } = await ground(t);
  bob.messages.turns.later();
  ends(first);
  bob.messages.replies.talked([dan.record.node]);
  assert.equal(bob.messages.replies.talker, undefined);
});

test('a muted talker stops sounding and waiting, and their messages stay unheard; others go on', async (t) => {
  const { bob, ann, kim, upstream, first, second, third, isPlaying } = await ground(t);
  const notifications = bob.watch('notification');
  const muted = [ann.record.node, kim.record.node];
  bob.listener.isMuted = (talker) => muted.includes(talker);
  await bob.messages.turns.silence((talker) => muted.includes(talker));
  await isPlaying(third);
  assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: first.id }], 'what sounded sounds no more');
  assert.deepEqual(
    notifications.map(({ id }) => id),
    [second.id, first.id],
  );
  const more = await speak(ann, [bob], { time: bob.time });
  bob.hear(more.header.signed);
  await until(() => notifications.length === 3, 'the next message is kept silently');
  assert.deepEqual(told(upstream, more), ['notified'], 'as it is where nobody is there');
  assert.equal(bob.messages.player.playback?.id, third.id);
});

test('a muted talker’s turn ends, but not a message of theirs that the person plays', async (t) => {
  const { bob, ann, kim, first, second, ends, isPlaying } = await ground(t);
  bob.messages.turns.later();
  ends(first);
  await until(() => bob.messages.inbox.speaking.length === 0, 'silence');
  await bob.messages.player.play(bob.store.get(second.id)!);
  await isPlaying(second);
  await bob.messages.turns.silence((talker) => [ann.record.node, kim.record.node].includes(talker));
  assert.equal(bob.messages.player.playback?.id, second.id);
});
