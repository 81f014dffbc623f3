import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { isPlaying, isStopped, messageOf, say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { refused } from '../../test/support/refused.ts';
import { toneWav } from '../../test/support/tone.ts';

it('live speech is heard again by the API and by a dial code', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  await assert.rejects(bob.node.call('playLastWords'), refused('nothing-heard'));
  assert.equal((await bob.node.call('dialPreview', { dial: '*5' })).phrase.code, 'nothing-heard');

  const id = await say(ann, bob, toneWav(600));
  await eventually(async () => (await messageOf(bob, id))?.heard === true, 'it was heard');
  const { durationMs } = await bob.node.call('playLastWords');
  assert.ok(durationMs >= 400 && durationMs <= 1000, `${durationMs} ms`);
  await bob.untilSo(isPlaying(id, () => true));
  await bob.untilSo(isStopped);

  const from = bob.events.length;
  assert.equal((await bob.node.call('dial', { dial: '*5' })).phrase.code, 'dial-last-words');
  await bob.untilAfter(
    from,
    isPlaying(id, () => true),
  );
  await bob.untilAfter(from, isStopped);
});
