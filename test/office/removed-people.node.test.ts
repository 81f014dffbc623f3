import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { heardBy, isComplete, messageOf, untilOffline } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

async function idOf({ node }: Member): Promise<string> {
  const id = (await node.call('status')).node?.id;
  assert.ok(id, 'the node is in an office');
  return id;
}

it('nobody waits for who was removed while away: the talker’s list says so, and the message may go', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const node = await idOf(cy);
  await office.close(cy);
  await untilOffline(bob, '103');
  const { id } = await bob.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await bob.untilSo(isComplete(id));
  const stateAt = async (member: Member) =>
    (await messageOf(member, id))?.recipients.map(({ state }) => state);
  assert.deepEqual(await stateAt(bob), ['waiting']);
  const before = bob.events.length;
  await ann.node.call('removeMembers', { nodes: [node] });
  await bob.untilAfter(before, (event) => event.type === 'message' && event.message.id === id);
  assert.deepEqual(await stateAt(bob), ['removed']);
});

it('what somebody said before they were removed reaches who was away, and plays', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const node = await idOf(bob);
  await office.close(cy);
  await untilOffline(bob, '103');
  const { id } = await bob.node.call('talkRecording', { dial: '103', wavBase64: toneWav(600) });
  await eventually(
    async () => ((await messageOf(bob, id))?.storedOn ?? 0) > 0,
    'Ann has proven that she keeps it',
  );
  await ann.node.call('removeMembers', { nodes: [node] });
  await bob.untilSo((event) => event.type === 'status' && event.status.state === 'removed');
  const back = await office.add('103', { profile: cy.profile, office: undefined } as object);
  await back.untilSo(isComplete(id));
  const message = await messageOf(back, id);
  assert.deepEqual([message?.name, message?.heard], ['Person 102', false]);
  await back.node.call('play', { which: id });
  assert.ok((await heardBy(back)).length > 0);
});
