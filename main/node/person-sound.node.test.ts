import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import {
  heardBy,
  isComplete,
  isMessage,
  isNotified,
  isSounding,
  messageOf,
  say,
} from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { personOf } from '../../test/support/people.ts';
import { refused } from '../../test/support/refused.ts';
import { toneWav } from '../../test/support/tone.ts';

const HOUR_MS = 3_600_000;

const loudest = (samples: Int16Array): number =>
  samples.reduce((peak, one) => Math.max(peak, Math.abs(one)), 0);

it('a colleague is heard as loud as was chosen, live and again from the store, also after a start', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cleo] = await office.people('101', '102', '103');
  const { id: annsId } = await personOf(bob, '101');
  await bob.node.call('setVolume', { person: annsId, percent: 50 });
  await say(ann, bob, toneWav(400));
  await say(ann, cleo, toneWav(400));
  const share = loudest(await heardBy(bob)) / loudest(await heardBy(cleo));
  // Half as loud is 10 dB less.
  assert.ok(share > 0.28 && share < 0.36, `${share}`);

  await office.close(bob);
  const again = await office.add('102', { profile: bob.profile });
  assert.equal((await personOf(again, '101')).volume, 50);
  const [stored] = await again.node.call('messages');
  await again.node.call('play', { which: stored!.id });
  const played = loudest(await heardBy(again)) / loudest(await heardBy(cleo));
  assert.ok(played > 0.28 && played < 0.36, `${played}`);
});

it('pages are heard as loud as was chosen for them, their tone too, and messages as before', async (t) => {
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  await bob.node.call('setSettings', { pageVolume: 50 });
  const share = async () => loudest(await heardBy(bob)) / loudest(await heardBy(cleo));
  const { id } = await ann.node.call('talkRecording', { wavBase64: toneWav(400), page: {} });
  await ann.untilSo(isMessage(id, ({ recipients }) => recipients.every(({ state }) => state === 'heard')));
  const ofPage = await share();
  assert.ok(ofPage > 0.28 && ofPage < 0.36, `${ofPage}`);
  for (const one of [bob, cleo]) await say(ann, one, toneWav(400));
  const ofMessage = await share();
  assert.ok(ofMessage > 0.7 && ofMessage < 1.4, `${ofMessage}`);
});

it('a muted colleague’s messages are notified of silently; one API call ends the muting', async (t) => {
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  const { id: annsId } = await personOf(bob, '101');
  const until = Date.now() + HOUR_MS;
  await bob.node.call('mute', { person: annsId, until });
  assert.equal((await personOf(bob, '101')).mutedUntil, until);
  await bob.untilSo(
    (event) => event.type === 'people' && event.people.some(({ mutedUntil }) => mutedUntil === until),
  );
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(2000) });
  await ann.untilSo(isMessage(id, ({ recipients }) => recipients[0]?.isNotified === true));
  const told = await bob.untilSo(isNotified(id));
  assert.ok(told.type === 'notification' && told.person === annsId);
  await bob.untilSo(isComplete(id));
  assert.equal((await messageOf(bob, id))?.heard, false);
  assert.ok(!bob.events.some((event) => event.type === 'sounding'), 'nothing sounded');
  assert.ok(!JSON.stringify(ann.events).includes(String(until)), 'nobody else is told');

  const others = await cleo.node.call('talkRecording', { dial: '102', wavBase64: toneWav(300) });
  await bob.untilSo(isSounding(others.id));

  await bob.node.call('mute', { person: annsId, until: null });
  const heard = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(300) });
  await bob.untilSo(isSounding(heard.id));
  assert.ok(!bob.events.some(isNotified(heard.id)));
});

it('a colleague who is muted while they speak falls silent at once, and what they say is kept', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const { id: annsId } = await personOf(bob, '101');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(3000) });
  await bob.untilSo(isSounding(id));
  await bob.node.call('mute', { person: annsId, until: Date.now() + HOUR_MS });
  await eventually(async () => !(await personOf(bob, '101')).speaking, 'Ann is heard no more');
  await bob.untilSo(isComplete(id));
  assert.equal((await messageOf(bob, id))?.heard, false);
});

it('invalid values are refused', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const { id } = await personOf(ann, '102');
  const own = (await ann.node.call('status')).node?.id ?? '';
  for (const percent of [9, 201, 50.5])
    await assert.rejects(ann.node.call('setVolume', { person: id, percent }), { code: 'bad-arguments' });
  for (const person of [own, 'A'.repeat(22)]) {
    await assert.rejects(ann.node.call('setVolume', { person, percent: 50 }), refused('no-person'));
    await assert.rejects(ann.node.call('mute', { person, until: null }), refused('no-person'));
  }
  await assert.rejects(ann.node.call('mute', { person: id, until: Date.now() - 1 }), refused('time-past'));
  assert.ok(bob);
});
