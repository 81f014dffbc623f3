import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  calls,
  control,
  HEARD,
  heardOf,
  isIn,
  missed,
  noCall,
  NOT_HEARD,
  now,
  talking,
} from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { notesHeard } from '../support/melody.ts';
import { isSounding, soundSoFar } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

describe('a call between two people', { timeout: 120_000 }, () => {
  it('carries both voices at once, and nothing of it is on a disk afterwards', async (t) => {
    const { ann, bo, voices } = await talking(t);
    const [byBo, byAnn] = await Promise.all([heardOf(bo, voices[0]), heardOf(ann, voices[1])]);
    assert.ok(byBo > HEARD && byAnn > HEARD, `Bo hears ${byBo} of Ann’s voice, Ann ${byAnn} of his`);
    await control(ann, 'hang-up');
    await noCall(ann, bo);
    for (const [member, own] of [
      [ann, voices[0]],
      [bo, voices[1]],
    ] as const) {
      const share = notesHeard(own, await soundSoFar(member));
      assert.ok(share < NOT_HEARD, `nobody hears themself: ${share}`);
    }
    for (const { profile, node } of [ann, bo]) {
      assert.deepEqual(readdirSync(join(profile, 'store', 'messages')), []);
      assert.deepEqual(await node.call('messages'), []);
    }
  });

  it('shows colleagues that both are busy, and holds messages back until it is over', async (t) => {
    const { ann, bo } = await talking(t);
    const presence = async (of: Member, at: Member) =>
      (await at.node.call('people')).find(({ extension }) => extension === of.extension)?.presence;
    await eventually(async () => (await presence(bo, ann)) === 'busy', 'Ann sees that Bo is busy');
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(800) });
    await eventually(async () => {
      const { waiting } = await bo.node.call('status');
      return waiting.some(({ extension }) => extension === '101');
    }, 'what Ann says by the talk key waits for Bo’s ear');
    assert.ok(!bo.events.some(isSounding(id)), 'it does not sound during the call');
    await control(bo, 'hang-up');
    await bo.untilSo(isSounding(id));
    await eventually(async () => (await presence(bo, ann)) === 'available', 'and then that he is free');
    assert.ok(!bo.events.some(({ type }) => type === 'notification'));
  });

  it('that is held or muted says so at both sides, and goes on', async (t) => {
    const { ann, bo } = await talking(t, 30);
    const shownTo = async (member: Member) => (await now(member))[0];
    await control(ann, 'hold');
    await eventually(
      async () => (await shownTo(bo))?.isHeldByThem === true,
      'Bo sees that Ann holds the call',
    );
    assert.equal((await shownTo(ann))?.isHeld, true);
    await control(ann, 'resume');
    await eventually(async () => (await shownTo(bo))?.isHeldByThem === false, 'and that she is back');
    await control(ann, 'mute');
    assert.equal((await shownTo(ann))?.isMuted, true);
    await control(ann, 'unmute');
    await control(ann, 'hang-up');
    await noCall(ann, bo);
  });

  it('ends where a computer goes to sleep, in words at both ends; once it is awake it is called again', async (t) => {
    const { ann, bo, voices, id } = await talking(t, 30);
    await bo.node.call('computer', { event: 'sleep' });
    await ann.untilSo((event) => calls(event).some(({ reason }) => reason === 'asleep'));
    assert.deepEqual(
      (await now(bo)).map(({ state, reason }) => [state, reason]),
      [['ended', 'slept']],
    );
    await bo.node.call('controlCall', { id, action: 'hang-up' });
    assert.deepEqual(await now(bo), [], 'who has seen it is shown it no more');
    await bo.node.call('computer', { event: 'wake' });
    await eventually(
      async () => (await ann.node.call('people')).every(({ presence }) => presence === 'available'),
      'Bo is there again',
    );
    const from = bo.events.length;
    const wavBase64 = voices[0].wav.toString('base64');
    await ann.node.call('startCall', { dial: '102', wavBase64 });
    await bo.untilAfter(from, isIn('ringing'));
    await bo.node.call('controlCall', { action: 'answer', wavBase64 });
    await eventually(async () => (await now(ann))[0]?.state === 'active', 'they talk again');
    await control(ann, 'hang-up');
    await noCall(ann, bo);
  });

  it('that nobody takes is a missed call, from which one calls back', async (t) => {
    const [ann, bo] = await officeFor(t).people('101', '102');
    await ann.node.call('dial', { dial: '*80102' });
    await bo.untilSo(isIn('ringing'));
    await control(bo, 'hang-up');
    await ann.untilSo((event) => calls(event).some(({ reason }) => reason === 'declined'));
    const [call, ...others] = await missed(bo);
    assert.ok(call && others.length === 0);
    assert.deepEqual([call.name, call.extension, call.times], [ann.name, '101', 1]);
    await bo.node.call('startCall', { person: call.person });
    await ann.untilSo(isIn('ringing'));
    assert.deepEqual(await missed(bo), [], 'who calls back has seen it');
    await control(bo, 'hang-up');
    await noCall(bo);
    await eventually(async () => (await missed(ann))[0]?.extension === '102', 'who gave up is listed, too');
  });

  it('does not ring where nobody is to be disturbed, and rings nowhere behind a locked screen', async (t) => {
    const [ann, bo] = await officeFor(t).people('101', '102');
    await bo.node.call('setPresence', { presence: 'dnd' });
    await ann.node.call('startCall', { dial: '102' });
    await ann.untilSo((event) => calls(event).some(({ reason }) => reason === 'undisturbed'));
    assert.deepEqual(await now(bo), []);
    assert.equal((await missed(bo))[0]?.times, 1);
    await bo.node.call('setPresence', { presence: 'available' });
    await bo.node.call('computer', { event: 'lock' });
    await ann.node.call('startCall', { dial: '102' });
    await ann.untilSo(isIn('notified'));
    await bo.untilSo(isIn('notified'));
    await control(ann, 'hang-up');
    await noCall(ann, bo);
    assert.equal((await missed(bo))[0]?.times, 2, 'one line for each person');
  });

  it('is refused with a sentence where the colleague is not there', async (t) => {
    const office = officeFor(t);
    const [ann, bo] = await office.people('101', '102');
    await office.close(bo);
    await eventually(
      async () => (await ann.node.call('people')).every(({ presence }) => presence === 'offline'),
      'Ann sees that Bo is gone',
    );
    for (const dial of ['102', '*80 102'])
      await assert.rejects(ann.node.call('startCall', { dial }), { code: 'call-unreachable' });
    for (const dial of ['0', '*102', '#1234', '102,102'])
      await assert.rejects(ann.node.call('startCall', { dial }), { code: /call-one-person|nobody/ });
  });
});
