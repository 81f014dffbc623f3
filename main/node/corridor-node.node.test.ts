import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import {
  isComplete,
  isMessage,
  isNotified,
  messageOf,
  samplesOf,
  untilOffline,
} from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

it('a message reaches an available recipient while it is spoken, and that is proven', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(2000) });
  await bob.untilSo(isMessage(id, ({ live }) => live));
  await ann.untilSo(isMessage(id, ({ storedOn }) => storedOn >= 1));
  await bob.untilSo(isComplete(id));
  await ann.untilSo(isMessage(id, ({ live, recipients }) => !live && recipients[0]?.state === 'heard'));
});

it('a person who is away is notified while the talker still speaks, and has the message afterwards', async (t) => {
  const [ann, cleo] = await officeFor(t).people('101', '103');
  await cleo.node.call('setPresence', { presence: 'away' });
  const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: toneWav(30_000) });
  const notification = await cleo.until((event): event is Extract<NodeEvent, { type: 'notification' }> =>
    isNotified(id)(event),
  );
  assert.equal(notification.extension, '101');
  assert.match(notification.number, /^[0-9]{4}$/);
  await ann.untilSo(isMessage(id, ({ live, recipients }) => live && recipients[0]?.state === 'notified'));
  await cleo.untilSo(isMessage(id, ({ durationMs }) => durationMs > 500));
  await ann.node.call('talkRelease');
  await cleo.untilSo(isComplete(id));
  const { base64, durationMs } = await cleo.node.call('exportMessage', {
    which: notification.number,
    format: 'ogg',
  });
  assert.equal(Buffer.from(base64, 'base64').toString('latin1', 0, 4), 'OggS');
  assert.equal(durationMs, (await messageOf(ann, id))?.durationMs);
});

it('a message for somebody offline is kept, sealed, and delivered on their return', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cleo] = await office.people('101', '102', '103');
  await cleo.node.call('setPresence', { presence: 'away' });
  await office.close(cleo);
  await untilOffline(ann, '103');
  const { id } = await bob.node.call('talkRecording', { dial: '103', wavBase64: toneWav(1000) });
  await bob.untilSo(isMessage(id, ({ complete, storedOn }) => complete && storedOn >= 1));
  const back = await office.add('103', { profile: cleo.profile });
  await back.untilSo(isNotified(id));
  await back.untilSo(isComplete(id));
  await bob.untilSo(
    isMessage(id, ({ recipients: [one] }) => one?.state === 'received' && one.at !== null && one.isNotified),
  );
  await assert.rejects(ann.node.call('exportMessage', { which: id, format: 'ogg' }), /no message/);
});

it('a message begins while the last word of the one before is still being recorded', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const first = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(30_000) });
  await bob.untilSo(isMessage(first.id, ({ live }) => live));
  await ann.node.call('talkRelease');
  const second = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(2000) });
  await assert.rejects(ann.node.call('talkPress', { dial: '102' }), /talking already/);
  for (const { id } of [first, second]) await bob.untilSo(isComplete(id));
});

it('a press that comes after the release of a program that was started later does not begin a talk', async (t) => {
  const [ann] = await officeFor(t).people('101', '102');
  assert.deepEqual(await ann.node.call('talkRelease', { at: 20 }), { id: null });
  await assert.rejects(ann.node.call('talkPress', { dial: '102', at: 10 }), { code: 'already-released' });
  // Where there is no microphone, that is why it does not begin.
  const later = await ann.node.call('talkPress', { dial: '102', at: 30 }).catch((error: unknown) => error);
  assert.ok(!(later instanceof Error) || !/let go/.test(later.message), String(later));
});

it('the shortest message counts as heard once it sounded, and nobody is notified of it', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  for (const durationMs of [10, 50, 200]) {
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(durationMs) });
    await bob.untilSo(isMessage(id, ({ heard }) => heard));
  }
  assert.ok(!bob.events.some(({ type }) => type === 'notification'), 'it was not announced as missed');
});

it('a taken extension is refused with a sentence, and so is a number that nobody has', async (t) => {
  const [, bob] = await officeFor(t).people('101', '102');
  await assert.rejects(
    bob.node.call('setup', { name: 'Bob', extension: '101' }),
    /belongs to Person 101 already/,
  );
  await assert.rejects(bob.node.call('talkPress', { dial: '999' }), /Nobody has extension 999/);
  await assert.rejects(bob.node.call('talkPress', { dial: '102' }), /your own extension/);
  assert.equal((await bob.node.call('status')).state, 'running');
});

it('another switch is elected when it leaves, and nothing of what is being said is lost', async (t) => {
  const office = officeFor(t);
  const people = await office.people('101', '102', '103');
  const statuses = await Promise.all(people.map(({ node }) => node.call('status')));
  const leader = people[statuses.findIndex(({ role }) => role === 'switch')];
  const [talker, listener] = people.filter((member) => member !== leader);
  assert.ok(leader && talker && listener);
  const { id } = await talker.node.call('talkRecording', {
    dial: listener.extension,
    wavBase64: toneWav(30_000),
  });
  await listener.untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 300));
  await office.close(leader);
  await office.settled();
  assert.equal((await messageOf(listener, id))?.live, true, 'it is spoken all the while');
  await talker.node.call('talkRelease');
  await listener.untilSo(isComplete(id));
  await talker.untilSo(isMessage(id, ({ complete, storedOn }) => complete && storedOn >= 1));
  assert.deepEqual(await samplesOf(listener, id), await samplesOf(talker, id));
});
