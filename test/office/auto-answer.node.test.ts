import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { answerTone } from '../../native-audio/index.ts';
import { calls, control, HEARD, heardOf, isIn, missed, noCall, now } from '../support/calls.ts';
import { correlate } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { melody } from '../support/melody.ts';
import { hasMet, startAgain } from '../support/membership.ts';
import { soundSoFar } from '../support/messages.ts';
import { officeFor, untilBothOnline, type Member } from '../support/office.ts';
import { addComputer } from '../support/own-computers.ts';
import { computerOf } from '../support/people.ts';
import { refused } from '../support/refused.ts';

const RATE_HZ = 48_000;
/** Nothing else looks like the tone: three notes of its own. */
const CERTAIN = 0.7;

const colleague = async ({ node }: Member, extension: string) =>
  (await node.call('people')).find((person) => person.extension === extension) ?? assert.fail('no colleague');
/** From now on calls of that colleague are answered by themselves there. */
const choose = async (at: Member, extension: string) => {
  const { id } = await colleague(at, extension);
  await at.node.call('setAutoAnswer', { person: id, isOn: true });
  return id;
};
const byItself = (event: Member['events'][number]) =>
  calls(event).some(({ state, isAutomatic }) => state === 'active' && isAutomatic);

describe('calls of a colleague whose calls are answered by themselves', { timeout: 120_000 }, () => {
  it('are on after a tone, which sounds before the first word; both sides see that nobody answered', async (t) => {
    const [ann, bo] = await officeFor(t).people('101', '102');
    await choose(bo, '101');
    const voice = melody(1, 3);
    await ann.node.call('startCall', { dial: '102', wavBase64: voice.wav.toString('base64') });
    await Promise.all([ann.untilSo(byItself), bo.untilSo(byItself)]);
    assert.ok((await heardOf(bo, voice)) > HEARD, 'no word of hers is lost');
    const sound = await soundSoFar(bo);
    const tone = correlate(answerTone(), sound);
    const word = correlate(voice.samples.subarray(0, RATE_HZ / 2), sound);
    const toneMs = (answerTone().length / RATE_HZ) * 1000;
    assert.ok(tone.peak > CERTAIN, `Bo hears the tone: ${tone.peak}`);
    assert.ok(word.lagMs >= tone.lagMs + toneMs - 20, `tone at ${tone.lagMs} ms, voice at ${word.lagMs} ms`);
    assert.ok(!bo.events.some(isIn('ringing')), 'it rang for nobody');
    await control(bo, 'hang-up');
    await noCall(ann, bo);
    assert.deepEqual(await missed(bo), []);
  });

  it('ring behind a locked screen, while nobody is there, and during another call, and are missed on do not disturb', async (t) => {
    const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
    await choose(bo, '101');
    const becomes = async (): Promise<string | null> => {
      await ann.node.call('startCall', { dial: '102', wavBase64: melody(1, 1).wav.toString('base64') });
      let [state, reason] = ['calling', null] as [string | null, string | null];
      await eventually(async () => {
        const [mine] = await now(ann);
        const isShown = (await now(bo)).some(({ extension }) => extension === '101');
        [state, reason] = [mine?.state ?? null, mine?.reason ?? null];
        return state !== 'calling' && (state !== 'ringing' || isShown);
      }, 'something becomes of the call');
      await control(ann, 'hang-up');
      await eventually(
        async () => (await now(bo)).every(({ extension }) => extension !== '101'),
        'it is over at Bo',
      );
      await noCall(ann);
      return reason ?? state;
    };
    for (const [event, back, expected] of [
      ['lock', 'unlock', 'notified'],
      ['idle', 'active', 'ringing'],
    ] as const) {
      await bo.node.call('computer', { event });
      assert.equal(await becomes(), expected, event);
      await bo.node.call('computer', { event: back });
    }
    for (const [presence, expected] of [
      ['dnd', 'undisturbed'],
      ['busy', 'undisturbed'],
      ['away', 'notified'],
    ] as const) {
      await bo.node.call('setPresence', { presence });
      assert.equal(await becomes(), expected, presence);
    }
    await bo.node.call('setPresence', { presence: 'available' });
    const long = melody(2, 30).wav.toString('base64');
    const from = bo.events.length;
    await kim.node.call('startCall', { dial: '102', wavBase64: long });
    await bo.untilAfter(from, isIn('ringing'));
    await bo.node.call('controlCall', { action: 'answer', wavBase64: long });
    await eventually(async () => (await now(bo))[0]?.state === 'active', 'Bo is in a call with Kim');
    assert.equal(await becomes(), 'waiting');
    assert.ok(!bo.events.some(byItself), 'none of them was answered by itself');
  });

  it('are so after a start, and of no colleague who is out of the office', async (t) => {
    const office = officeFor(t);
    const [ann, bo, kim] = await office.people('101', '102', '103');
    await choose(bo, '103');
    await choose(bo, '101');
    assert.equal((await colleague(ann, '102')).isAutoAnswered, false, 'nobody else is told');
    await office.close(bo);
    const again = await office.add('102', { profile: bo.profile });
    await office.settled();
    for (const extension of ['101', '103'])
      assert.equal((await colleague(again, extension)).isAutoAnswered, true, extension);
    const { people } = await ann.node.call('members');
    const kims = people.find(({ extension }) => extension === '103')!.computers.map(({ id }) => id);
    await ann.node.call('removeMembers', { nodes: kims });
    await eventually(
      async () => !(await choiceOf(again)).includes(kims[0]!),
      'Kim is out of the choice, too',
    );
    assert.equal((await choiceOf(again)).length, 1, 'Ann is in it');
    assert.ok(kim);
  });

  it('are so no more of a colleague who was removed and taken back while the computer was off', async (t) => {
    const office = officeFor(t);
    const [ann, bo, kim] = await office.people('101', '102', '103');
    await choose(bo, '101');
    const kims = await choose(bo, '103');
    await office.close(bo);
    await ann.node.call('removeMembers', { nodes: [await computerOf(kim)] });
    const [removal] = (await ann.node.call('members')).removals;
    await ann.node.call('takeBack', { removal: removal!.id });
    assert.ok((await choiceOf(bo)).includes(kims), 'Bo’s computer has not heard of it');
    const again = await startAgain(office, bo);
    await eventually(async () => !(await choiceOf(again)).includes(kims), 'Kim is out of the choice');
    await hasMet(again, '103');
    assert.equal((await colleague(again, '103')).isAutoAnswered, false);
    assert.equal((await colleague(again, '101')).isAutoAnswered, true, 'Ann is in it');
  });

  it('are answered by themselves at the computer that the person touched last, and at no other one', async (t) => {
    const office = officeFor(t);
    const [ann, desk] = await office.people('101', '102');
    const laptop = await addComputer(office, desk);
    await untilBothOnline(ann, '102');
    await untilBothOnline(laptop, '102');
    for (const one of [desk, laptop]) await choose(one, '101');
    await laptop.node.call('computer', { event: 'input' });
    await eventually(
      async () => (await desk.node.call('status')).soundsAt !== null,
      'the desk knows where Bo is',
    );
    const wavBase64 = melody(1, 2).wav.toString('base64');
    await ann.node.call('startCall', { dial: '102', wavBase64 });
    await Promise.all([ann.untilSo(byItself), laptop.untilSo(byItself)]);
    await eventually(async () => (await now(desk)).length === 0, 'it rings at the desk no more');
    assert.ok(!desk.events.some(isIn('active')));
    assert.ok(correlate(answerTone(), await soundSoFar(desk)).peak < CERTAIN, 'no tone at the desk');
    await control(ann, 'hang-up');
    await noCall(ann, laptop);
  });

  it('are chosen of colleagues alone', async (t) => {
    const [ann] = await officeFor(t).people('101', '102');
    const own = (await ann.node.call('status')).node?.id ?? '';
    for (const person of [own, 'A'.repeat(22)])
      await assert.rejects(ann.node.call('setAutoAnswer', { person, isOn: true }), refused('no-person'));
  });
});

/** Whom the profile holds; of a colleague who is out nobody is shown. */
async function choiceOf({ profile }: Member): Promise<readonly string[]> {
  const settings = JSON.parse(await readFile(join(profile, 'settings.json'), 'utf8')) as {
    readonly autoAnswers: readonly string[];
  };
  return settings.autoAnswers;
}
