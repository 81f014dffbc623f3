import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { control, isIn, noCall, now } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { levelDb } from '../support/level.ts';
import { soundSoFar } from '../support/messages.ts';
import { officeFor, type Member } from '../support/office.ts';
import { personOf } from '../support/people.ts';
import { strengthAt, toneWav } from '../support/tone.ts';

const HOUR_MS = 3_600_000;
/** Three swells of the tones: their loudness, whenever it is looked at. */
const SECOND = 48_000;
const SILENT_DB = -60;
/** Somewhat less than a tone has that sounds for all of that second. */
const WHOLE = 2500;
const [ANN_HZ, BO_HZ] = [440, 1500];
const wavOf = (hz: number) => toneWav(60_000, { hz });
/** Half as loud is 10 dB less: 0.32 of the amplitude. */
const isHalf = (share: number) => share > 0.25 && share < 0.4;
const isWhole = (share: number) => share > 0.8 && share < 1.25;
const isNothing = (share: number) => share < 0.02;

/** How strong each voice was in the last second that this loudspeaker gave out. */
async function heard(at: Member) {
  const last = (await soundSoFar(at)).subarray(-SECOND);
  return { ann: strengthAt(ANN_HZ, last), bo: strengthAt(BO_HZ, last) };
}

describe('in a call', { timeout: 180_000 }, () => {
  it('of several each voice has its person’s volume, and one of them can be muted, while it goes on', async (t) => {
    const [ann, bo, kim] = await officeFor(t).people('101', '102', '103');
    const { id } = await ann.node.call('startCall', { dial: '102', wavBase64: wavOf(ANN_HZ) });
    await bo.untilSo(isIn('ringing'));
    await bo.node.call('controlCall', { action: 'answer', wavBase64: wavOf(BO_HZ) });
    await ann.untilSo(isIn('active'));
    await ann.node.call('startCall', { dial: '103', into: id, wavBase64: wavOf(ANN_HZ) });
    await kim.untilSo(isIn('ringing'));
    await kim.node.call('controlCall', { action: 'answer', wavBase64: toneWav(100) });
    await eventually(async () => {
      const { ann: anns, bo: bos } = await heard(kim);
      return anns > WHOLE && bos > WHOLE;
    }, 'Kim hears both for a second');

    const before = await heard(kim);
    const becomes = (ofAnn: (share: number) => boolean, ofBo: (share: number) => boolean, what: string) => {
      let said = '';
      return eventually(
        async () => {
          const after = await heard(kim);
          said = `Ann ${after.ann / before.ann}, Bo ${after.bo / before.bo}`;
          return ofAnn(after.ann / before.ann) && ofBo(after.bo / before.bo);
        },
        () => `${what}: ${said}`,
      );
    };
    const { id: bosId } = await personOf(kim, bo.extension);
    await kim.node.call('setVolume', { person: bosId, percent: 50 });
    await becomes(isWhole, isHalf, 'Bo is half as loud, and Ann as before');
    await kim.node.call('setVolume', { person: bosId, percent: 100 });
    await becomes(isWhole, isWhole, 'both are as loud as at first');
    await kim.node.call('mute', { person: bosId, until: Date.now() + HOUR_MS });
    await becomes(isWhole, isNothing, 'Bo is silent, and Ann is not');
    const silenced = async () => (await now(kim)).flatMap((call) => (call.isSilenced ? call.name : []));
    assert.deepEqual(await silenced(), [bo.name]);
    assert.ok(
      (await now(bo)).every(({ isMuted, isHeldByThem }) => !isMuted && !isHeldByThem),
      'he is not told',
    );
    await kim.node.call('mute', { person: bosId, until: null });
    await becomes(isWhole, isWhole, 'she hears him again');
    assert.deepEqual(await silenced(), []);
  });

  it('of two whoever was muted before does not ring, and is heard where the call is taken; muted in it they are silent', async (t) => {
    const [ann, bo] = await officeFor(t).people('101', '102');
    const { id: annsId } = await personOf(bo, ann.extension);
    const mute = (until: number | null) => bo.node.call('mute', { person: annsId, until });
    await mute(Date.now() + HOUR_MS);
    await ann.node.call('startCall', { dial: '102', wavBase64: wavOf(ANN_HZ) });
    await bo.untilSo(isIn('notified'));
    assert.ok(!bo.events.some(isIn('ringing')));
    await bo.node.call('controlCall', { action: 'answer', wavBase64: toneWav(100) });
    await eventually(async () => (await heard(bo)).ann > 500, 'Bo hears whom he answers');
    assert.equal((await now(bo))[0]?.isSilenced, false);
    await mute(Date.now() + HOUR_MS);
    // A loudspeaker that nobody is heard at may rest, so its last second may lie further back.
    const last = async () => (await soundSoFar(bo)).subarray(-SECOND / 10);
    await eventually(async () => levelDb(await last()) < SILENT_DB, 'Bo hears nothing of her any more');
    assert.equal((await now(bo))[0]?.isSilenced, true);
    await bo.node.call('controlCall', { action: 'hang-up' });
    await noCall(ann, bo);

    await bo.node.call('startCall', { dial: '101', wavBase64: toneWav(100) });
    await ann.untilSo(isIn('ringing'));
    await ann.node.call('controlCall', { action: 'answer', wavBase64: wavOf(ANN_HZ) });
    await eventually(async () => (await heard(bo)).ann > 500, 'whom he calls himself he hears');
    await control(bo, 'hang-up');
  });
});
