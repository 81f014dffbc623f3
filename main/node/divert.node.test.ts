import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { isComplete, isMessage, messageOf, untilOffline } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { refused } from '../../test/support/refused.ts';
import { toneWav } from '../../test/support/tone.ts';

const wavBase64 = toneWav(300);

/** That member sees the person with this extension diverted to somebody of this name, or to nobody. */
async function untilDiverted(member: Member, extension: string, to: string | undefined): Promise<void> {
  const holds = (people: Awaited<ReturnType<typeof peopleOf>>): boolean =>
    people.some((one) => one.extension === extension && one.divertedTo?.name === to);
  if (holds(await peopleOf(member))) return;
  await member.untilAfter(0, (event) => event.type === 'people' && holds(event.people));
}
const peopleOf = ({ node }: Member) => node.call('people');
const statusOf = ({ node }: Member) => node.call('status');

it('a message to a diverted person goes to the stand-in, who sees for whom it was, and everybody sees the divert', async (t) => {
  const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
  const said = await bo.node.call('dial', { dial: '*72103' });
  assert.equal(said.sentence, 'What is said to you goes to Person 103 (103) from then on.');
  assert.equal((await statusOf(bo)).divert?.name, 'Person 103');
  await untilDiverted(ann, '102', 'Person 103');
  await untilDiverted(kim, '102', 'Person 103');
  assert.equal((await peopleOf(kim)).find(({ extension }) => extension === '102')?.divertedTo?.isMe, true);

  const preview = await ann.node.call('dialPreview', { dial: '102' });
  assert.equal(
    preview.sentence,
    'Person 102 → Person 103. In place of Person 102 (102) it talks to Person 103 (103), who is available.',
  );
  const several = await ann.node.call('dialPreview', { dial: '102,103' });
  assert.equal(several.sentence, 'Talks to Person 102 → Person 103 (103).');
  await ann.node.call('dial', { dial: '102' });
  const { talkTo } = await statusOf(ann);
  assert.deepEqual([talkTo?.name, talkTo?.extension], ['Person 102 → Person 103', '102']);

  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64 });
  await kim.untilSo(isMessage(id, ({ heard }) => heard));
  await ann.untilSo(isMessage(id, ({ recipients }) => recipients.every(({ state }) => state === 'heard')));
  assert.equal((await messageOf(kim, id))?.meantFor, 'Person 102');
  assert.equal((await messageOf(ann, id))?.name, 'Person 102 → Person 103');
  assert.equal(await messageOf(bo, id), undefined, 'it is not for Bo any more');
  assert.equal((await statusOf(ann)).talkTo?.extension, '102', 'the talk key goes on to mean Bo');

  const ended = await bo.node.call('dial', { dial: '*73' });
  assert.equal(ended.sentence, 'What is said to you reaches you again from then on.');
  assert.equal((await statusOf(bo)).divert, null);
  await untilDiverted(ann, '102', undefined);
  const { id: again } = await ann.node.call('talkRecording', { dial: '102', wavBase64 });
  await bo.untilSo(isComplete(again));
  assert.equal((await messageOf(bo, again))?.meantFor, null);
});

it('a message to a mailbox, and a reply to somebody who just spoke, reach the diverted person', async (t) => {
  const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
  const { node: kimNode } = await statusOf(kim);
  await bo.node.call('setDivert', { person: kimNode?.id ?? '' });
  await untilDiverted(ann, '102', 'Person 103');
  const { id: quiet } = await ann.node.call('talkRecording', { dial: '*102', wavBase64 });
  await bo.untilSo(isComplete(quiet));
  assert.equal((await messageOf(bo, quiet))?.heard, false);

  // Bo is at the desk, and talks.
  const { id: spoken } = await bo.node.call('talkRecording', { dial: '101', wavBase64 });
  await ann.untilSo(isMessage(spoken, ({ heard }) => heard));
  await ann.untilSo((event) => event.type === 'status' && event.status.talkTo?.isReply === true);
  assert.equal((await statusOf(ann)).talkTo?.name, 'Person 102');
  // Typed, since no computer that tests has a microphone.
  for (const how of [{ reply: spoken }, { reply: 'last' }, {}]) {
    const { id, names } = await ann.node.call('talkText', { ...how, text: 'I am coming' });
    assert.deepEqual(names, ['Person 102'], JSON.stringify(how));
    await bo.untilSo(isComplete(id));
    assert.equal((await messageOf(bo, id))?.meantFor, null);
    assert.equal(await messageOf(kim, id), undefined, 'Bo is there, and has the answer');
  }
  assert.equal(await messageOf(kim, quiet), undefined);
});

it('a divert survives a restart, and is refused if it leads to nobody', async (t) => {
  const office = officeFor(t);
  const [ann, bo] = await office.people('101', '102');
  const { node: boNode } = await statusOf(bo);
  const { node: annNode } = await statusOf(ann);
  for (const person of [annNode?.id ?? '', 'A'.repeat(22)])
    await assert.rejects(ann.node.call('setDivert', { person }), refused('no-person'));
  await assert.rejects(ann.node.call('talkPress', { dial: '*72102' }), { code: 'nobody' });
  assert.equal((await ann.node.call('dialPreview', { dial: '*72101' })).phrase.code, 'yourself');
  await ann.node.call('setDivert', { person: boNode?.id ?? '' });
  await office.close(ann);
  const again = await office.add('101', { profile: ann.profile });
  assert.equal((await statusOf(again)).divert?.extension, '102');
  const none = await again.node.call('setDivert', { person: null });
  assert.equal(none.divert, null);
});

it('if the talker does not know a divert yet, the recipient’s node hands the message on, and the talker sees that', async (t) => {
  const office = officeFor(t);
  const [ann, bo, kim] = await office.people('101', '102', '103');
  const person = (await statusOf(kim)).node?.id ?? '';
  await office.close(bo);
  await untilOffline(ann, '102');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64 });
  await ann.untilSo(isComplete(id));
  // Bo chose it at home, and nobody has heard of it.
  const file = join(bo.profile, 'settings.json');
  const settings = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...settings, divert: { to: person, at: Date.now() } }));
  const again = await office.add('102', { profile: bo.profile });
  const handedOn = await kim.until(
    (event): event is Extract<NodeEvent, { type: 'notification' }> => event.type === 'notification',
  );
  assert.deepEqual([handedOn.name, handedOn.meantFor], ['Person 102', 'Person 102']);
  assert.equal((await messageOf(kim, handedOn.id))?.forwardedFrom, 'Person 101');
  await ann.untilSo(
    isMessage(id, ({ recipients: [one] }) => one?.state === 'handed-on' && one.handedTo === 'Person 103'),
  );
  await again.untilSo(isMessage(id, ({ handedTo }) => handedTo === 'Person 103'));
  assert.ok(!again.events.some(({ type }) => type === 'notification'), 'Bo is left in peace');
});
