import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isMessage, isNotified, isSounding, say } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

/** The colleague with extension 102 is shown with that presence, from now on. */
const sees = (member: Member, presence: string) => {
  const from = member.events.length;
  return member.untilAfter(
    from,
    (event) =>
      event.type === 'people' &&
      event.people.some((one) => one.extension === '102' && one.presence === presence),
  );
};

it('what sounds while nobody is there stays unheard, and behind a locked screen nothing sounds', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const away = sees(ann, 'away');
  await bob.node.call('computer', { event: 'idle' });
  await away;
  const aloud = await say(ann, bob, toneWav(300));
  await bob.untilSo(isSounding(aloud));
  await bob.untilSo(isNotified(aloud));
  assert.equal((await bob.node.call('status')).unheard, 1, 'it waits, though it was played');
  assert.equal((await bob.node.call('status')).presence, 'available', 'which is what Bob chose');

  const back = sees(ann, 'available');
  await bob.node.call('computer', { event: 'active' });
  await back;
  const heard = await say(ann, bob, toneWav(300));
  await bob.untilSo(isMessage(heard, (message) => message.heard));

  const { id: spoken } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(60_000) });
  await bob.untilSo(isSounding(spoken));
  const locked = sees(ann, 'away');
  await bob.node.call('computer', { event: 'lock' });
  await locked;
  await bob.untilSo(isNotified(spoken));
  assert.ok(
    (await bob.node.call('people')).every(({ speaking }) => !speaking),
    'who spoke is heard no more',
  );
  await ann.node.call('talkRelease');
  const silent = await say(ann, bob, toneWav(300));
  await bob.untilSo(isNotified(silent));
  assert.ok(!bob.events.some(isSounding(silent)));
  assert.equal((await bob.node.call('status')).unheard, 3);
});
