import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { isRemoved, startAgain } from '../support/membership.ts';
import { heardBy, messageOf, say, untilOffline } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { ownPerson } from '../support/people.ts';
import { toneWav } from '../support/tone.ts';

const SOUND = toneWav(300);

const ownId = async (member: Member) => (await ownPerson(member)).id;

async function officeOf({ node }: Member): Promise<string> {
  return (await node.call('members')).office.id;
}

async function sees(member: Member, ...extensions: readonly string[]): Promise<void> {
  let seen = '';
  await eventually(
    async () => {
      const people = await member.node.call('people');
      seen = people
        .flatMap(({ extension, presence }) => (presence === 'offline' ? [] : [extension]))
        .sort()
        .join();
      return seen === extensions.join();
    },
    () => `${member.name} sees ${extensions.join()}, not ${seen}; log ${member.log.slice(-5).join(' | ')}`,
  );
}

/** Where no multicast tells, as on loopback, a colleague gives the address. */
async function giveAddress(of: Member, to: Member): Promise<void> {
  const { endpoints } = await of.node.call('status');
  await to.node.call('addAddress', { address: `127.0.0.1:${endpoints?.beat}` });
}

it('five people: one founds the office anew without a hostile admin, two follow, and one stays with her', async (t) => {
  const office = officeFor(t);
  const [ana, bo, cy, dana, eve] = await office.people('101', '102', '103', '104', '105');
  const before = await officeOf(bo);
  const [spoken, kept] = [await say(ana, cy, SOUND), await say(cy, eve, SOUND)];
  const persons = await Promise.all([bo, cy, dana].map(ownId));
  const along = await Promise.all([cy, dana, eve].map(ownId));

  const founded = await bo.node.call('foundAnew', { along });
  assert.deepEqual(
    [founded.asked, founded.missed].map((people) => people.map(({ name }) => name)),
    [['Person 103', 'Person 104', 'Person 105'], []],
  );
  const sentence = 'Person 102 has founded the office anew without Person 101. Move too?';
  for (const member of [cy, dana, eve]) {
    await member.untilSo((event) => event.type === 'move-asked' && event.sentence === sentence);
    assert.equal((await member.node.call('status')).moveAsked?.sentence, sentence);
    assert.equal(await officeOf(member), before, 'nobody moves unless they say so');
  }
  assert.equal((await ana.node.call('status')).moveAsked, null);

  for (const member of [cy, dana]) {
    await giveAddress(bo, member);
    const { moveAsked } = await member.node.call('status');
    await member.node.call('answerMove', { office: moveAsked!.office, isMoving: true });
  }
  const asked = (await eve.node.call('status')).moveAsked!;
  await eve.node.call('answerMove', { office: asked.office, isMoving: false });
  await assert.rejects(eve.node.call('answerMove', { office: asked.office, isMoving: true }), {
    code: 'no-move',
  });

  await Promise.all([sees(bo, '103', '104'), sees(cy, '102', '104'), sees(dana, '102', '103')]);
  const anew = await officeOf(bo);
  assert.notEqual(anew, before);
  assert.deepEqual(await Promise.all([cy, dana].map(officeOf)), [anew, anew]);
  assert.deepEqual(await Promise.all([bo, cy, dana].map(ownId)), persons, 'everybody keeps their keys');
  const { office: shown, people } = await bo.node.call('members');
  assert.deepEqual(
    [shown.isAdmin, shown.name, people.map(({ extension }) => extension)],
    [true, 'Person 101', ['102', '103', '104']],
  );
  assert.ok((await bo.node.call('recoveryCode')).code, 'the founder has a code to write down');
  await say(bo, cy, SOUND);
  await say(dana, bo, SOUND);

  await cy.node.call('play', { which: spoken });
  assert.ok((await heardBy(cy)).length > 0, 'what was said before the move plays');
  assert.deepEqual([(await messageOf(cy, spoken))?.name], ['Person 101']);

  await Promise.all([sees(ana, '105'), sees(eve, '101')]);
  assert.deepEqual(await Promise.all([ana, eve].map(officeOf)), [before, before]);
  assert.equal((await eve.node.call('status')).moveAsked, null);
  await say(ana, eve, SOUND);
  await eve.node.call('play', { which: kept });
  assert.ok((await heardBy(eve)).length > 0, 'the old office goes on');
});

it('who is offline is named, and the question waits over a start; nobody is asked again about that office', async (t) => {
  const office = officeFor(t);
  const [ana, bo, cy] = await office.people('101', '102', '103');
  const along = await Promise.all([ana, bo].map(ownId));
  await office.close(bo);
  await untilOffline(cy, '102');
  const { asked, missed, link } = await cy.node.call('foundAnew', { along, officeName: 'Harbour' });
  assert.deepEqual(
    [asked.map(({ name }) => name), missed.map(({ name }) => name)],
    [['Person 101'], ['Person 102']],
  );
  assert.equal((await cy.node.call('members')).office.name, 'Harbour');
  await office.close(ana);
  const again = await startAgain(office, ana);
  const { moveAsked } = await again.node.call('status');
  assert.equal(moveAsked?.sentence, 'Person 103 has founded the office anew. Move too?');
  await giveAddress(cy, again);
  await again.node.call('answerMove', { office: moveAsked.office, isMoving: true });
  await sees(again, '103');
  const back = await startAgain(office, bo);
  await giveAddress(cy, back);
  await back.node.call('setup', { office: link, name: 'Person 102', extension: '102' });
  await Promise.all([sees(back, '101', '103'), sees(cy, '101', '102')]);
});

it('who is removed by the hostile admin after the question still moves, under new keys', async (t) => {
  const [ana, bo, cy] = await officeFor(t).people('101', '102', '103');
  const before = (await cy.node.call('status')).node!.id;
  await bo.node.call('foundAnew', { along: [await ownId(cy)] });
  await cy.untilSo(({ type }) => type === 'move-asked');
  await giveAddress(bo, cy);
  await ana.node.call('removeMembers', { nodes: [before] });
  await cy.untilSo(isRemoved);
  const { moveAsked } = await cy.node.call('status');
  await cy.node.call('answerMove', { office: moveAsked!.office, isMoving: true });
  await Promise.all([sees(cy, '102'), sees(bo, '103')]);
  assert.notEqual((await cy.node.call('status')).node?.id, before);
  await say(bo, cy, SOUND);
});

it('nobody founds anew with people who are not there', async (t) => {
  const [ana] = await officeFor(t).people('101', '102');
  const stranger = Buffer.alloc(16).toString('base64url');
  await assert.rejects(ana.node.call('foundAnew', { along: [stranger] }), { code: 'no-person' });
});
