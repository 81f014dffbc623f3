import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak } from './test-people.ts';

const WORKS = { state: 'running', device: null, sentence: null, phrase: null } as const;
const GONE = { ...WORKS, state: 'missing' } as const;

/** Ann speaks to Bob, Kim waits. */
async function ground(t: TestContext, { isOverride = false } = {}) {
  const bob = await Desk.open(t, '102');
  const [ann, kim] = await Promise.all([newPerson(t, '101'), newPerson(t, '103')]);
  bob.office.know(ann, kim);
  bob.office.overriders.add(ann.record.node);
  const first = await speak(ann, [bob], { time: bob.time, isOverride });
  bob.hear(first.header.signed);
  await until(() => bob.messages.inbox.isLive(first.id), 'Ann is heard');
  const second = await speak(kim, [bob], { time: bob.time });
  bob.hear(second.header.signed);
  await until(() => bob.messages.turns.waiting.length === 1, 'Kim waits');
  const seen = bob.watch('notification');
  const notified = () => seen.map(({ id }) => id);
  const ends = () => bob.media.report({ type: 'playback-ended', id: first.id, reason: 'end' });
  const isPlaying = () => until(() => bob.messages.player.playback?.id === second.id, 'Kim has her turn');
  const lock = () => {
    bob.listener.isLocked = true;
    bob.messages.turns.look();
  };
  const setLoudspeaker = (speaker: typeof WORKS | typeof GONE) => {
    bob.listener.canPlay = speaker === WORKS;
    bob.media.report({ type: 'sound-state', microphone: WORKS, speaker });
  };
  return { bob, first, second, notified, ends, isPlaying, lock, setLoudspeaker };
}

test('when the screen is locked whoever speaks is heard no more, and what waits does not follow', async (t) => {
  const { bob, first, second, notified, lock } = await ground(t);
  lock();
  assert.deepEqual(bob.media.of('forget'), [{ type: 'forget', id: first.id }]);
  assert.deepEqual(bob.messages.inbox.speaking, []);
  await until(() => notified().length === 2, 'the person finds both later');
  assert.deepEqual(new Set(notified()), new Set([first.id, second.id]));
  assert.deepEqual(bob.media.of('play'), []);
});

test('a turn ends when the screen is locked', async (t) => {
  const { bob, second, notified, ends, isPlaying, lock } = await ground(t);
  ends();
  await isPlaying();
  lock();
  assert.deepEqual(bob.media.of('playback'), [{ type: 'playback', action: 'stop' }]);
  assert.deepEqual(notified(), [second.id]);
});

test('a turn that is about to begin when the screen is locked does not', async (t) => {
  const { bob, second, notified, ends, lock } = await ground(t);
  ends();
  lock();
  await until(() => notified().length === 1, 'it is found later');
  assert.deepEqual(notified(), [second.id]);
  assert.deepEqual(bob.media.of('play'), []);
});

test('what the person plays waits for them behind the locked screen', async (t) => {
  const { bob, second, lock } = await ground(t);
  bob.messages.turns.later();
  await bob.messages.player.play(bob.store.get(second.id)!);
  lock();
  assert.equal(bob.messages.player.playback?.state, 'paused');
});

test('an override goes on behind the locked screen only where the person wants it', async (t) => {
  const allowed = await ground(t, { isOverride: true });
  allowed.bob.listener.hearsOverrideAway = true;
  allowed.lock();
  assert.ok(allowed.bob.messages.inbox.isLive(allowed.first.id));
  const not = await ground(t, { isOverride: true });
  not.lock();
  assert.ok(not.notified().includes(not.first.id));
});

test('an unlocked screen ends nothing', async (t) => {
  const { bob, first, notified } = await ground(t);
  bob.listener.presence = 'dnd';
  bob.messages.turns.look();
  assert.ok(bob.messages.inbox.isLive(first.id), 'what is being heard goes on');
  assert.deepEqual(notified(), []);
});

test('voices wait ten seconds for a loudspeaker that is gone, then the person is notified of them', async (t) => {
  const { bob, first, second, notified, setLoudspeaker } = await ground(t);
  setLoudspeaker(GONE);
  bob.time.pass(9999);
  assert.deepEqual(notified(), []);
  setLoudspeaker(GONE);
  bob.time.pass(1);
  assert.deepEqual(new Set(notified()), new Set([first.id, second.id]));
  assert.deepEqual(bob.messages.inbox.speaking, []);
});

test('a loudspeaker that is back in time plays on', async (t) => {
  const { bob, first, notified, setLoudspeaker } = await ground(t);
  setLoudspeaker(GONE);
  bob.time.pass(9000);
  setLoudspeaker(WORKS);
  bob.time.pass(60_000);
  assert.deepEqual(notified(), []);
  assert.ok(bob.messages.inbox.isLive(first.id));
});
