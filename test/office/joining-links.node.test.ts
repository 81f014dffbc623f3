import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { startNode } from '../../main/node/index.ts';
import { hasMet, join, listAt, listIs, newcomer, startAgain, statusOf } from '../support/membership.ts';
import { isComplete } from '../support/messages.ts';
import { officeFor, WORKER, type Member } from '../support/office.ts';
import { computerOf } from '../support/people.ts';
import { toneWav } from '../support/tone.ts';

it('a link that a removal ended, one that is used up and one that was withdrawn open nothing, and say why', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const { link: before } = await ann.node.call('joinLink');
  await ann.node.call('removeMembers', { nodes: [await computerOf(cy)] });
  await listIs(bob, '101!', '102');
  const dee = await newcomer(office, '104');
  await assert.rejects(join(dee, before), /ended when somebody was removed/);
  assert.equal((await statusOf(dee)).state, 'setup');

  const offered = async ({ node }: Member) =>
    (await node.call('invitations')).filter(({ isAnewOffered }) => isAnewOffered);
  const [old] = await offered(ann);
  assert.deepEqual(await offered(bob), [], 'a new link is for its maker to make');
  await assert.rejects(bob.node.call('inviteAnew', { id: old!.id }), { code: 'no-such-invitation' });
  const anew = await ann.node.call('inviteAnew', { id: old!.id });
  assert.deepEqual([anew.isOpen, anew.uses], [true, old!.uses - old!.used]);
  assert.deepEqual(await offered(ann), []);
  const fay = await newcomer(office, '106');
  await join(fay, anew.link!);
  await fay.node.call('leaveOffice');
  await listIs(ann, '101!', '102');

  const once = await ann.node.call('invite', { uses: 1 });
  await join(dee, once.link!);
  assert.deepEqual([(await statusOf(dee)).state, (await statusOf(dee)).number], ['running', '104']);
  const eve = await newcomer(office, '105');
  await assert.rejects(join(eve, once.link!), /used up/);

  const more = await ann.node.call('invite', {});
  await ann.node.call('withdrawInvitation', { id: more.id });
  await assert.rejects(join(eve, more.link!), /withdrawn/);
  const shown = await ann.node.call('invitations');
  const why = (id: string) => shown.find((one) => one.id === id)?.why ?? '';
  assert.match(why(once.id), /used up/);
  assert.match(why(more.id), /withdrawn/);
});

it('whoever came in by a link that a removal had ended elsewhere is to be checked', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const { link } = await bob.node.call('joinLink');
  for (const one of [ann, cy]) await office.close(one);
  const dee = await newcomer(office, '104');
  await join(dee, link);
  for (const one of [bob, dee]) await office.close(one);
  const [admin, plain] = [await startAgain(office, ann), await startAgain(office, cy)];
  await hasMet(admin, '103');
  await admin.node.call('removeMembers', { nodes: [await computerOf(plain)] });
  await startAgain(office, bob);
  await listIs(admin, '101!', '102', '104');
  const { people } = await admin.node.call('members');
  assert.deepEqual(
    people.map(({ extension, isToCheck }) => [extension, isToCheck]),
    [
      ['101', false],
      ['102', false],
      ['104', true],
    ],
  );
  const { id: person } = people.find(({ isToCheck }) => isToCheck)!;
  const settled = await admin.node.call('vouch', { person });
  assert.ok(settled.people.every(({ isToCheck }) => !isToCheck));
  assert.deepEqual(await listAt(admin), ['101!', '102', '104']);
  const bobAgain = office.members.at(-1)!;
  await assert.rejects(bobAgain.node.call('vouch', { person }), { code: 'admins-only' });
});

it('a newcomer comes in by a plain member alone, and all others know it when they are back', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const { link } = await bob.node.call('joinLink');
  await office.close(ann);
  const dee = await newcomer(office, '101');
  await join(dee, link);
  assert.deepEqual(await statusOf(dee).then(({ state, number }) => [state, number]), ['running', '103']);
  const back = await startAgain(office, ann);
  for (const one of [back, bob, dee]) await listIs(one, '101!', '102', '103');
  await office.settled();
  const { id } = await back.node.call('talkRecording', { dial: '103', wavBase64: toneWav(300) });
  await dee.untilSo(isComplete(id));
});

it('a node that was let in just before its power failed looks for nobody after its start', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const { link } = await ann.node.call('joinLink');
  await office.close(bob);
  const file = path.join(bob.profile, 'settings.json');
  const settings = JSON.parse(await readFile(file, 'utf8')) as object;
  await writeFile(file, JSON.stringify({ ...settings, joiningLink: link }));
  // A start that is asked for nothing, as the desktop's is.
  const options = { profile: bob.profile, workerPath: WORKER, interfaces: ['127.0.0.1'] };
  const back = await startNode({ ...options, ready: 'cold', log: () => undefined });
  const { state, joining } = await back.call('status');
  await back.close();
  assert.deepEqual([state, joining], ['running', null]);
  const { joiningLink } = JSON.parse(await readFile(file, 'utf8')) as { joiningLink: unknown };
  assert.equal(joiningLink, null);
});
