import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { it } from 'node:test';
import { nextTurn, nodePorts, type Disk, type NodeId } from '../../main/model/index.ts';
import { startNode } from '../../main/node/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { Eavesdropper, saidIn, type Heard, type Target } from '../support/eavesdropper.ts';
import { eventually } from '../support/eventually.ts';
import { isComplete, say, untilOffline } from '../support/messages.ts';
import { officeFor, WORKER, type LoopbackOffice, type Member } from '../support/office.ts';
import { computerOf, memberOf } from '../support/people.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const isRemoved = (event: NodeEvent) => event.type === 'status' && event.status.state === 'removed';

async function targetOf({ node }: Member): Promise<Target> {
  const { endpoints, node: self } = await node.call('status');
  assert.ok(endpoints && self, 'the node is in an office');
  return { id: self.id as NodeId, endpoints };
}

async function statusOf({ node }: Member) {
  const { state, role, removed, node: own } = await node.call('status');
  // While it becomes a member under new keys, nobody has removed these.
  if (removed?.by) assert.ok(Date.now() - (removed.at ?? 0) < 600_000, 'when it was');
  return { state, role, removed: removed?.by ?? null, number: own?.extension ?? null };
}

/** What this node holds the office's people to be: their numbers, and `!` behind those of admins. */
async function listAt({ node }: Member): Promise<string[]> {
  const { people } = await node.call('members');
  return people.map(({ extension, isAdmin }) => `${extension ?? '-'}${isAdmin ? '!' : ''}`);
}

async function listIs(member: Member, ...list: readonly string[]): Promise<void> {
  let seen: readonly string[] = [];
  await eventually(
    async () => {
      seen = await listAt(member);
      return seen.join() === list.join();
    },
    () => `${member.name} sees ${list.join()}, not ${seen.join()}; log ${member.log.slice(-5).join(' | ')}`,
  );
}

/** The person with this number is in the office, and their computer has said where it is. */
async function hasMet({ node, name }: Member, extension: string): Promise<void> {
  await eventually(
    async () => (await node.call('people')).some((one) => one.extension === extension),
    `${name} has met ${extension}`,
  );
}

/** Whether the office has a recovery code, and whether this person is asked to make one. */
async function lackOfCodeAt({ node }: Member) {
  const { troubles } = await node.call('status');
  const { hasRecoveryCode: hasCode } = (await node.call('members')).office;
  return { hasCode, isTold: troubles.some(({ code }) => code === 'no-recovery-code') };
}

/** This computer's disk, which takes nothing that looks so. */
function refusing(what: () => RegExp | undefined): Disk {
  const { disk } = nodePorts;
  return {
    ...disk,
    open: async (path, mode) => {
      const file = await disk.open(path, mode);
      return {
        read: (...args) => file.read(...args),
        write: (from, ...rest) =>
          what()?.test(from.toString())
            ? Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' }))
            : file.write(from, ...rest),
        truncate: (length) => file.truncate(length),
        sync: () => file.sync(),
        stat: () => file.stat(),
        close: () => file.close(),
      };
    },
  };
}

/** A computer that is in no office yet, and may come into this one. */
function newcomer(office: LoopbackOffice, extension: string): Promise<Member> {
  return office.add(extension, { office: undefined } as object);
}

function join({ node, name, extension }: Member, link: string) {
  return node.call('setup', { office: link, name, extension });
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
  await eventually(
    async () => (await ann.node.call('people')).some(({ extension }) => extension === '103'),
    'Ann sees them',
  );
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
  let back = await office.add('103', { profile: cy.profile, office: undefined } as object);
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
    back = await office.add('103', { profile: cy.profile, office: undefined } as object);
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
  const back = await office.add('104', { profile: dee.profile, office: undefined } as object);
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

it('a person who leaves is out everywhere; the last admin cannot leave', async (t) => {
  const [ann, bob, cy] = await officeFor(t).people('101', '102', '103');
  await assert.rejects(ann.node.call('leaveOffice'), { code: 'last-admin' });
  await cy.node.call('leaveOffice');
  assert.equal((await cy.node.call('status')).state, 'removed');
  for (const one of [ann, bob]) await listIs(one, '101!', '102');
  assert.equal((await ann.node.call('status')).state, 'running');
});

it('an admin makes another person an admin, and may leave then', async (t) => {
  const [ann, bob, cy] = await officeFor(t).people('101', '102', '103');
  const person = await memberOf(ann, '102');
  await assert.rejects(cy.node.call('makeAdmin', { person: person.id }), { code: 'admins-only' });
  await ann.node.call('makeAdmin', { person: person.id });
  for (const one of [ann, bob, cy]) await listIs(one, '101!', '102!', '103');
  assert.equal((await bob.node.call('members')).office.hasRecoveryCode, true);
  await ann.node.call('leaveOffice');
  for (const one of [bob, cy]) await listIs(one, '102!', '103');
  assert.deepEqual(await lackOfCodeAt(bob), { hasCode: false, isTold: true }, 'Ann took the code along');
  assert.deepEqual(await lackOfCodeAt(cy), { hasCode: false, isTold: false }, 'it is for admins to make one');
  await assert.rejects(cy.node.call('makeRecoveryCode'), { code: 'admins-only' });
  const { code } = await bob.node.call('makeRecoveryCode');
  assert.ok(code);
  assert.deepEqual(await lackOfCodeAt(bob), { hasCode: true, isTold: false });
  await bob.node.call('setOffice', { name: 'Nord', admit: 'admins' });
  await eventually(async () => (await cy.node.call('members')).office.admit === 'admins', 'Cy sees it');
  assert.equal((await cy.node.call('members')).office.name, 'Nord');
  await assert.rejects(cy.node.call('joinLink'), { code: 'not-admitting' });
});

it('a code that the disk does not take is in no ledger, and a removal whose code it refuses stands', async (t) => {
  const office = officeFor(t);
  let refused: RegExp | undefined;
  const ann = await office.add('101', {}, { ...nodePorts, disk: refusing(() => refused) });
  const [bob, cy] = await office.people('102', '103');
  const person = await memberOf(ann, '102');
  await ann.node.call('makeAdmin', { person: person.id });
  await ann.node.call('recoveryCode', { isKept: true });
  const nodes = [await computerOf(bob)];
  refused = /"recoveryCode": ?"/;
  await assert.rejects(ann.node.call('removeMembers', { nodes }), { code: 'settings-not-saved' });
  await listIs(ann, '101!', '102!', '103');
  assert.deepEqual(await lackOfCodeAt(ann), { hasCode: true, isTold: false });

  // The removal is written, the new code's key is not.
  refused = /"type\\":\\"recovery/;
  await ann.node.call('removeMembers', { nodes });
  for (const one of [ann, cy]) await listIs(one, '101!', '103');
  assert.deepEqual(
    await ann.node.call('recoveryCode'),
    { code: null },
    'a code that opens nothing is not shown',
  );
  assert.deepEqual(await lackOfCodeAt(ann), { hasCode: false, isTold: true });
  await assert.rejects(ann.node.call('makeRecoveryCode'), { code: 'statement-not-saved' });

  refused = undefined;
  const { code } = await ann.node.call('makeRecoveryCode');
  assert.deepEqual(await lackOfCodeAt(ann), { hasCode: true, isTold: false });
  await eventually(async () => (await cy.node.call('members')).office.hasRecoveryCode, 'Cy knows its key');
  await office.close(ann);
  await cy.node.call('recover', { code: code!, lost: [] });
  await listIs(cy, '101!', '103!');
});

it('the recovery code takes out the admins who are lost, and no others', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy, dee] = await office.people('101', '102', '103', '104');
  const { code } = await ann.node.call('recoveryCode');
  for (const one of [cy, dee]) await ann.node.call('makeAdmin', { person: await computerOf(one) });
  for (const one of [ann, bob]) await listIs(one, '101!', '102', '103!', '104!');
  const [ids, bobs] = [await Promise.all([ann, cy].map(computerOf)), await computerOf(bob)];
  await office.close(ann);
  await untilOffline(bob, '101');
  await assert.rejects(bob.node.call('recover', { code: code!, lost: [bobs] }), { code: 'no-person' });
  await bob.node.call('recover', { code: code! });
  for (const one of [bob, dee]) await listIs(one, '102!', '103!', '104!');

  const next = (await bob.node.call('recoveryCode')).code;
  const eve = await newcomer(office, '105');
  await join(eve, (await bob.node.call('joinLink')).link);
  await eve.node.call('recover', { code: next!, lost: ids.slice(1) });
  for (const one of [bob, dee, eve]) await listIs(one, '102!', '104!', '105!');
});

it('the recovery code makes an admin where the founder is lost, once', async (t) => {
  const office = officeFor(t);
  const [ann, bob, cy] = await office.people('101', '102', '103');
  const { code } = await ann.node.call('recoveryCode');
  assert.ok(code);
  await office.close(ann);
  await untilOffline(bob, '101');
  await assert.rejects(
    bob.node.call('recover', { code: code.replace(/.$/, (last) => (last === '0' ? '1' : '0')) }),
    {
      code: 'mistyped-recovery-code',
    },
  );
  await bob.node.call('recover', { code: code.toLowerCase().replaceAll('-', ' ') });
  for (const one of [bob, cy]) await listIs(one, '102!', '103');
  const next = (await bob.node.call('recoveryCode')).code;
  assert.ok(next && next !== code, 'a new code holds now');
  await assert.rejects(cy.node.call('recover', { code }), { code: 'wrong-recovery-code' });
  assert.deepEqual(await bob.node.call('recoveryCode', { isKept: true }), { code: null });
  assert.deepEqual(await bob.node.call('recoveryCode'), { code: null });
});

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
  const back = ({ extension, profile }: Member) =>
    office.add(extension, { profile, office: undefined } as object);
  const [admin, plain] = [await back(ann), await back(cy)];
  await hasMet(admin, '103');
  await admin.node.call('removeMembers', { nodes: [await computerOf(plain)] });
  await back(bob);
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
  const back = await office.add('101', { profile: ann.profile, office: undefined } as object);
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
