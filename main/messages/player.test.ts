import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { MessageId } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';
import { HandLink } from './test-ports.ts';

/** Bob is away; Ann talked to him, and what she said is kept whole. */
async function ground(t: TestContext, messages = 1) {
  const bob = await Desk.open(t, '102');
  const [ann, hub] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, hub);
  bob.listener.presence = 'away';
  const kept: Spoken[] = [];
  for (let n = 0; n < messages; n += 1) {
    const spoken = await speak(ann, [bob], { time: bob.time });
    await keep(bob, spoken);
    await until(() => bob.store.get(spoken.id)?.state === 'complete', 'a whole message');
    kept.push(spoken);
    bob.time.pass(1000);
  }
  const { player } = bob.messages;
  const stored = (n: number) => bob.store.get(kept[n]!.id)!;
  const ended = (id: MessageId, reason: 'end' | 'lost' = 'end') =>
    bob.media.report({ type: 'playback-ended', id, reason });
  const playing = () => bob.media.of('play').map(({ id }) => id);
  return { ann, hub, bob, kept, player, stored, ended, playing };
}

/** As if it had come while this node kept it: straight into the store, with the roles of a recipient. */
async function keep(desk: Desk, { header, manifest, fragments }: Spoken): Promise<void> {
  desk.store.begin(header.signed, header.facts, { mine: 'recipient', keeps: false });
  desk.store.append(header.facts.id, fragments);
  await desk.store.setManifest(header.facts.id, manifest.signed, manifest.facts);
}

test('a stored message plays from its beginning to its end, and is heard then', async (t) => {
  const { bob, player, stored, ended } = await ground(t);
  const message = stored(0);
  const told = bob.watch('playback');
  await player.play(message);
  const [order] = bob.media.of('play');
  assert.deepEqual([order?.from, order?.speed, order?.count], [0, 1, 20]);
  await until(() => bob.media.fed(message.id).length === 20, 'the fragments');
  assert.deepEqual(
    bob.media.fed(message.id),
    Array.from({ length: 20 }, (_, n) => n),
  );
  bob.media.report({ type: 'playback', id: message.id, state: 'playing', positionFragment: 7, speed: 1 });
  assert.equal(player.playback?.positionMs, 70);
  assert.equal(bob.store.unheard().length, 1, 'not yet');
  ended(message.id);
  assert.equal(player.playback, undefined);
  assert.equal(told[told.length - 1], undefined);
  assert.deepEqual(bob.store.unheard(), []);
  assert.deepEqual(
    bob.store.get(message.id)?.receipts.map(({ facts }) => facts.state),
    ['heard'],
  );
});

test('what does not come to its end is not heard', async (t) => {
  const { bob, player, stored, ended } = await ground(t);
  await player.play(stored(0));
  ended(stored(0).id, 'lost');
  assert.equal(player.playback, undefined);
  assert.equal(bob.store.unheard().length, 1);
});

test('it pauses, resumes, stops, and does nothing where nothing plays', async (t) => {
  const { bob, player, stored } = await ground(t);
  for (const action of ['pause', 'resume', 'stop'] as const) player.control(action);
  player.seek(50);
  player.setSpeed(2);
  for (const type of ['playback', 'playback-seek', 'playback-speed'] as const)
    assert.deepEqual(bob.media.of(type), []);
  await player.play(stored(0));
  player.control('pause');
  assert.equal(player.playback?.state, 'paused');
  player.control('resume');
  assert.equal(player.playback.state, 'playing');
  player.control('stop');
  assert.equal(player.playback, undefined);
  assert.deepEqual(
    bob.media.of('playback').map(({ action }) => action),
    ['pause', 'resume', 'stop'],
  );
});

test('it seeks: by fragment, no further than the end, and does not feed again what the worker has', async (t) => {
  const { bob, player, stored } = await ground(t);
  const { id } = stored(0);
  await player.play(stored(0), { positionMs: 100 });
  assert.equal(bob.media.of('play')[0]?.from, 10);
  await until(() => bob.media.fed(id).length === 10, 'the second half');
  player.seek(155);
  assert.equal(player.playback?.positionMs, 150);
  player.seek(60_000);
  assert.equal(player.playback.positionMs, 200);
  player.seek(30);
  assert.deepEqual(
    bob.media.of('playback-seek').map(({ from }) => from),
    [15, 20, 3],
  );
  await until(() => bob.media.fed(id).length === 10 + 17, 'the first half');
  assert.deepEqual(
    bob.media.fed(id).slice(0, 10),
    Array.from({ length: 10 }, (_, n) => 10 + n),
  );
  assert.equal(bob.media.fed(id)[10], 3);
});

test('the chosen speed is shown, except while it catches up', async (t) => {
  const { bob, player, stored } = await ground(t);
  const { id } = stored(0);
  await player.play(stored(0), { speed: 1.5 });
  assert.equal(bob.media.of('play')[0]?.speed, 1.5);
  player.setSpeed(2);
  assert.deepEqual(bob.media.of('playback-speed'), [{ type: 'playback-speed', speed: 2 }]);
  const speedAt = (state: 'catching-up' | 'playing', speed: number) => {
    bob.media.report({ type: 'playback', id, state, positionFragment: 1, speed });
    return player.playback?.speed;
  };
  assert.equal(speedAt('catching-up', 1.3), 1.3);
  assert.equal(speedAt('playing', 1.3), 2);
});

test('play all goes on with the next unheard message, oldest first, at the same speed', async (t) => {
  const { bob, player, stored, kept, ended, playing } = await ground(t, 3);
  const ids = kept.map(({ id }) => id);
  await player.play(stored(0), { all: true, speed: 2 });
  assert.equal(player.playback?.following, 2);
  for (const n of [0, 1]) {
    ended(ids[n]!);
    await until(() => playing().length === n + 2, 'the next message');
  }
  assert.deepEqual(playing(), ids);
  assert.equal(bob.media.of('play')[2]?.speed, 2);
  ended(ids[2]!);
  await until(() => player.playback === undefined, 'the end');
  assert.deepEqual(bob.store.unheard(), []);
});

test('play all skips to the next one, and does not return to a message that was passed', async (t) => {
  const { player, stored, kept, ended, playing } = await ground(t, 2);
  await player.play(stored(0), { all: true });
  await player.skip();
  assert.deepEqual(
    playing(),
    kept.map(({ id }) => id),
  );
  ended(kept[1]!.id);
  await until(() => player.playback === undefined, 'the end');
  assert.equal(playing().length, 2);
});

test('one that cannot be opened is passed over', async (t) => {
  const { ann, hub, bob, player, stored, kept, ended, playing } = await ground(t, 2);
  // It names Bob, but its key was wrapped for another node.
  const wrong = await speak(ann, [hub], { time: bob.time });
  const { facts } = wrong.header;
  const keys = facts.keys.map((key) => (key.node === hub.record.node ? { ...key, node: bob.node } : key));
  const forBob = { ...facts, recipients: [bob.node], keys, startedAt: stored(0).header.facts.startedAt + 1 };
  await keep(bob, { ...wrong, header: { signed: ann.identity.sign(forBob), facts: forBob } });
  await assert.rejects(player.play(bob.store.get(wrong.id)!), { code: 'bad-message-key' });
  await player.play(stored(0), { all: true });
  ended(kept[0]!.id);
  await until(() => playing().length === 2, 'the next message');
  assert.deepEqual(
    playing(),
    kept.map(({ id }) => id),
  );
  assert.match(bob.log.join(), new RegExp(wrong.id));
});

test('a later choice wins while a key is being unwrapped', async (t) => {
  const { player, stored, kept, playing } = await ground(t, 2);
  const first = player.play(stored(0));
  const second = player.play(stored(1));
  await Promise.all([first, second]);
  assert.deepEqual(playing(), [kept[1]!.id]);
  assert.equal(player.playback?.id, kept[1]!.id);
  const third = player.play(stored(0));
  player.control('stop');
  await third;
  assert.equal(player.playback, undefined, 'stopping is a choice, too');
});

test('what was deleted meanwhile does not begin to play', async (t) => {
  const { bob, player, stored, playing } = await ground(t);
  const begun = player.play(stored(0));
  await Promise.all([bob.store.delete(stored(0).id), begun]);
  assert.deepEqual(playing(), []);
});

test('when the worker dies, nothing plays any more, and the next choice plays', async (t) => {
  const { bob, player, stored, playing } = await ground(t);
  const told = bob.watch('playback');
  await player.play(stored(0), { all: true });
  bob.media.crash();
  assert.equal(player.playback, undefined);
  assert.equal(told[told.length - 1], undefined);
  assert.equal(bob.store.unheard().length, 1);
  await player.play(stored(0));
  assert.equal(playing().length, 2);
});

test('a message that is still being spoken plays on as it arrives, and learns where it ends', async (t) => {
  const { ann, hub, bob, player } = await ground(t, 0);
  const link = new HandLink(hub.record.node);
  const live = await speak(ann, [bob], { time: bob.time });
  bob.messages.frame({ type: 'announce', header: live.header.signed }, link);
  await until(() => bob.media.of('receive').length > 0, 'the order to receive');
  bob.media.arrive(live.fragments.slice(0, 8), live.header.facts.ssrc);
  await player.play(bob.store.get(live.id)!);
  assert.equal(bob.media.of('play')[0]?.count, null);
  await until(() => bob.media.fed(live.id).length === 8, 'what is there');
  bob.media.arrive(live.fragments.slice(8), live.header.facts.ssrc);
  await until(() => bob.media.fed(live.id).length === 20, 'the rest');
  bob.messages.frame({ type: 'manifest', manifest: live.manifest.signed }, link);
  await until(() => bob.store.get(live.id)?.state === 'complete', 'the whole message');
  assert.deepEqual(bob.media.of('forget'), [], 'the worker still plays it');
  await until(() => bob.media.of('receive-end').length >= 2, 'the end, for the playout');
});

/** The order to play, and where it ends. */
const ordered = (bob: Desk) => bob.media.of('play').map(({ id, from, count }) => [id, from, count]);

test('the last words are heard again: what was heard of each message, one after the other', async (t) => {
  const { bob, player, stored, kept, ended } = await ground(t, 3);
  const [a, b, c] = kept.map(({ id }) => id) as [MessageId, MessageId, MessageId];
  const reach = (id: MessageId, positionFragment: number) =>
    bob.media.report({ type: 'playback', id, state: 'playing', positionFragment, speed: 1 });
  await player.play(stored(0));
  reach(a, 0);
  reach(a, 18);
  ended(a);
  await player.play(stored(1));
  reach(b, 0);
  reach(b, 12);
  player.control('stop');
  await player.play(stored(2), { positionMs: 100 });
  reach(c, 10);
  reach(c, 15);
  ended(c, 'lost');
  bob.media.posted.length = 0;

  assert.equal(await player.playLastWords(), (20 + 12 + 5) * 10);
  assert.deepEqual(ordered(bob), [[a, 0, 20]]);
  ended(a);
  await until(() => player.playback?.id === b, 'the second');
  ended(b);
  await until(() => player.playback?.id === c, 'the third');
  assert.deepEqual(ordered(bob), [
    [a, 0, 20],
    [b, 0, 12],
    [c, 10, 15],
  ]);
  ended(c);
  assert.equal(player.playback, undefined);
  assert.deepEqual(
    bob.store.unheard().map(({ id }) => id),
    [b, c],
    'who hears a part of a message again has not heard all of it',
  );
});

test('in the middle of a message the last words go on to its end, which is heard then', async (t) => {
  const { bob, player, stored, ended } = await ground(t);
  const { id } = stored(0);
  await player.play(stored(0));
  for (const positionFragment of [0, 12])
    bob.media.report({ type: 'playback', id, state: 'playing', positionFragment, speed: 1 });
  await player.playLastWords();
  assert.deepEqual(ordered(bob).at(-1), [id, 0, 20]);
  ended(id);
  assert.deepEqual(bob.store.unheard(), []);
});

test('while somebody speaks, the last words are theirs alone, and go on until live', async (t) => {
  const { bob, ann, player, stored, ended } = await ground(t);
  await player.play(stored(0));
  bob.media.report({ type: 'playback', id: stored(0).id, state: 'playing', positionFragment: 20, speed: 1 });
  ended(stored(0).id);
  bob.listener.presence = 'available';
  const live = await speak(ann, [bob], { time: bob.time });
  bob.hear(live.header.signed);
  await until(() => bob.messages.inbox.isLive(live.id), 'Ann is heard');
  for (const positionFragment of [0, 15])
    bob.media.report({ type: 'playback', id: live.id, state: 'live', positionFragment, speed: 1 });
  assert.equal(await player.playLastWords(), 150);
  assert.deepEqual(ordered(bob).at(-1), [live.id, 0, null]);
});

test('before anything was heard since the start, the last words are of what was heard before it; or there are none', async (t) => {
  const { bob, player, kept } = await ground(t, 2);
  assert.equal(player.hasLastWords, false);
  await assert.rejects(player.playLastWords(), { code: 'nothing-heard' });
  bob.messages.inbox.heard(kept[1]!.id);
  bob.time.pass(1000);
  bob.messages.inbox.heard(kept[0]!.id);
  assert.equal(player.hasLastWords, true);
  assert.equal(await player.playLastWords(), 400);
  assert.deepEqual(ordered(bob), [[kept[1]!.id, 0, 20]]);
  await bob.messages.delete(kept[1]!.id);
  assert.equal(await player.playLastWords(), 200);
});

test('what the person chooses meanwhile takes the place of the last words', async (t) => {
  const { bob, player, stored, kept, ended } = await ground(t, 2);
  for (const { id } of kept) bob.messages.inbox.heard(id);
  await player.playLastWords();
  await player.play(stored(1));
  ended(stored(1).id);
  assert.equal(player.playback, undefined, 'nothing follows');
});
