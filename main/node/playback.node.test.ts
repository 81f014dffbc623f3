import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import {
  durationOf,
  heardBy,
  isPlaying,
  isStopped,
  messageOf,
  pitchOf,
  playbacksOf,
  say,
  soundsAt,
} from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

const PITCH_HZ = 300;

/** Bob, who was away while this many messages of these lengths came, and what they are, oldest first. */
async function ground(t: TestContext, ...durationsMs: number[]) {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setPresence', { presence: 'away' });
  const ids: string[] = [];
  for (const durationMs of durationsMs) ids.push(await say(ann, bob, toneWav(durationMs, { hz: PITCH_HZ })));
  return { bob, node: bob.node, ids, id: ids[0] ?? '' };
}

it('all that is unheard plays, oldest first, at the speed that was chosen; one may be skipped', async (t) => {
  const { bob, node, ids } = await ground(t, 800, 2000, 800);
  await node.call('play', { which: 'next', all: true });
  await node.call('playback', { action: 'speed', speed: 2 });
  await bob.untilSo(isPlaying(ids[1]!, () => true));
  const skipped = await node.call('playback', { action: 'skip' });
  assert.deepEqual([skipped?.id, skipped?.speed, skipped?.following], [ids[2], 2, 0]);
  await bob.untilSo(isStopped);
  const told = playbacksOf(bob);
  assert.deepEqual([...new Set(told.map(({ id }) => id))], ids);
  assert.equal(told[0]?.following, 2);
  const unheard = (await node.call('messages')).filter(({ heard }) => !heard);
  assert.deepEqual(
    unheard.map(({ id }) => id),
    [ids[1]],
    'what was skipped is still unheard',
  );
});

it('a message plays at twice the speed in half the time, at the same pitch', async (t) => {
  const { bob, node, id } = await ground(t, 2000);
  await node.call('play', { which: id, speed: 2 });
  await bob.untilSo(isStopped);
  const heard = await heardBy(bob);
  const durationMs = durationOf(heard);
  assert.ok(durationMs > 900 && durationMs < 1100, `2 s were heard in ${durationMs} ms`);
  const pitch = pitchOf(heard);
  assert.ok(Math.abs(pitch - PITCH_HZ) < 10, `${PITCH_HZ} Hz sound as ${pitch} Hz`);
  assert.equal((await messageOf(bob, id))?.heard, true);
});

it('a message plays from the place that is asked for', async (t) => {
  const { bob, node, id } = await ground(t, 2000);
  await node.call('play', { which: id, positionMs: 1500 });
  await bob.untilSo(isStopped);
  const durationMs = durationOf(await heardBy(bob));
  assert.ok(durationMs > 400 && durationMs < 600, `${durationMs} ms of its last 500 ms were heard`);
});

it('a paused message stays where it is, is moved, not beyond its end, and goes on from there', async (t) => {
  const { bob, node, id } = await ground(t, 6000);
  await node.call('play', { which: id });
  await soundsAt(bob);
  await node.call('playback', { action: 'pause' });
  const moved = await node.call('playback', { action: 'seek', positionMs: 5500 });
  assert.deepEqual([moved?.state, moved?.positionMs], ['paused', 5500]);
  await heardBy(bob);
  const { playing } = await node.call('status');
  assert.deepEqual([playing?.state, playing?.positionMs], ['paused', 5500], 'though the loudspeaker goes on');
  const beyond = await node.call('playback', { action: 'seek', positionMs: 1e7 });
  const { durationMs = 0 } = (await messageOf(bob, id)) ?? {};
  assert.equal(beyond?.positionMs, durationMs);
  await node.call('playback', { action: 'seek', positionMs: 5600 });
  await node.call('playback', { action: 'resume' });
  await bob.untilSo(isStopped);
  assert.equal((await messageOf(bob, id))?.heard, true);
});

it('skip does nothing if nothing plays', async (t) => {
  const { node } = await ground(t);
  assert.equal(await node.call('playback', { action: 'skip' }), null);
});
