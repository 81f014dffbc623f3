import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { until } from '../../test/support/hand-time.ts';
import type { NodeId, Page } from '../model/index.ts';
import { Desk } from './test-desk.ts';
import { newPerson, speak, type Spoken } from './test-people.ts';

const PASSES: Page = { isToAll: true };

/** Ann, whom Bob speaks to, and who pages through her microphone, or a recording. */
async function ground(t: TestContext) {
  const ann = await Desk.open(t, '101');
  const bob = await newPerson(t, '102');
  ann.office.know(bob);
  const { outgoing, player } = ann.messages;
  const hear = async ({ isOverride = false } = {}): Promise<Spoken> => {
    const message = await speak(bob, [ann], { time: ann.time, isOverride });
    ann.hear(message.header.signed);
    return message;
  };
  /** An earlier message of Bob’s plays. */
  const plays = async (): Promise<void> => {
    const notifications = ann.watch('notification');
    ann.listener.presence = 'busy';
    const { id } = await hear();
    await until(() => notifications.length > 0, 'a message that waits to be played');
    ann.listener.presence = 'available';
    const message = ann.store.get(id);
    assert.ok(message);
    await player.play(message);
  };
  const page = (pcm?: Int16Array) =>
    outgoing.press({ recipients: [bob.record], from: '101', to: '102', page: PASSES }, { pcm }).id;
  const ends = (id: string) => {
    outgoing.release();
    ann.media.report({ type: 'talk-ended', id, count: 0, failed: null });
  };
  const state = () => player.playback?.state;
  return { ann, hear, plays, page, ends, state };
}

test('while the person pages their own loudspeaker is silent: voices from before stay unheard, new ones wait', async (t) => {
  const { ann, hear, page, ends } = await ground(t);
  const notifications = ann.watch('notification');
  const before = await hear();
  await until(() => ann.messages.inbox.isLive(before.id), 'Bob is heard');
  const id = page();
  assert.deepEqual(ann.media.of('forget'), [{ type: 'forget', id: before.id }]);
  assert.equal(notifications[0]?.id, before.id);
  const after = await hear();
  await until(() => ann.messages.turns.waiting.length === 1, 'Bob waits');
  ends(id);
  await until(() => ann.messages.player.playback?.id === after.id, 'his turn');
});

test('a message that the person plays pauses while they page, and goes on afterwards', async (t) => {
  const { plays, page, ends, state } = await ground(t);
  await plays();
  const id = page();
  assert.equal(state(), 'paused');
  ends(id);
  assert.equal(state(), 'playing');
});

test('a recording that is paged silences nothing: no microphone is open', async (t) => {
  const { ann, hear, page } = await ground(t);
  const before = await hear();
  await until(() => ann.messages.inbox.isLive(before.id), 'Bob is heard');
  page(new Int16Array(480));
  assert.ok(ann.messages.inbox.isLive(before.id));
});

test('playback pauses until both a page and a call that began meanwhile are over', async (t) => {
  const { ann, plays, page, ends, state } = await ground(t);
  await plays();
  const id = page();
  ann.messages.ear.hold('call 1');
  ends(id);
  assert.equal(state(), 'paused', 'nothing plays into the call');
  ann.messages.ear.release('call 1');
  assert.equal(state(), 'playing');
});

test('playback pauses until both a call and a page that began meanwhile are over', async (t) => {
  const { ann, plays, page, ends, state } = await ground(t);
  await plays();
  ann.messages.ear.hold('call 1');
  const id = page();
  ann.messages.ear.release('call 1');
  assert.equal(state(), 'paused', 'nothing plays into the page');
  ends(id);
  assert.equal(state(), 'playing');
});

test('a talker who begins during a call has a turn after the paused playback', async (t) => {
  const { ann, hear, plays, state } = await ground(t);
  await plays();
  const played = ann.messages.player.playback?.id;
  ann.messages.ear.hold('call 1');
  const after = await hear();
  await until(() => ann.messages.turns.waiting.length === 1, 'Bob waits');
  ann.messages.ear.release('call 1');
  assert.deepEqual([ann.messages.player.playback?.id, state()], [played, 'playing']);
  assert.deepEqual(
    ann.messages.turns.waiting.map(({ id }) => id),
    [after.id],
  );
});

test('an override that is heard goes on above a call that begins, and ends where the person pages', async (t) => {
  const { ann, hear, page } = await ground(t);
  ann.office.mayOverride = () => true;
  const { id } = await hear({ isOverride: true });
  await until(() => ann.messages.inbox.isLive(id), 'Bob is heard');
  ann.messages.ear.hold('call 1');
  assert.ok(ann.messages.inbox.isLive(id));
  assert.equal(ann.messages.ear.loudness, 0.2, 'the call is softer meanwhile');
  page();
  assert.ok(!ann.messages.inbox.isLive(id), 'it would be heard in the page');
});

test('a turn that is about to begin does not begin in a call', async (t) => {
  const { ann, hear } = await ground(t);
  const notifications = ann.watch('notification');
  const { ear, turns, inbox } = ann.messages;
  const first = await hear();
  await until(() => inbox.isLive(first.id), 'Bob is heard');
  const second = await hear();
  await until(() => turns.waiting.length === 1, 'he waits with more');
  ann.media.report({ type: 'playback-ended', id: first.id, reason: 'end' });
  ear.hold('call 1');
  await until(() => notifications.length === 1, 'it is found later');
  assert.equal(notifications[0]?.id, second.id);
  assert.deepEqual(ann.media.of('play'), []);
});

test('what was paused for a call stays so where the screen was locked meanwhile', async (t) => {
  const { ann, plays, state } = await ground(t);
  await plays();
  ann.messages.ear.hold('call 1');
  ann.listener.isLocked = true;
  ann.messages.turns.look();
  ann.messages.ear.release('call 1');
  assert.equal(state(), 'paused');
});

test('a playback that the person paused before a call stays paused after it', async (t) => {
  const { ann, plays, state } = await ground(t);
  await plays();
  ann.messages.player.control('pause');
  ann.messages.ear.hold('call 1');
  ann.messages.ear.release('call 1');
  assert.equal(state(), 'paused');
});

test('a caller goes on hearing what plays until there is an answer, and messages that begin meanwhile wait', async (t) => {
  const { ann, hear, plays, state } = await ground(t);
  const { ear, turns } = ann.messages;
  await plays();
  ear.hold('calling');
  assert.equal(state(), 'playing');
  await hear();
  await until(() => turns.waiting.length === 1, 'Bob waits');
  ear.hold('call 1');
  assert.equal(state(), 'paused');
  ear.release('call 1');
  assert.equal(state(), 'paused', 'the person has not let go of the call');
  ear.release('calling');
  assert.equal(state(), 'playing');
  assert.equal(turns.waiting.length, 1, 'he has his turn after it');
});

test('whom the person speaks with in a call is heard out, and nobody else: what they were saying is heard', async (t) => {
  const { ann, hear } = await ground(t);
  const { ear, inbox, player } = ann.messages;
  const notifications = ann.watch('notification');
  const { id, header } = await hear();
  const isBobs = (talker: NodeId) => talker === header.facts.talker;
  await until(() => inbox.isLive(id), 'Bob is heard');
  ear.hold('call 1', isBobs);
  assert.ok(inbox.isLive(id), 'his computer ends it');
  ann.media.report({ type: 'playback-ended', id, reason: 'end' });
  assert.notEqual(ann.store.get(id)?.local.heard, undefined);
  assert.deepEqual(notifications, []);
  ear.release('call 1');
  assert.equal(player.playback, undefined);
  const after = await hear();
  await until(() => inbox.isLive(after.id), 'he is heard again');
  ear.hold('call 2', (talker) => !isBobs(talker));
  assert.ok(!inbox.isLive(after.id), 'a call with somebody else ends it');
});
