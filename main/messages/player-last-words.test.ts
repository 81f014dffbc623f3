import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { MessageId } from '../model/index.ts';
import type { Desk } from './test-desk.ts';
import { speak } from './test-people.ts';
import { keptByBob } from './test-kept.ts';

/** The order to play, and where it ends. */
const ordered = (bob: Desk) => bob.media.of('play').map(({ id, from, count }) => [id, from, count]);

test('the last words are heard again: what was heard of each message, one after the other', async (t) => {
  const { bob, player, stored, kept, ended } = await keptByBob(t, 3);
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
  const { bob, player, stored, ended } = await keptByBob(t);
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
  const { bob, ann, player, stored, ended } = await keptByBob(t);
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

/** Ann speaks to Bob, who hears her last words again. */
async function hearsAgain(t: TestContext) {
  const { bob, ann, player } = await keptByBob(t, 0);
  bob.listener.presence = 'available';
  const { id, header } = await speak(ann, [bob], { time: bob.time });
  bob.hear(header.signed);
  await until(() => bob.messages.inbox.isLive(id), 'Ann is heard');
  for (const positionFragment of [0, 15])
    bob.media.report({ type: 'playback', id, state: 'live', positionFragment, speed: 1 });
  await player.playLastWords();
  const notified = bob.watch('notification');
  const isOver = () => {
    assert.deepEqual([player.playback, bob.messages.inbox.speaking], [undefined, []]);
    assert.deepEqual(
      notified.map((message) => message.id),
      [id],
      'they find it later',
    );
  };
  return { bob, player, id, isOver };
}

test('who stops the last words of what is still being said hears none of it any more', async (t) => {
  const { player, isOver } = await hearsAgain(t);
  player.control('stop');
  isOver();
});

test('the last words of what is still being said end with a call, and do not come back after it', async (t) => {
  const { bob, isOver } = await hearsAgain(t);
  bob.messages.ear.hold('call 1');
  isOver();
  bob.messages.ear.release('call 1');
  isOver();
});

test('before anything was heard since the start, the last words are of what was heard before it; or there are none', async (t) => {
  const { bob, player, kept } = await keptByBob(t, 2);
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
  const { bob, player, stored, kept, ended } = await keptByBob(t, 2);
  for (const { id } of kept) bob.messages.inbox.heard(id);
  await player.playLastWords();
  await player.play(stored(1));
  ended(stored(1).id);
  assert.equal(player.playback, undefined, 'nothing follows');
});
