import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nextTurn, type NodeId } from '../../main/model/index.ts';
import { Eavesdropper, saidIn, type Heard, type Target } from '../support/eavesdropper.ts';
import { eventually } from '../support/eventually.ts';
import { hasMet, isRemoved, join, listIs, startAgain, statusOf } from '../support/membership.ts';
import { isComplete, say } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { computerOf, memberOf } from '../support/people.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

async function targetOf({ node }: Member): Promise<Target> {
  const { endpoints, node: self } = await node.call('status');
  assert.ok(endpoints && self, 'the node is in an office');
  return { id: self.id as NodeId, endpoints };
}

it('who is removed while online learns by whom, and their number is free', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const node = await computerOf(cy);
  await assert.rejects(bob.node.call('removeMembers', { nodes: [node] }), { code: 'admins-only' });
  await ann.node.call('removeMembers', { nodes: [node] });
  await cy.untilSo(isRemoved);
  await eventually(async () => (await statusOf(cy)).role === 'none', 'Cy has left');
  assert.deepEqual(await statusOf(cy), {
    ...{ state: 'removed', role: 'none', number: null },
    removed: 'Person 101',
  });
  await assert.rejects(cy.node.call('talkPress', { dial: '101' }), { code: 'not-set-up' });
  await assert.rejects(cy.node.call('members'), { code: 'no-office' });
  for (const one of [ann, bob]) await listIs(one, '101!', '102');
  await assert.rejects(bob.node.call('talkPress', { dial: '103' }), /Nobody has extension 103/);
  await bob.node.call('setup', { name: 'Person 102', extension: '103' });
  await listIs(ann, '101!', '103');
  const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await bob.untilSo(isComplete(id));
});

it('who is removed and goes on with their keys is told who is a member, and nothing else', async (t) => {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const heard: Heard[] = [];
  const targets = await Promise.all([ann, bob].map(targetOf));
  const place = { folder: tempFolder('eavesdropper'), address: '127.0.0.1' };
  const { link } = await ann.node.call('joinLink');
  const removed = await Eavesdropper.join(place, link, targets[0]!.endpoints, '103', (one) =>
    heard.push(one),
  );
  t.after(() => removed.close());
  removed.targets = targets;
  await hasMet(ann, '103');
  const before = await ann.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await eventually(
    () =>
      heard.some((one) => one.what === 'frame' && one.type === 'announce') &&
      heard.some((one) => one.what === 'datagram' && one.port === 'media'),
    'a member hears header and fragments',
  );
  await ann.node.call('removeMembers', { nodes: [removed.id] });
  for (const one of [ann, bob]) await listIs(one, '101!', '102');
  const ended = (from: number) => heard.slice(from).filter(({ what }) => what === 'ended').length;
  // What was on its way has come by then: Ann's worker, which sends fragments by itself, has ended what she was saying.
  await eventually(() => ended(0) >= 2, 'no link is left');
  await ann.untilSo(isComplete(before.id));
  for (let turn = 0; turn < 2; turn += 1) await nextTurn();
  const from = heard.length;
  await bob.node.call('setup', { name: 'Person 102', extension: '103' });
  await listIs(ann, '101!', '103');
  const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await bob.untilSo(isComplete(id));
  await eventually(() => ended(from) >= 8, 'they go on linking');
  assert.deepEqual(saidIn(heard.slice(from)), []);
});

it('who is removed while away learns it on return, and comes in again by a new link with new keys', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const before = await computerOf(cy);
  const heard = await say(bob, cy, toneWav(300));
  const spoken = await say(cy, ann, toneWav(300));
  await cy.node.call('setSettings', { tones: false });
  await office.close(cy);
  await ann.node.call('removeMembers', { nodes: [before] });
  await listIs(bob, '101!', '102');
  const { link: ended } = await ann.node.call('joinLink');
  await ann.node.call('withdrawInvitation', { id: (await ann.node.call('invitations'))[0]!.id });
  let back = await startAgain(office, cy);
  await back.untilSo(isRemoved);
  assert.equal((await statusOf(back)).removed, 'Person 101');

  await assert.rejects(join(back, ended), /withdrawn/);
  assert.deepEqual(
    [(await statusOf(back)).state, (await statusOf(back)).removed],
    ['removed', 'Person 101'],
    'who was not let in is who they were',
  );
  await join(back, (await ann.node.call('joinLink')).link);
  for (let start = 0; start < 2; start += 1) {
    for (const one of [ann, bob]) await hasMet(one, '103');
    for (const one of [ann, bob, back]) await listIs(one, '101!', '102', '103');
    assert.notEqual(await computerOf(back), before);
    assert.equal((await back.node.call('settings')).tones, false);
    const kept = await back.node.call('messages');
    const shown = (id: string) => {
      const one = kept.find((message) => message.id === id);
      return one && [one.direction, one.name, one.complete, one.number !== ''];
    };
    assert.deepEqual(shown(heard), ['in', 'Person 102', true, true]);
    assert.deepEqual(shown(spoken), ['out', 'Person 101', true, true]);
    await back.node.call('play', { which: heard });
    await eventually(
      async () => (await back.node.call('messages')).find(({ id }) => id === heard)?.heard === true,
      'the old message was played',
    );
    await back.node.call('exportMessage', { which: spoken, format: 'wav' });
    await assert.rejects(back.node.call('talkPress', { reply: spoken }), { code: 'own-message' });
    await say(bob, back, toneWav(300));
    await say(back, ann, toneWav(300));
    if (start > 0) break;
    await office.close(back);
    back = await startAgain(office, cy);
  }
});

it('who left, or asks by the six digits, comes in again too', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const before = await computerOf(cy);
  const { tag } = (await ann.node.call('members')).office;
  await cy.node.call('leaveOffice');
  await listIs(bob, '101!', '102');
  await cy.node.call('askToJoin', { tag, name: 'Cy', extension: '103' });
  const request = async () => (await ann.node.call('requests')).requests[0];
  await eventually(async () => (await request()) !== undefined, 'Ann sees who asks');
  const { id } = (await request())!;
  assert.notEqual(id, before);
  await ann.node.call('compareRequest', { id });
  await eventually(async () => (await cy.node.call('status')).joining?.digits !== null, 'Cy sees digits');
  await cy.node.call('answerDigits', { isSame: true });
  await eventually(async () => (await request())?.state === 'agreed', 'Ann sees that Cy agrees');
  await ann.node.call('admitRequest', { id });
  await eventually(async () => (await statusOf(cy)).state === 'running', 'Cy is in');
  assert.equal(await computerOf(cy), id);
  await hasMet(bob, '103');
  await say(bob, cy, toneWav(300));
});

it('a removal is taken back by whoever signed it, and the computer is in again by itself, as it was', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy, dee] = await office.people('101', '102', '103', '104');
  const [before, away] = [await computerOf(cy), await computerOf(dee)];
  const person = await memberOf(ann, '102');
  await ann.node.call('makeAdmin', { person: person.id });
  await office.close(dee);
  await ann.node.call('removeMembers', { nodes: [before, away] });
  await cy.untilSo(isRemoved);
  await listIs(bob, '101!', '102!');
  const [removal] = (await bob.node.call('members')).removals;
  assert.deepEqual(
    { ...removal, id: '' },
    {
      ...{ id: '', by: 'Person 101', mayTakeBack: false },
      people: ['Person 103', 'Person 104'].map((name) => ({ name, isIn: false })),
    },
  );
  await assert.rejects(bob.node.call('takeBack', { removal: removal!.id }), { code: 'not-your-removal' });
  const { removals, people } = await ann.node.call('takeBack', { removal: removal!.id });
  assert.deepEqual(removals, []);
  assert.deepEqual(people.map(({ extension }) => extension).sort(), ['101', '102', '103', '104']);
  await assert.rejects(ann.node.call('takeBack', { removal: removal!.id }), { code: 'no-such-removal' });

  await eventually(async () => (await statusOf(cy)).state === 'running', 'Cy is in again by itself');
  const back = await startAgain(office, dee);
  await hasMet(cy, '104');
  assert.deepEqual([await computerOf(cy), await computerOf(back)], [before, away]);
  await say(cy, back, toneWav(300));
});

it('who was taken back while they tried to join by a dead link stays who they were', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const before = await computerOf(cy);
  const { link } = await ann.node.call('joinLink');
  await ann.node.call('removeMembers', { nodes: [before] });
  await cy.untilSo(isRemoved);
  await assert.rejects(join(cy, link), /ended when somebody was removed/);
  const [removal] = (await ann.node.call('members')).removals;
  await ann.node.call('takeBack', { removal: removal!.id });
  await eventually(async () => (await statusOf(cy)).state === 'running', 'Cy is in again by itself');
  assert.equal(await computerOf(cy), before);
  await hasMet(bob, '103');
  await say(bob, cy, toneWav(300));
});
