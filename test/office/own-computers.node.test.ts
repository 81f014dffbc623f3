import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { isComplete, isMessage, isNotified, isSounding, messageOf } from '../support/messages.ts';
import { officeFor, untilBothOnline, type Member } from '../support/office.ts';
import { addComputer } from '../support/own-computers.ts';
import { toneWav } from '../support/tone.ts';

/*
 * Bo has two computers, a desk and a laptop; Ana talks to him.
 */

const statusOf = ({ node }: Member) => node.call('status');
const touch = ({ node }: Member) => node.call('computer', { event: 'input' });
const isWithdrawn = (id: string) => (event: Member['events'][number]) =>
  event.type === 'notification-done' && event.id === id;

async function ground(t: TestContext) {
  const office = officeFor(t);
  const [ana, desk] = await office.people('101', '102');
  const laptop = await addComputer(office, desk);
  await untilBothOnline(ana, '102');
  await untilBothOnline(laptop, '102');
  const say = async (dial = '102', ms = 300): Promise<string> => {
    const { id } = await ana.node.call('talkRecording', { dial, wavBase64: toneWav(ms) });
    return id;
  };
  /** This one has the person, and the other knows. */
  const turnTo = async (one: Member, other: Member): Promise<void> => {
    await touch(one);
    await eventually(
      async () => (await statusOf(other)).soundsAt !== null && (await statusOf(one)).soundsAt === null,
      `${other.profile} knows where Bo is`,
    );
  };
  return { office, ana, desk, laptop, say, turnTo };
}

it('what is said to a person sounds at the computer that they touched last, and is heard on both', async (t) => {
  const { ana, desk, laptop, say, turnTo } = await ground(t);
  for (const [here, there] of [
    [desk, laptop],
    [laptop, desk],
  ] as const) {
    await turnTo(here, there);
    const id = await say();
    await here.untilSo(isSounding(id));
    await there.untilSo(isMessage(id, ({ heard, complete }) => heard && complete));
    await ana.untilSo(isMessage(id, ({ recipients: [one] }) => one?.state === 'heard'));
    assert.ok(!there.events.some(isSounding(id)), 'the other one is silent');
    assert.ok(!there.events.some(isNotified(id)), 'and notifies nobody');
    assert.equal((await statusOf(there)).unheard, 0);
  }
});

it('what is heard at one computer is unheard, notified and queued at none', async (t) => {
  const { ana, desk, laptop, say } = await ground(t);
  for (const one of [desk, laptop]) await one.node.call('computer', { event: 'lock' });
  const id = await say();
  for (const one of [desk, laptop]) {
    await one.untilSo(isNotified(id));
    await one.untilSo(isComplete(id));
  }
  assert.equal((await statusOf(desk)).unheard, 1);
  await laptop.node.call('play', { which: id });
  await desk.untilSo(isWithdrawn(id));
  await desk.untilSo(isMessage(id, ({ heard }) => heard));
  assert.equal((await statusOf(desk)).unheard, 0);
  await assert.rejects(desk.node.call('play', { which: 'next' }), { code: 'nothing-unheard' });
  await ana.untilSo(isMessage(id, ({ recipients: [one] }) => one?.state === 'heard'));
  // What one person throws away at one computer they may still want at the other.
  await laptop.node.call('deleteMessage', { id });
  assert.equal((await messageOf(desk, id))?.heard, true);
});

it('a computer that was off is told at its start what was heard meanwhile', async (t) => {
  const { office, desk, laptop, say } = await ground(t);
  for (const one of [desk, laptop]) await one.node.call('computer', { event: 'lock' });
  const id = await say();
  for (const one of [desk, laptop]) await one.untilSo(isComplete(id));
  await office.close(laptop);
  await desk.node.call('play', { which: id });
  await desk.untilSo(isMessage(id, ({ heard }) => heard));
  const again = await office.add('102', { profile: laptop.profile, name: laptop.name });
  await eventually(async () => (await messageOf(again, id))?.heard === true, 'it is heard there as well');
});

it('a missed call that is seen at one computer is missed at none', async (t) => {
  const { ana, desk, laptop } = await ground(t);
  const missed = async (one: Member) => (await statusOf(one)).missedCalls.length;
  await ana.node.call('startCall', { dial: '102' });
  const rings = async (one: Member) => (await statusOf(one)).calls.some(({ state }) => state === 'ringing');
  for (const one of [desk, laptop]) await eventually(() => rings(one), `${one.profile} rings`);
  await ana.node.call('controlCall', { action: 'hang-up' });
  for (const one of [desk, laptop]) await eventually(async () => (await missed(one)) === 1, 'it is missed');
  await desk.node.call('forgetMissedCalls', {});
  await eventually(async () => (await missed(laptop)) === 0, 'the laptop lists it no more');
});

it('a new computer gets what was said before it was there, and plays it; what was heard is heard there, too', async (t) => {
  const office = officeFor(t);
  const [ana, desk] = await office.people('101', '102');
  await desk.node.call('computer', { event: 'lock' });
  const ids: string[] = [];
  for (const ms of [300, 400]) {
    const { id } = await ana.node.call('talkRecording', { dial: '102', wavBase64: toneWav(ms) });
    await desk.untilSo(isComplete(id));
    ids.push(id);
  }
  const [heard, waiting] = ids as [string, string];
  await desk.node.call('play', { which: heard });
  await desk.untilSo(isMessage(heard, (message) => message.heard));
  const laptop = await addComputer(office, desk);
  for (const id of [heard, waiting])
    await laptop.untilSo(isMessage(id, (one) => one.complete && !one.keyWanted));
  assert.equal((await messageOf(laptop, heard))?.heard, true);
  assert.equal((await messageOf(laptop, waiting))?.number, (await messageOf(desk, waiting))?.number);
  await laptop.untilSo(isNotified(waiting));
  await laptop.node.call('play', { which: waiting });
  await desk.untilSo(isMessage(waiting, (message) => message.heard));
  await ana.untilSo(isMessage(waiting, ({ recipients: [one] }) => one?.state === 'heard'));
  await laptop.node.call('exportMessage', { which: heard, format: 'wav' });
});

it('whose old computer is gone gets what they had heard from the talker’s, on the new one', async (t) => {
  const office = officeFor(t);
  const [ana, bo] = await office.people('101', '102');
  const { id } = await ana.node.call('talkRecording', { dial: '102', wavBase64: toneWav(400) });
  await ana.untilSo(isMessage(id, ({ recipients: [one] }) => one?.state === 'heard'));
  const person = (await statusOf(bo)).node?.id ?? assert.fail('in an office');
  await office.close(bo);
  await ana.node.call('removeMembers', { nodes: [person] });
  const again = await addComputer(office, ana, { name: bo.name, as: person });
  await again.untilSo(isMessage(id, ({ complete, heard, keyWanted }) => complete && heard && !keyWanted));
  await again.node.call('exportMessage', { which: id, format: 'wav' });
});
