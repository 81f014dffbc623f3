import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { control, isIn, missed, noCall, now } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { melody } from '../support/melody.ts';
import { officeFor, type Member } from '../support/office.ts';

const wavOf = (seed: number) => melody(seed, 3).wav.toString('base64');

const talksWith = (member: Member, ...others: readonly Member[]) =>
  eventually(
    async () => {
      const active = (await now(member)).filter(({ state }) => state === 'active');
      return (
        active
          .map(({ name }) => name)
          .sort()
          .join() ===
        others
          .map(({ name }) => name)
          .sort()
          .join()
      );
    },
    `${member.name} talks with ${others.map(({ name }) => name).join(' and ')}`,
  );

describe('a call of three', { timeout: 180_000 }, () => {
  it('has each talk with each, and goes on where who called the others together leaves', async (t) => {
    const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
    const { id } = await ann.node.call('startCall', { dial: '102', wavBase64: wavOf(0) });
    await bo.untilSo(isIn('ringing'));
    await bo.node.call('controlCall', { action: 'answer', wavBase64: wavOf(1) });
    await talksWith(ann, bo);
    await ann.node.call('startCall', { dial: '103', into: id, wavBase64: wavOf(0) });
    await kim.untilSo(isIn('ringing'));
    const [rings] = await now(kim);
    assert.deepEqual(
      rings?.alsoIn.map(({ name }) => name),
      [bo.name],
      'Kim sees who else is in it',
    );
    await kim.node.call('controlCall', { action: 'answer', wavBase64: wavOf(2) });
    await Promise.all([talksWith(ann, bo, kim), talksWith(bo, ann, kim), talksWith(kim, ann, bo)]);
    await control(ann, 'hang-up');
    await noCall(ann);
    await Promise.all([talksWith(bo, kim), talksWith(kim, bo)]);
    for (const member of [ann, bo, kim]) assert.deepEqual(await missed(member), []);
    await control(kim, 'hang-up');
    await noCall(bo, kim);
  });

  it('is made of the call that is held and the one that one is in, and refuses whom it has already', async (t) => {
    const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
    for (const [other, n] of [
      [bo, 1],
      [kim, 2],
    ] as const) {
      await ann.node.call('startCall', { dial: other.extension, wavBase64: wavOf(0) });
      await other.untilSo(isIn('ringing'));
      await other.node.call('controlCall', { action: 'answer', wavBase64: wavOf(n) });
      await eventually(
        async () => (await now(ann)).some(({ name, state }) => name === other.name && state === 'active'),
        `Ann talks with ${other.name}`,
      );
    }
    await talksWith(ann, bo, kim);
    await ann.node.call('controlCall', { action: 'merge' });
    await Promise.all([talksWith(ann, bo, kim), talksWith(bo, ann, kim), talksWith(kim, ann, bo)]);
    assert.ok((await now(ann)).every(({ isHeld, party }) => !isHeld && party !== null));
    const [{ id } = { id: '' }] = await now(ann);
    await assert.rejects(ann.node.call('startCall', { dial: '103', into: id }), { code: 'transfer-to-same' });
    await assert.rejects(ann.node.call('transferCall', { id, dial: '103' }), { code: 'call-of-several' });
    await ann.node.call('controlCall', { id, action: 'mute' });
    assert.ok(
      (await now(ann)).every(({ isMuted }) => isMuted),
      'muted for all',
    );
  });
});
