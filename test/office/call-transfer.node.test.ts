import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallStatus } from '../../preload/api.ts';
import { control, HEARD, heardOf, isIn, noCall, now } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { melody } from '../support/melody.ts';
import { officeFor, type Member } from '../support/office.ts';
import { personOf } from '../support/people.ts';
import { toneWav } from '../support/tone.ts';
import type { TestContext } from 'node:test';

const VOICES = { ann: melody(1, 3), bo: melody(2, 4), kim: melody(3, 4) } as const;
const wavOf = (who: keyof typeof VOICES) => VOICES[who].wav.toString('base64');

const shows = (member: Member, passes: (call: CallStatus) => boolean, what: string) =>
  eventually(async () => (await now(member)).some(passes), what);

/** Ann, whom Bo talks with, and Kim. Each speaks a recording, which begins again in each call. */
async function annAndBo(t: TestContext) {
  const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
  const { id } = await ann.node.call('startCall', { dial: '102', wavBase64: wavOf('ann') });
  await bo.untilSo(isIn('ringing'));
  await bo.node.call('controlCall', { action: 'answer', wavBase64: wavOf('bo') });
  await Promise.all([ann.untilSo(isIn('active')), bo.untilSo(isIn('active'))]);
  return { ann, bo, kim, id };
}

describe('a call that is put through', { timeout: 120_000 }, () => {
  it('rings, and both who are connected hear each other; whoever did it is out of it', async (t) => {
    const { ann, bo, kim } = await annAndBo(t);
    await ann.node.call('transferCall', { dial: '103' });
    await shows(bo, ({ transferredTo }) => transferredTo?.extension === '103', 'Bo is told to whom');
    await shows(ann, ({ transfer }) => transfer?.state === 'ringing', 'Ann sees that it rings');
    await shows(
      kim,
      ({ name, state, putThroughBy }) =>
        name === bo.name && state === 'ringing' && putThroughBy?.name === ann.name,
      'Kim sees that Ann puts Bo through',
    );
    await kim.node.call('controlCall', { action: 'answer', wavBase64: wavOf('kim') });
    await noCall(ann);
    const [byKim, byBo] = await Promise.all([heardOf(kim, VOICES.bo), heardOf(bo, VOICES.kim)]);
    assert.ok(byKim > HEARD && byBo > HEARD, `Kim hears ${byKim} of Bo, Bo ${byBo} of her`);
    await control(bo, 'hang-up');
    await noCall(bo, kim);
  });

  it('is connected at once where they were asked before', async (t) => {
    const { ann, bo, kim } = await annAndBo(t);
    await ann.node.call('startCall', { dial: '103', wavBase64: wavOf('ann') });
    await kim.untilSo(isIn('ringing'));
    await kim.node.call('controlCall', { action: 'answer', wavBase64: wavOf('kim') });
    await shows(ann, ({ name, state }) => name === kim.name && state === 'active', 'Ann asks Kim');
    const from = kim.events.length;
    await ann.node.call('transferCall', { dial: '103' });
    await noCall(ann);
    await shows(kim, ({ name, state }) => name === bo.name && state === 'active', 'Kim talks with Bo');
    await shows(bo, ({ name, state }) => name === kim.name && state === 'active', 'and he with her');
    assert.ok(!kim.events.slice(from).some(isIn('ringing')), 'it did not ring again');
    assert.ok((await heardOf(bo, VOICES.kim)) > HEARD);
  });

  it('is back with who put it through where nobody takes it, and both hear each other again', async (t) => {
    const { ann, bo, kim, id } = await annAndBo(t);
    await ann.node.call('transferCall', { id, person: (await personOf(ann, '103')).id });
    await kim.untilSo(isIn('ringing'));
    await control(kim, 'hang-up');
    await shows(ann, ({ transfer }) => transfer?.reason === 'declined', 'Ann sees why');
    for (const member of [ann, bo])
      await shows(
        member,
        (call) => call.id === id && !call.isHeld && !call.isHeldByThem,
        `${member.name} is back`,
      );
  });

  it('is refused to whom one talks with, and to who is not there', async (t) => {
    const { ann, kim, id } = await annAndBo(t);
    await assert.rejects(ann.node.call('transferCall', { dial: '102' }), { code: 'transfer-to-same' });
    await assert.rejects(ann.node.call('transferCall', { dial: '109' }), { code: 'nobody' });
    await assert.rejects(kim.node.call('transferCall', { dial: '102' }), { code: 'no-such-call' });
    await assert.rejects(kim.node.call('transferCall', { id, dial: '102' }), { code: 'no-such-call' });
  });
});

describe('a call to somebody who diverted', { timeout: 120_000 }, () => {
  /** Ann, and Bo, whose calls Kim gets. */
  async function divertedBo(t: TestContext) {
    const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
    await bo.node.call('setDivert', { person: (await personOf(bo, '103')).id });
    await eventually(
      async () => (await ann.node.call('people')).some(({ divertedTo }) => divertedTo?.name === kim.name),
      'Ann sees the divert',
    );
    return { ann, bo, kim };
  }

  /** What is said before it, and whom it then reaches, by each way to call Bo. */
  async function callsOf(ann: Member) {
    const { id: person } = await personOf(ann, '102');
    const ways = [
      () => ann.node.call('dial', { dial: '*80102' }),
      () => ann.node.call('startCall', { dial: '102' }),
      () => ann.node.call('startCall', { person }),
    ];
    const reached: { said: string; name: string | undefined; meant: string | undefined }[] = [];
    for (const call of ways) {
      const { sentence: said } = await ann.node.call('dialPreview', { dial: '*80102' });
      await call();
      const [shown] = await now(ann);
      reached.push({ said, name: shown?.name, meant: shown?.meant?.name });
      await control(ann, 'hang-up');
      await noCall(ann);
    }
    return reached;
  }

  it('rings where they diverted to, and both sides see whom it was for', async (t) => {
    const { ann, bo, kim } = await divertedBo(t);
    const said = `Calls ${bo.name} → ${kim.name} (103).`;
    for (const reached of await callsOf(ann))
      assert.deepEqual(reached, { said, name: kim.name, meant: bo.name });
    await ann.node.call('startCall', { dial: '102' });
    await shows(kim, ({ meant, state }) => meant?.name === bo.name && state === 'ringing', 'it rings at Kim');
    assert.deepEqual(await now(bo), []);
  });

  it('rings at themself while they speak with the caller, as the preview says, and so does a call put through', async (t) => {
    const { ann, bo, kim } = await divertedBo(t);
    await ann.node.call('startCall', { dial: '103', wavBase64: wavOf('ann') });
    await kim.untilSo(isIn('ringing'));
    await kim.node.call('controlCall', { action: 'answer', wavBase64: wavOf('kim') });
    await ann.untilSo(isIn('active'));
    // Bo is at the desk: what he says waits until the call is over.
    await bo.node.call('talkRecording', { dial: '101', wavBase64: toneWav(30_000) });
    await ann.untilSo((event) => event.type === 'status' && event.status.waiting.length > 0);
    const { sentence } = await ann.node.call('dialPreview', { dial: '*80102' });
    assert.equal(sentence, `Calls ${bo.name} (102).`);
    await ann.node.call('transferCall', { dial: '102' });
    await shows(bo, ({ name, state }) => name === kim.name && state === 'ringing', 'it rings at Bo');
    for (const { id } of await now(kim)) await kim.node.call('controlCall', { id, action: 'hang-up' });
    await noCall(ann, bo);
    for (const reached of await callsOf(ann))
      assert.deepEqual(reached, { said: `Calls ${bo.name} (102).`, name: bo.name, meant: undefined });
  });
});
