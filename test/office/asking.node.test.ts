import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connectAsOutsider } from '../../main/signalling/index.ts';
import { createCertificate } from '../../main/identity/index.ts';
import { generateKeyPairSync } from 'node:crypto';
import { startNode, type CorridorNode } from '../../main/node/index.ts';
import type { JoinRequestStatus, Status } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { isComplete, untilOffline } from '../support/messages.ts';
import { officeFor, untilBothOnline, WORKER, type Member } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/** A computer that is in no office and has been told the control address of these nodes. */
async function stranger(t: TestContext, ...known: readonly Member[]): Promise<CorridorNode> {
  const profile = tempFolder('stranger');
  const addresses = await Promise.all(known.map(controlOf));
  const node = await startNode({
    ...{ profile, workerPath: WORKER, interfaces: ['127.0.0.1'], ready: 'cold', addresses },
    speaker: `file:${join(profile, 'heard.wav')}`,
    log: () => undefined,
  });
  t.after(() => node.close());
  return node;
}

async function controlOf({ node }: Member): Promise<string> {
  const { endpoints } = await node.call('status');
  return `127.0.0.1:${endpoints?.control}`;
}

async function tagOf({ node }: Member): Promise<string> {
  return (await node.call('members')).office.tag;
}

/** Its own request, as that member sees it. */
async function requestAt({ node }: Member): Promise<JoinRequestStatus> {
  const seen = async (): Promise<JoinRequestStatus | undefined> => (await node.call('requests')).requests[0];
  await eventually(async () => (await seen()) !== undefined, 'a request is shown');
  return (await seen()) ?? assert.fail();
}

async function statusWhen(node: CorridorNode, what: string, passes: (status: Status) => boolean) {
  let status = await node.call('status');
  await eventually(
    async () => passes((status = await node.call('status'))),
    () => `${what}; ${JSON.stringify({ ...status, microphone: 0, speaker: 0 })}`,
  );
  return status;
}

/** Both screens show digits. */
async function compared(host: Member, newcomer: CorridorNode) {
  const { id } = await requestAt(host);
  await host.node.call('compareRequest', { id });
  const { joining } = await statusWhen(newcomer, 'digits', ({ joining }) => joining?.digits != null);
  await eventually(async () => (await requestAt(host)).digits !== null, 'digits at the host');
  return { id, theirs: joining?.digits, ours: (await requestAt(host)).digits };
}

const joinCode = ({ troubles }: Status) => troubles.find(({ code }) => code === 'join')?.phrase.details;

void test('a stranger joins by six digits that both screens show', async (t) => {
  const [ana] = await officeFor(t).people('101');
  const newcomer = await stranger(t, ana);
  const tag = await tagOf(ana);
  await newcomer.call('askToJoin', { tag, name: 'Cy', extension: '205' });
  const waiting = await statusWhen(newcomer, 'it asks', ({ joining }) => joining?.by === 'asking');
  assert.equal(waiting.joining?.digits, null);
  await ana.until((event) => event.type === 'join-request');
  assert.equal((await ana.node.call('status')).requests, 1);
  const { id, theirs, ours } = await compared(ana, newcomer);
  assert.match(ours ?? '', /^\d{6}$/);
  assert.equal(theirs, ours);
  await newcomer.call('answerDigits', { isSame: true });
  await eventually(async () => (await requestAt(ana)).state === 'agreed', 'the newcomer agreed');
  assert.equal((await newcomer.call('status')).state, 'setup', 'nobody is in before the host clicks');
  const { requests } = await ana.node.call('admitRequest', { id });
  assert.deepEqual(requests, []);
  const { node, joining } = await statusWhen(newcomer, 'it is in', ({ state }) => state === 'running');
  assert.equal(joining, null);
  await statusWhen(newcomer, 'its number', (status) => status.node?.extension === '205');
  assert.ok(node);
  await eventually(
    async () => (await ana.node.call('people')).some(({ name }) => name === 'Cy'),
    'Ana sees Cy',
  );
});

void test('nobody comes in unless both people click', async (t) => {
  const [ana] = await officeFor(t).people('101');
  const newcomer = await stranger(t, ana);
  await newcomer.call('askToJoin', { tag: await tagOf(ana), name: 'Cy' });
  await assert.rejects(newcomer.call('answerDigits', { isSame: true }), { code: 'not-compared' });
  const asked = await requestAt(ana);
  await assert.rejects(ana.node.call('admitRequest', { id: asked.id }), { code: 'not-compared' });
  await compared(ana, newcomer);
  await assert.rejects(ana.node.call('admitRequest', { id: asked.id }), { code: 'not-compared' });
  await newcomer.call('answerDigits', { isSame: false });
  const told = await statusWhen(newcomer, 'it is told', ({ joining }) => joining === null);
  assert.deepEqual(joinCode(told), { reason: 'other-digits' });
  await eventually(async () => (await ana.node.call('requests')).requests.length === 0, 'the request ends');
  await assert.rejects(ana.node.call('admitRequest', { id: asked.id }), { code: 'no-such-request' });
  assert.equal((await ana.node.call('members')).people.length, 1);
});

void test('a request reaches an admin at another node than the one that was asked, and whoever opened', async (t) => {
  const [ana, bo, dana] = await officeFor(t).people('101', '102', '103');
  const newcomer = await stranger(t, bo);
  await newcomer.call('askToJoin', { tag: await tagOf(ana), name: 'Cy' });
  const { id, state } = await requestAt(ana);
  assert.equal(state, 'waiting');
  assert.deepEqual((await dana.node.call('requests')).requests, [], 'Dana is no admin and has not opened');
  assert.equal((await dana.node.call('status')).requests, 0);
  const opened = await dana.node.call('letSomebodyIn', { isOpen: true });
  assert.ok(opened.openUntil !== null && opened.openUntil > Date.now());
  assert.equal((await requestAt(dana)).id, id);
  const { theirs, ours } = await compared(dana, newcomer);
  assert.equal(theirs, ours);
  await eventually(async () => (await ana.node.call('requests')).requests.length === 0, 'Ana need not care');
  await newcomer.call('answerDigits', { isSame: true });
  await eventually(async () => (await requestAt(dana)).state === 'agreed', 'the newcomer agreed');
  await dana.node.call('admitRequest', { id });
  await statusWhen(newcomer, 'it is in', (status) => status.state === 'running');
  await eventually(async () => (await ana.node.call('members')).people.length === 4, 'Ana knows');
});

void test('whoever was declined is told, and neither key nor address is heard again by who declined', async (t) => {
  const [ana, bo] = await officeFor(t).people('101', '102');
  const newcomer = await stranger(t, bo);
  const asking = { tag: await tagOf(ana), name: 'Cy' };
  await newcomer.call('askToJoin', asking);
  const { id } = await requestAt(ana);
  await ana.node.call('declineRequest', { id });
  const told = await statusWhen(newcomer, 'it is told', ({ joining }) => joining === null);
  assert.deepEqual(joinCode(told), { reason: 'declined' });
  for (const again of [newcomer, await stranger(t, ana)]) {
    await again.call('askToJoin', asking);
    // Another key at the same address may wait at Bo's, who declined nobody.
    const isMuted = (status: Status): boolean => isDeepStrictEqual(joinCode(status), { reason: 'muted' });
    await statusWhen(again, 'it is muted', isMuted);
  }
  assert.deepEqual((await ana.node.call('requests')).requests, []);
});

void test('garbage on an outsider’s link ends that link and nothing else', async (t) => {
  const [ana, bo] = await officeFor(t).people('101', '102');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const credentials = { certificatePem: createCertificate(privateKey), privateKeyPem };
  const { endpoints } = await ana.node.call('status');
  const link = await connectAsOutsider({
    ...{ credentials, address: '127.0.0.1', port: endpoints?.control ?? 0, log: () => undefined },
  });
  let isClosed = false;
  link.listen({
    onMessage: () => undefined,
    onFragments: () => undefined,
    onClose: () => (isClosed = true),
  });
  link.send({ type: 'ledger', digest: 'A'.repeat(43) });
  await eventually(() => isClosed, 'the link ends');
  const roles = await Promise.all([ana, bo].map(({ node }) => node.call('status')));
  assert.ok(roles.every((status) => status.switch?.id === roles[0]?.switch?.id));
  assert.deepEqual((await ana.node.call('requests')).requests, []);
  const newcomer = await stranger(t, ana);
  await newcomer.call('askToJoin', { tag: await tagOf(ana), name: 'Cy' });
  await requestAt(ana);
});

void test('an office is seen with its name, and by its tag alone once it keeps that to itself', async (t) => {
  const [ana] = await officeFor(t).people('101');
  const tag = await tagOf(ana);
  await ana.node.call('setOffice', { name: 'Büro Nord' });
  const newcomer = await stranger(t);
  const nameSeen = async () => (await newcomer.call('offices')).find((one) => one.tag === tag)?.name;
  await eventually(async () => (await nameSeen()) === 'Büro Nord', 'the office is seen by its name');
  await newcomer.call('askToJoin', { tag, name: 'Cy' });
  await requestAt(ana);
  const { joining } = await newcomer.call('status');
  assert.equal(joining?.office, 'Büro Nord');
  assert.equal((await newcomer.call('stopJoining')).joining, null);
  await eventually(async () => (await ana.node.call('requests')).requests.length === 0, 'it asks no more');

  await ana.node.call('setOffice', { announced: false });
  const later = await stranger(t);
  const seen = async () => (await later.call('offices')).find((one) => one.tag === tag);
  await eventually(async () => (await seen())?.name === null, 'the office is seen without its name');
});

void test('who lost their computer goes on with a new one: an admin confirms, and number and messages move over', async (t) => {
  const office = officeFor(t);
  const [ana, bo, cy] = await office.people('101', '102', '103');
  const person = (await cy.node.call('status')).node?.id ?? assert.fail();
  await office.close(cy);
  await untilOffline(bo, '103');
  const { id: waiting } = await bo.node.call('talkRecording', { dial: '103', wavBase64: toneWav(400) });
  await bo.untilSo(isComplete(waiting));
  await ana.node.call('removeMembers', { nodes: [person] });
  const newcomer = await stranger(t, ana);
  await newcomer.call('askToJoin', { tag: await tagOf(ana), name: 'Cy', extension: '103' });
  const { id } = await compared(ana, newcomer);
  await newcomer.call('answerDigits', { isSame: true });
  await eventually(async () => (await requestAt(ana)).state === 'agreed', 'the newcomer agreed');
  await ana.node.call('admitRequest', { id, as: person });
  await statusWhen(newcomer, 'it has the number', ({ node }) => node?.extension === '103');
  const unheard = async () =>
    (await newcomer.call('messages')).filter(({ complete, heard }) => complete && !heard);
  await eventually(async () => (await unheard()).length === 1, 'what Bo had said is here');
  const [message] = await unheard();
  assert.deepEqual([message?.name, message?.direction], ['Person 102', 'in']);
  await newcomer.call('play', { which: message?.id ?? '' });
  const shownTo = async () => (await bo.node.call('messages')).map(({ recipients }) => recipients);
  await eventually(
    async () =>
      isDeepStrictEqual(
        (await shownTo()).flat().map(({ state }) => state),
        ['heard'],
      ),
    'Bo sees one message, and that it was heard',
  );
});

void test('a call rings at both computers of a person, and stops at the other where one of them answers', async (t) => {
  const office = officeFor(t);
  const [ana, bo] = await office.people('101', '102');
  const person = (await bo.node.call('status')).node?.id ?? assert.fail();
  const laptop = await stranger(t, bo);
  await bo.node.call('letSomebodyIn', { isOpen: true });
  await laptop.call('askToJoin', { tag: await tagOf(bo), name: 'Person 102' });
  const { id } = await compared(bo, laptop);
  await laptop.call('answerDigits', { isSame: true });
  await eventually(async () => (await requestAt(bo)).state === 'agreed', 'the laptop agreed');
  await bo.node.call('admitRequest', { id, as: person });
  await untilBothOnline(ana, '102');
  const states = async (node: CorridorNode) => (await node.call('status')).calls.map(({ state }) => state);
  const rings = async () => [await states(bo.node), await states(laptop)];
  // Recordings: a process can open one microphone.
  const wavBase64 = toneWav(1000);
  await ana.node.call('startCall', { dial: '102', wavBase64 });
  await eventually(async () => isDeepStrictEqual(await rings(), [['ringing'], ['ringing']]), 'both ring');
  await laptop.call('controlCall', { action: 'answer', wavBase64 });
  await eventually(
    async () => isDeepStrictEqual(await rings(), [[], ['active']]),
    'one of them has the call',
  );
  assert.deepEqual(await states(ana.node), ['active']);
  const missed = [bo.node, laptop].map(async (node) => (await node.call('status')).missedCalls);
  assert.deepEqual(await Promise.all(missed), [[], []]);
  await ana.node.call('controlCall', { action: 'hang-up' });
  await eventually(async () => isDeepStrictEqual(await rings(), [[], []]), 'it is over');
});
