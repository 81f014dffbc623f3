import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { isRemoved, startAgain } from '../support/membership.ts';
import { heardBy, isComplete, isMessage, messageOf, untilOffline } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { computerOf } from '../support/people.ts';
import { toneWav } from '../support/tone.ts';

it('nobody waits for who was removed while away: the talker’s list says so, and the message may go', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const node = await computerOf(cy);
  await office.close(cy);
  await untilOffline(bob, '103');
  const { id } = await bob.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await bob.untilSo(isComplete(id));
  const stateAt = async (member: Member) =>
    (await messageOf(member, id))?.recipients.map(({ state }) => state);
  assert.deepEqual(await stateAt(bob), ['waiting']);
  await ann.node.call('removeMembers', { nodes: [node] });
  // Other news of the message, such as where it is stored, may come before.
  await bob.untilSo(isMessage(id, ({ recipients }) => recipients.every(({ state }) => state === 'removed')));
  assert.deepEqual(await stateAt(bob), ['removed']);
});

it('what somebody said before they were removed reaches who was away, and plays', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const node = await computerOf(bob);
  await office.close(cy);
  await untilOffline(bob, '103');
  const { id } = await bob.node.call('talkRecording', { dial: '103', wavBase64: toneWav(600) });
  await eventually(
    async () => ((await messageOf(bob, id))?.storedOn ?? 0) > 0,
    'Ann has proven that she keeps it',
  );
  await ann.node.call('removeMembers', { nodes: [node] });
  await bob.untilSo(isRemoved);
  const back = await startAgain(office, cy);
  await back.untilSo(isComplete(id));
  const message = await messageOf(back, id);
  assert.deepEqual([message?.name, message?.heard], ['Person 102', false]);
  await back.node.call('play', { which: id });
  assert.ok((await heardBy(back)).length > 0);
});

it('who went to another office and was removed meanwhile comes back in with new keys', async (t) => {
  const [home, other] = [officeFor(t), officeFor(t)];
  const [ann, cy] = await home.people('101', '103');
  const [fay] = await other.people('201');
  const before = await computerOf(cy);
  const goTo = async (host: Member): Promise<void> => {
    const { endpoints } = await host.node.call('status');
    await cy.node.call('addAddress', { address: `127.0.0.1:${endpoints?.beat}` });
    const { link } = await host.node.call('joinLink');
    await cy.node.call('setup', { office: link, name: 'Cy', extension: '103' });
    await eventually(
      async () => (await host.node.call('people')).some(({ presence }) => presence !== 'offline'),
      'the two see each other',
    );
  };
  await goTo(fay);
  assert.equal(await computerOf(cy), before, 'another office may know the same keys');
  await ann.node.call('removeMembers', { nodes: [before] });
  await goTo(ann);
  assert.notEqual(await computerOf(cy), before);
  const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await cy.untilSo(isComplete(id));
});
