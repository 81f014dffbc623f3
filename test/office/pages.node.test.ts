import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import {
  durationOf,
  heardBy,
  isKnownNotified,
  isMessage,
  isNotified,
  isSounding,
  messageOf,
  statesOf,
} from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { memberOf } from '../support/people.ts';
import { toneWav } from '../support/tone.ts';

const SAID_MS = 2_000;
const WAV = toneWav(SAID_MS);

/** Ann, who pages; of the others one is available, one does not want to be disturbed, one is away by idle time. */
async function ground(t: TestContext) {
  const office = officeFor(t);
  const [ann, bob, dnd, idle] = await office.people('101', '102', '103', '104');
  await dnd.node.call('setPresence', { presence: 'dnd' });
  await idle.node.call('computer', { event: 'idle' });
  return { office, ann, bob, dnd, idle };
}

const isState = (id: string, extension: string, state: string) =>
  isMessage(id, (message) => statesOf(message)[extension] === state);
const isPaged = (event: NodeEvent) => event.type === 'status' && event.status.paged?.isToAll === true;
const received = async ({ node }: Member) =>
  (await node.call('messages')).filter(({ direction }) => direction === 'in');

it('a page to everybody sounds where it may, is kept nowhere else, and its talker learns who heard it', async (t) => {
  const { ann, bob, dnd, idle } = await ground(t);
  const { id } = await ann.node.call('talkRecording', { dial: '0', wavBase64: WAV });
  await bob.untilSo(isPaged);
  await ann.untilSo(isState(id, '103', 'missed'));
  await ann.untilSo(isState(id, '102', 'heard'));
  await ann.untilSo(isState(id, '104', 'received'));
  const page = await messageOf(ann, id);
  assert.deepEqual(page?.page, { isToAll: true, isKept: false, isUrgent: false });
  assert.deepEqual(statesOf(page), { 102: 'heard', 103: 'missed', 104: 'received' });
  assert.equal(page.storedOn, 0, 'nobody is asked to keep it');
  // The tone before it, and what was said while that sounded: a voice that catches up is faster by half at most.
  await eventually(
    async () => durationOf(await heardBy(bob)) > SAID_MS / 1.5 + 400,
    'the tone and all that was said are heard',
  );
  assert.deepEqual(
    [await received(bob), await received(idle)].map((list) => list.map(({ heard }) => heard)),
    [[true], [false]],
  );
  assert.deepEqual(await received(dnd), []);
  assert.ok(!dnd.events.some(({ type }) => type === 'notification' || type === 'sounding'));
  assert.equal((await ann.node.call('status')).talkTo, null, 'the talk key does not page');
});

it('a page that its talker keeps is found by whoever does not hear it', async (t) => {
  const { ann, bob, dnd } = await ground(t);
  const { id } = await ann.node.call('talkRecording', { page: { keep: true }, wavBase64: WAV });
  await dnd.untilSo(isNotified(id));
  await bob.untilSo(isMessage(id, ({ heard }) => heard));
  await ann.untilSo(isKnownNotified(id, '103'));
  assert.deepEqual((await messageOf(ann, id))?.page, { isToAll: true, isKept: true, isUrgent: false });
  assert.deepEqual(
    (await received(dnd)).map(({ heard }) => heard),
    [false],
  );
});

it('people who are dialled are paged alone; a page waits for whom somebody talks to', async (t) => {
  const { ann, bob, dnd, idle } = await ground(t);
  const talk = await idle.node.call('talkRecording', { dial: '102', wavBase64: WAV });
  await bob.untilSo(isSounding(talk.id));
  const { id } = await ann.node.call('talkRecording', { dial: '102,103', page: {}, wavBase64: WAV });
  await ann.untilSo(isState(id, '102', 'queued'));
  await ann.untilSo(isState(id, '103', 'missed'));
  await ann.untilSo(isState(id, '102', 'heard'));
  assert.deepEqual((await messageOf(ann, id))?.page, { isToAll: false, isKept: false, isUrgent: false });
  for (const member of [dnd, idle]) assert.deepEqual(await received(member), []);
});

it('an urgent page is heard also by who does not want to be disturbed; it takes a right, and asks before', async (t) => {
  const { ann, bob, dnd } = await ground(t);
  const page = { urgent: true };
  const urgent = (member: Member, isConfirmed: boolean) =>
    member.node.call('talkRecording', { page, wavBase64: WAV, isConfirmed });
  assert.equal((await ann.node.call('status')).mayOverride, false);
  await assert.rejects(urgent(ann, true), { code: 'page-not-urgent' });
  const { id: person } = await memberOf(ann, '101');
  await ann.node.call('setRight', { person, right: 'override', isGiven: true });
  for (const { node } of [ann, bob, dnd]) {
    await eventually(async () => {
      const seen = (await node.call('members')).people;
      return seen.some(({ id, rights }) => id === person && rights.includes('override'));
    }, 'everybody knows of the right');
  }
  assert.equal((await ann.node.call('status')).mayOverride, true);
  await assert.rejects(urgent(ann, false), { code: 'urgent-unconfirmed' });
  const { id } = await urgent(ann, true);
  await dnd.untilSo((event) => event.type === 'status' && event.status.paged?.isUrgent === true);
  await ann.untilSo(isState(id, '103', 'heard'));
  await ann.untilSo(isState(id, '102', 'heard'));
  assert.deepEqual((await messageOf(ann, id))?.page, { isToAll: true, isKept: false, isUrgent: true });
  await dnd.node.call('computer', { event: 'lock' });
  const kept = await ann.node.call('talkRecording', {
    ...{ page: { urgent: true, keep: true }, wavBase64: WAV, isConfirmed: true },
  });
  const told = await dnd.untilSo((event) => event.type === 'notification' && event.id === kept.id);
  assert.deepEqual(told.type === 'notification' && told.page, {
    isToAll: true,
    isKept: true,
    isUrgent: true,
  });
});

it('nobody is paged whose computer is off, and where all are off that is said', async (t) => {
  const { office, ann, bob, dnd, idle } = await ground(t);
  for (const member of [bob, dnd, idle]) await office.close(member);
  await ann.untilSo(
    (event) => event.type === 'people' && event.people.every(({ presence }) => presence === 'offline'),
  );
  await assert.rejects(ann.node.call('talkRecording', { page: {}, wavBase64: WAV }), {
    code: 'page-unheard',
  });
  await assert.rejects(ann.node.call('talkRecording', { page: {}, dial: '*102', wavBase64: WAV }), {
    code: 'page-takes-people',
  });
  const { id } = await ann.node.call('talkRecording', { page: { keep: true }, wavBase64: WAV });
  await ann.untilSo(isState(id, '104', 'waiting'));
  assert.deepEqual(statesOf(await messageOf(ann, id)), { 102: 'waiting', 103: 'waiting', 104: 'waiting' });
});
