import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import {
  heardBy,
  isComplete,
  isMessage,
  isPlaying,
  isStopped,
  messageOf,
  playbacksOf,
  samplesOf,
  soundsAt,
} from '../../test/support/messages.ts';
import { isSounding } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

/** The least time between two events of a message that grows, ms. */
const GROWTH_EVERY_MS = 250;

/** Ann speaks to Bob, until `release`; he chose that presence. */
async function speaking(t: TestContext, presence: 'available' | 'away') {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await bob.node.call('setPresence', { presence });
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  const release = async () => {
    await ann.node.call('talkRelease');
    await bob.untilSo(isComplete(id));
  };
  return { ann, bob, node: bob.node, id, release };
}

it('a message grows while it is spoken, and is reported four times a second at most', async (t) => {
  const { bob, id, release } = await speaking(t, 'away');
  const told = () =>
    bob.events.flatMap((event) =>
      event.type === 'message' && event.message.id === id && event.message.live ? [event] : [],
    );
  await eventually(() => told().length >= 5, 'it is told of again and again');
  await release();
  const all = told();
  for (const [n, { at, message }] of all.entries()) {
    const before = all[n - 1];
    if (!before) continue;
    assert.ok(at - before.at >= GROWTH_EVERY_MS, `told again after ${at - before.at} ms`);
    assert.ok(message.durationMs >= before.message.durationMs);
  }
});

it('a message that is being spoken plays from its beginning, and catches up with its talker', async (t) => {
  const { bob, node, id, release } = await speaking(t, 'away');
  await bob.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 800));
  await node.call('play', { which: id });
  await bob.untilSo(isPlaying(id, ({ state }) => state === 'live'));
  const told = playbacksOf(bob);
  assert.equal(told[0]?.positionMs, 0, 'it began at its beginning');
  assert.ok(told.some(({ state, speed }) => state === 'catching-up' && speed > 1));
  await release();
  await bob.untilSo(isStopped);
  assert.equal((await messageOf(bob, id))?.heard, true);
});

it('a person goes back in a message that is being spoken, and catches up once more', async (t) => {
  const { bob, node, id, release } = await speaking(t, 'away');
  await bob.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 800));
  await node.call('play', { which: id, speed: 2 });
  await bob.untilSo(isPlaying(id, ({ state }) => state === 'live'));
  const from = bob.events.length;
  const moved = await node.call('playback', { action: 'seek', positionMs: 100 });
  assert.equal(moved?.positionMs, 100);
  await bob.untilAfter(
    from,
    isPlaying(id, ({ state }) => state === 'catching-up'),
  );
  await release();
  await bob.untilSo(isStopped);
  assert.equal((await messageOf(bob, id))?.heard, true);
});

it('a message that sounds live falls silent when it is deleted, and nothing of it is lost', async (t) => {
  const { ann, bob, node, id, release } = await speaking(t, 'available');
  await bob.untilSo(isSounding(id));
  await soundsAt(bob);
  assert.ok((await node.call('people')).some(({ speaking }) => speaking));
  assert.deepEqual(await node.call('deleteMessage', { id }), { deleted: true });
  assert.ok((await node.call('people')).every(({ speaking }) => !speaking));
  await heardBy(bob);
  await node.call('restoreMessage', { id });
  await release();
  assert.equal((await messageOf(bob, id))?.heard, false);
  assert.equal((await samplesOf(bob, id)).length, (await samplesOf(ann, id)).length);
});
