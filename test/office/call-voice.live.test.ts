import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { answerTone, recordingVoice } from '../../native-audio/index.ts';
import type { CallStatus } from '../../preload/api.ts';
import { correlate, heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { melody } from '../support/melody.ts';
import { playOgg } from '../support/ogg.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingPulse() ?? false;
/** What a busy machine's virtual devices leave of a voice; another voice gives next to nothing. */
const HEARD = 0.6;
const NOT_HEARD = 0.3;
/** How much two equal voices at once are like each of them, less what virtual devices take. */
const TOGETHER = 0.4;
/** Nothing for half a minute ends a call; the rest is for a busy machine. */
const VANISHED_WITHIN_MS = 60_000;

const VOICES = { ann: melody(1, 4), bo: melody(2, 4) } as const;

/** What says at first that a call is recorded. */
function recordedTone(): Int16Array {
  const tone = new Int16Array(24_000);
  const voice = recordingVoice();
  for (let at = 0; at < tone.length; at += 480) voice.pull(tone.subarray(at, at + 480));
  return tone;
}

/** Ann and Bo, each with a microphone and a loudspeaker of their own. */
describe('a call through sound devices', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('call-voice');
  let pulse: Pulse;
  let ann: Headless;
  let bo: Headless;

  before(async () => {
    pulse = await startPulse({ dir, names: ['ann-ear', 'bo-ear', 'bo-mic'] });
    for (const sink of ['ann-ear', 'bo-ear', 'bo-voice']) await pulse.loadSink(sink);
    await pulse.load('module-remap-source', 'source_name=bo-mic', 'master=bo-voice.monitor');
    const on = { interface: '127.0.0.1', ready: 'warm', env: pulse.env } as const;
    const annsSound = { microphone: 'mic', speaker: 'ann-ear' };
    ann = await Headless.start({ ...on, ...annsSound, name: 'Ann', extension: '101', office: 'new' });
    const { link } = await ann.api.call('joinLink');
    const bosSound = { microphone: 'bo-mic', speaker: 'bo-ear' };
    bo = await Headless.start({ ...on, ...bosSound, name: 'Bo', extension: '102', office: link });
    await eventually(
      async () => (await ann.api.call('people')).some(({ presence }) => presence === 'available'),
      'Ann sees Bo',
    );
  });
  after(async () => {
    await Promise.all([ann?.stop(), bo?.stop()]);
    await pulse?.stop();
  });

  const has = (who: Headless, passes: (call: CallStatus) => boolean, what: string, withinMs?: number) =>
    eventually(async () => (await who.api.call('status')).calls.some(passes), what, withinMs);
  const call = async () => {
    await ann.api.call('startCall', { dial: '102' });
    await has(bo, ({ state }) => state === 'ringing', 'it rings at Bo');
    await bo.api.call('controlCall', { action: 'answer' });
    for (const who of [ann, bo]) await has(who, ({ state }) => state === 'active', 'both are in the call');
  };
  /** What both ears hear while both speak, until Ann’s is silent again. */
  const bothSpeak = async () => {
    const [annsEar, bosEar] = [await pulse.record('ann-ear.monitor'), await pulse.record('bo-ear.monitor')];
    const files = { ann: join(dir, 'ann.wav'), bo: join(dir, 'bo.wav') };
    writeFileSync(files.ann, VOICES.ann.wav);
    writeFileSync(files.bo, VOICES.bo.wav);
    await Promise.all([pulse.play(files.ann).done, pulse.play(files.bo, 'bo-voice').done]);
    await annsEar.endsInSilence(500);
    return { atAnn: await annsEar.stop(), atBo: await bosEar.stop() };
  };

  it('carries both voices at once to both ears, and none back to who speaks', async () => {
    await call();
    await bothSpeak();
    const { atAnn, atBo } = await bothSpeak();
    const shares = {
      bosVoiceAtAnn: heardShare(VOICES.bo.samples, atAnn),
      annsVoiceAtBo: heardShare(VOICES.ann.samples, atBo),
      annsOwn: heardShare(VOICES.ann.samples, atAnn),
      bosOwn: heardShare(VOICES.bo.samples, atBo),
    };
    const said = JSON.stringify(shares);
    assert.ok(shares.bosVoiceAtAnn > HEARD && shares.annsVoiceAtBo > HEARD, said);
    assert.ok(shares.annsOwn < NOT_HEARD && shares.bosOwn < NOT_HEARD, said);
  });

  it('keeps what is said by the talk key out of the call: it is a message, which waits', async () => {
    await ann.api.call('talkPress', { dial: '102' });
    const { atAnn, atBo } = await bothSpeak();
    await ann.api.call('talkRelease');
    assert.ok(heardShare(VOICES.ann.samples, atBo) < NOT_HEARD, 'Bo hears nothing of it in the call');
    assert.ok(heardShare(VOICES.bo.samples, atAnn) > HEARD, 'while Ann hears him all the same');
    const ear = await pulse.record('bo-ear.monitor');
    await ann.api.call('controlCall', { action: 'hang-up' });
    await eventually(
      async () => (await bo.api.call('messages')).some(({ heard }) => heard),
      'after the call Bo hears it',
    );
    assert.ok(heardShare(VOICES.ann.samples, await ear.stop()) > HEARD, 'and hears it whole');
  });

  it('is recorded with both voices, and a tone says so at both ears', async () => {
    await ann.api.call('setSettings', { recordingsFolder: join(dir, 'recordings') });
    await call();
    const ears = [await pulse.record('ann-ear.monitor'), await pulse.record('bo-ear.monitor')] as const;
    await ann.api.call('controlCall', { action: 'record' });
    await has(bo, ({ isRecordedByThem }) => isRecordedByThem, 'Bo is told');
    await has(ann, ({ recording }) => recording === 'on', 'and Ann knows it');
    await bothSpeak();
    await ann.api.call('controlCall', { action: 'stop-recording' });
    const over = async () => (await ann.api.call('status')).recording;
    await eventually(async () => (await over())?.isOver === true, 'it is over');
    for (const ear of ears) assert.ok(correlate(recordedTone(), await ear.stop()).peak > HEARD, 'the tone');
    const recorded = await playOgg(readFileSync((await over())!.file!));
    // Each sounds together with the other.
    for (const voice of [VOICES.ann, VOICES.bo])
      assert.ok(heardShare(voice.samples, recorded, TOGETHER) > HEARD, 'both voices');
    await ann.api.call('controlCall', { action: 'hang-up' });
    await eventually(async () => (await bo.api.call('status')).calls.length === 0, 'it is over at Bo');
  });

  it('that answers itself is heard by a tone first', async () => {
    const anns = (await bo.api.call('people')).find(({ extension }) => extension === '101')!;
    await bo.api.call('setAutoAnswer', { person: anns.id, isOn: true });
    const ear = await pulse.record('bo-ear.monitor');
    await ann.api.call('startCall', { dial: '102' });
    await has(ann, ({ state, isAutomatic }) => state === 'active' && isAutomatic, 'nobody answered');
    assert.ok(correlate(answerTone(), await ear.stop()).peak > HEARD, 'Bo hears the tone');
    const { atBo } = await bothSpeak();
    assert.ok(heardShare(VOICES.ann.samples, atBo) > HEARD);
    await ann.api.call('controlCall', { action: 'hang-up' });
    await bo.api.call('setAutoAnswer', { person: anns.id, isOn: false });
    await eventually(async () => (await bo.api.call('status')).calls.length === 0, 'it is over at Bo');
  });

  it('ends where the other computer vanishes without a word', async () => {
    await call();
    bo.process.kill('SIGKILL');
    const isOver = ({ state, reason }: CallStatus): boolean => state === 'ended' && reason === 'vanished';
    await has(ann, isOver, 'Ann’s call ends', VANISHED_WITHIN_MS);
  });
});
