import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  isComplete,
  isMessage,
  isNotified,
  messageOf,
  samplesOf,
  say,
  untilOffline,
} from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

it('a forwarded message is the very same speech, and names who spoke it, however often it is forwarded', async (t) => {
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  const id = await say(ann, bob, toneWav(800, { silentMs: 200 }));
  const forwarded = await bob.node.call('forwardMessage', { id, dial: '103' });
  assert.deepEqual([forwarded.to, forwarded.names], ['103', ['Person 103']]);
  assert.notEqual(forwarded.id, id);
  await cleo.untilSo(isComplete(forwarded.id));
  const message = await messageOf(cleo, forwarded.id);
  assert.deepEqual(
    [message?.name, message?.forwardedFrom, message?.live],
    ['Person 102', 'Person 101', false],
  );
  assert.deepEqual(await samplesOf(cleo, forwarded.id), await samplesOf(ann, id));
  await cleo.untilSo(isNotified(forwarded.id));
  await bob.untilSo(isMessage(forwarded.id, ({ storedOn }) => storedOn >= 1));
  await bob.untilSo(isMessage(forwarded.id, ({ recipients }) => recipients[0]?.isNotified === true));

  const further = await cleo.node.call('forwardMessage', { id: forwarded.id, dial: '101' });
  await ann.untilSo(isComplete(further.id));
  assert.equal((await messageOf(ann, further.id))?.forwardedFrom, 'Person 101');
});

it('only a complete message is forwarded, and only to somebody else who exists', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  await bob.untilSo(isMessage(id, ({ live }) => live));
  await assert.rejects(bob.node.call('forwardMessage', { id, dial: '101' }), /whole message/);
  await ann.node.call('talkRelease');
  await bob.untilSo(isComplete(id));
  await assert.rejects(bob.node.call('forwardMessage', { id, dial: '999' }), /Nobody has extension/);
  await assert.rejects(bob.node.call('forwardMessage', { id, dial: '102' }), /your own/);
});

it('a message that is forwarded to somebody offline waits, and is there on their return', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cleo] = await office.people('101', '102', '103');
  const id = await say(ann, bob, toneWav(500));
  await office.close(cleo);
  await untilOffline(bob, '103');
  const forwarded = await bob.node.call('forwardMessage', { id, dial: '103' });
  await bob.untilSo(isComplete(forwarded.id));
  const back = await office.add('103', { profile: cleo.profile });
  await back.untilSo(isComplete(forwarded.id));
  assert.deepEqual(await samplesOf(back, forwarded.id), await samplesOf(bob, id));
});
