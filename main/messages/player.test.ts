import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { speak } from './test-people.ts';
import { HandLink } from './test-ports.ts';
import { keep, keptByBob } from './test-kept.ts';

test('a stored message plays from its beginning to its end, and is heard then', async (t) => {
  const { bob, player, stored, ended } = await keptByBob(t);
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
  const states = () => stored(0).receipts.map(({ facts }) => facts.state);
  await until(() => !states().includes('received'), 'the receipt');
  assert.deepEqual(states(), ['heard']);
});

test('what does not come to its end is not heard', async (t) => {
  const { bob, player, stored, ended } = await keptByBob(t);
  await player.play(stored(0));
  ended(stored(0).id, 'lost');
  assert.equal(player.playback, undefined);
  assert.equal(bob.store.unheard().length, 1);
});

test('it pauses, resumes, stops, and does nothing if nothing plays', async (t) => {
  const { bob, player, stored } = await keptByBob(t);
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
  const { bob, player, stored } = await keptByBob(t);
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
  const { bob, player, stored } = await keptByBob(t);
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
  const { bob, player, stored, kept, ended, playing } = await keptByBob(t, 3);
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
  const { player, stored, kept, ended, playing } = await keptByBob(t, 2);
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

test('a message that cannot be opened is skipped', async (t) => {
  const { ann, hub, bob, player, stored, kept, ended, playing } = await keptByBob(t);
  // It names Bob, but its key was wrapped for another node.
  const wrong = await speak(ann, [hub], { time: bob.time });
  const { facts } = wrong.header;
  const keys = facts.keys.map((key) => (key.node === hub.record.node ? { ...key, node: bob.node } : key));
  const forBob = { ...facts, recipients: [bob.node], keys };
  await keep(bob, { ...wrong, header: { signed: ann.identity.sign(forBob), facts: forBob } });
  const next = await speak(ann, [bob], { time: bob.time });
  await keep(bob, next);
  await assert.rejects(player.play(bob.store.get(wrong.id)!), { code: 'bad-message-key' });
  await player.play(stored(0), { all: true });
  ended(kept[0]!.id);
  await until(() => playing().length === 2, 'the next message');
  assert.deepEqual(playing(), [kept[0]!.id, next.id]);
  assert.match(bob.log.join(), new RegExp(wrong.id));
});

test('a later choice wins while a key is being unwrapped', async (t) => {
  const { player, stored, kept, playing } = await keptByBob(t, 2);
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

test('a message that was deleted meanwhile does not begin to play', async (t) => {
  const { bob, player, stored, playing } = await keptByBob(t);
  const begun = player.play(stored(0));
  await Promise.all([bob.store.delete(stored(0).id), begun]);
  assert.deepEqual(playing(), []);
});

test('when the worker dies, nothing plays any more, and the next choice plays', async (t) => {
  const { bob, player, stored, playing } = await keptByBob(t);
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
  const { ann, hub, bob, player } = await keptByBob(t, 0);
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
  player.control('stop');
  assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: live.id }], 'it plays no more');
});
