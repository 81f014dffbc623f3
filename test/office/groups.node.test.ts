import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Group, RecipientStatus } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { startAgain } from '../support/membership.ts';
import { isComplete, isKnownNotified, isMessage, messageOf } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

async function idsOf(member: Member, ...extensions: readonly string[]): Promise<string[]> {
  const { people } = await member.node.call('members');
  return extensions.map((extension) => people.find((one) => one.extension === extension)?.id ?? extension);
}

/** Waits until this person's computer shows the group so. */
async function sees(member: Member, name: string, passes: (group: Group) => boolean): Promise<Group> {
  let found: Group | undefined;
  await eventually(
    async () => {
      found = (await member.node.call('groups')).find((group) => group.name === name);
      return found !== undefined && passes(found);
    },
    () => `${member.name} sees ${name} so; it is ${JSON.stringify(found)}`,
  );
  return found!;
}

const stateOf = (recipients: readonly RecipientStatus[], extension: string) =>
  recipients.find((one) => one.extension === extension)?.state;

it('a message to a group reaches each member as they are: live, silently, later; and nobody who joins after it', async (t) => {
  const office = officeFor(t);
  const [ana, bo, cy, dana, eve] = await office.people('101', '102', '103', '104', '105');
  const made = await ana.node.call('makeGroup', {
    name: 'Sales',
    extension: '600',
    people: await idsOf(ana, '101', '102', '103', '104'),
  });
  for (const member of [bo, cy, dana, eve]) await sees(member, 'Sales', ({ people }) => people.length === 4);
  await cy.node.call('setPresence', { presence: 'dnd' });
  await ana.untilSo(
    ({ type, ...event }) =>
      type === 'people' &&
      'people' in event &&
      event.people.some((one) => one.extension === '103' && one.presence === 'dnd'),
  );
  await office.close(dana);
  const preview = await eve.node.call('dialPreview', { dial: '600' });
  assert.equal(preview.sentence, 'Talks to everybody in Sales (600): 4 people.');

  // A group and a person besides it.
  await ana.node.call('dial', { dial: '600,105' });
  const { talkTo } = await ana.node.call('status');
  assert.deepEqual([talkTo?.name, talkTo?.extension, talkTo?.count], ['Sales, Person 105', '600,105', 4]);

  const { id } = await ana.node.call('talkRecording', { dial: '600', wavBase64: toneWav(2_000) });
  await bo.untilSo((event) => event.type === 'sounding' && event.id === id && event.live);
  await ana.untilSo(isMessage(id, ({ recipients }) => stateOf(recipients, '102') === 'heard'));
  // Cy’s computer has it, and told of it without a sound.
  await cy.untilSo(isComplete(id));
  await ana.untilSo(isKnownNotified(id, '103'));
  const said = await messageOf(ana, id);
  assert.deepEqual([said?.name, said?.extension, said?.group?.id], ['Sales', '600', made.id]);
  assert.equal(stateOf(said?.recipients ?? [], '104'), 'waiting');
  assert.equal(said?.recipients.length, 3, 'the talker is none of them, nor is Eve');
  const atBo = await messageOf(bo, id);
  assert.deepEqual([atBo?.name, atBo?.group?.name], ['Person 101', 'Sales']);
  assert.ok(!cy.events.some((event) => event.type === 'sounding'));
  assert.equal((await messageOf(cy, id))?.heard, false);

  await ana.node.call('changeGroup', { group: made.id, add: await idsOf(ana, '105') });
  await sees(eve, 'Sales', ({ isMember }) => isMember);
  const back = await startAgain(office, dana);
  await back.untilSo(isMessage(id, ({ complete, group }) => complete && group?.name === 'Sales'));
  await ana.untilSo(isMessage(id, ({ recipients }) => stateOf(recipients, '104') !== 'waiting'));
  assert.deepEqual(await eve.node.call('messages'), [], 'who joined later is no recipient');

  // Handed on to the group it reaches who is in it now.
  const forwarded = await bo.node.call('forwardMessage', { id, dial: '600' });
  await eve.untilSo(
    isMessage(forwarded.id, ({ group, name, forwardedFrom }) => {
      return group?.name === 'Sales' && name === 'Person 102' && forwardedFrom === 'Person 101';
    }),
  );

  // The answer to all reaches those whom the message was for, in the name of the group.
  const reply = await bo.node.call('talkPress', { reply: id, toAll: true });
  assert.deepEqual(
    [reply.group, [...reply.names].sort()],
    ['Sales', ['Person 101', 'Person 103', 'Person 104']],
  );
  await bo.node.call('talkRelease');
});

it('who may talk to it, who may change it and who is out of the office is held to, and said plainly', async (t) => {
  const office = officeFor(t);
  const [ana, bo, cy, dana] = await office.people('101', '102', '103', '104');
  const group = await bo.node.call('makeGroup', {
    name: 'Board',
    people: await idsOf(bo, '102', '103'),
    talk: 'members',
  });
  assert.equal(group.extension, '600', 'the lowest that is free');
  for (const member of [ana, cy, dana]) await sees(member, 'Board', ({ extension }) => extension === '600');
  await assert.rejects(dana.node.call('talkPress', { dial: '600' }), {
    message: 'Only the members of Board talk to it.',
  });
  await assert.rejects(dana.node.call('talkPress', { group: group.id }), { code: 'group-members-only' });
  await assert.rejects(dana.node.call('changeGroup', { group: group.id, name: 'Mine' }), {
    code: 'group-not-yours',
  });
  await assert.rejects(cy.node.call('endGroup', { group: group.id }), { code: 'group-not-yours' });
  await assert.rejects(dana.node.call('setup', { name: 'Dana', extension: '600' }), {
    code: 'extension-taken',
    message: /Extension 600 belongs to Board already/,
  });
  for (const [extension, code] of [
    ['102', 'extension-taken'],
    ['600', 'extension-taken'],
    ['97', 'extension-reserved'],
  ] as const) {
    await assert.rejects(dana.node.call('makeGroup', { name: 'Other', extension }), { code });
  }
  // The selection names the group, at whatever number it has.
  await cy.node.call('dial', { dial: '600' });
  await bo.node.call('changeGroup', { group: group.id, extension: '610', name: 'The board' });
  await sees(cy, 'The board', ({ extension }) => extension === '610');
  const { talkTo } = await cy.node.call('status');
  assert.deepEqual(
    [talkTo?.name, talkTo?.extension, talkTo?.groups, talkTo?.count],
    ['The board', '610', [group.id], 1],
  );
  const talk = await cy.node.call('talkPress');
  assert.deepEqual([talk.group, talk.to, talk.names], ['The board', '610', ['Person 102']]);
  await cy.node.call('talkRelease');

  // Cy leaves by themselves; then Ana, an admin, removes Bo from the office.
  await cy.node.call('changeGroup', { group: group.id, remove: await idsOf(cy, '103') });
  await sees(ana, 'The board', ({ people }) => people.length === 1);
  const { people } = await ana.node.call('members');
  const computers = people.find(({ extension }) => extension === '102')?.computers ?? [];
  await ana.node.call('removeMembers', { nodes: computers.map(({ id }) => id) });
  await sees(dana, 'The board', (one) => one.people.length === 0);
  await ana.node.call('endGroup', { group: group.id });
  await eventually(async () => (await dana.node.call('groups')).length === 0, 'the group is gone');
  assert.equal((await dana.node.call('dialPreview', { dial: '610' })).kind, 'nobody');
});

it('of changes made apart none is lost: both computers come to the same group', async (t) => {
  const office = officeFor(t);
  const [ana, bo, cy, dana] = await office.people('101', '102', '103', '104');
  const group = await bo.node.call('makeGroup', {
    name: 'Sales',
    people: await idsOf(bo, '102'),
    change: 'members',
  });
  for (const member of [ana, cy, dana]) await sees(member, 'Sales', () => true);
  const [ofCy, ofDana] = await idsOf(ana, '103', '104');
  // Each of the two is alone while it changes the group, and has not seen what the other said.
  await office.close(bo);
  await ana.node.call('changeGroup', { group: group.id, add: [ofCy!], name: 'North' });
  for (const member of [cy, dana]) await sees(member, 'North', () => true);
  for (const member of [ana, cy, dana]) await office.close(member);
  const boAlone = await startAgain(office, bo);
  await boAlone.node.call('changeGroup', { group: group.id, add: [ofDana!], talk: 'members' });
  assert.deepEqual((await boAlone.node.call('groups'))[0]?.name, 'Sales');
  const others = [await startAgain(office, ana), await startAgain(office, cy)];
  const shown = [];
  for (const member of [boAlone, ...others]) {
    const { people, talk, name } = await sees(member, 'North', (one) => one.people.length === 3);
    shown.push(JSON.stringify([[...people].sort(), talk, name]));
  }
  assert.equal(new Set(shown).size, 1, shown.join('\n'));
  assert.match(shown[0]!, /"members","North"/);
});
