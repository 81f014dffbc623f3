import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { answerTone, recordingVoice, type Voice } from '../../native-audio/index.ts';
import { toneVoice } from '../../native-audio/tone.ts';
import type { Arguments, CallStatus } from '../../preload/api.ts';
import { NOT_HEARD } from '../support/calls.ts';
import { correlate } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { levelDb } from '../support/level.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { IN_A_MIX, melody, notesHeard } from '../support/melody.ts';
import { playOgg } from '../support/ogg.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingPulse() ?? false;
/** A busy machine's virtual devices run dry again and again, and leave half of a voice's notes at the least. */
const HEARD = 0.45;
/** Nothing else looks as much like a tone. */
const CERTAIN = 0.6;
/** Opus gives silence back as samples of 1: -90 dB. */
const SILENT_DB = -70;
const RATE_HZ = 48_000;
/** A loudspeaker's frame, samples. */
const FRAME = 480;
/** A tone's place in a recording is known to within this many milliseconds. */
const EDGE_MS = 5;

const NAMES = ['ann', 'bo', 'kim'] as const;
type Name = (typeof NAMES)[number];
type Action = Arguments<'controlCall'>['action'];
const EXTENSION: Record<Name, string> = { ann: '101', bo: '102', kim: '103' };
const VOICES = { ann: melody(1, 3), bo: melody(2, 3), kim: melody(3, 3) } as const;
/** The sink that somebody's microphone hears. */
const MOUTH: Record<Name, string> = { ann: 'voice', bo: 'bo-voice', kim: 'kim-voice' };

/** What says at first that a call is recorded. */
const recordedTone = (): Int16Array => firstOf(recordingVoice(), 500);
/** What says in a call that somebody's message waits. */
const waitingTone = (): Int16Array => firstOf(toneVoice('waiting'), 150);

/** The first milliseconds of what sounds. */
function firstOf(voice: Voice, ms: number): Int16Array {
  const samples = new Int16Array((ms * RATE_HZ) / 1000);
  for (let at = 0; at < samples.length; at += FRAME) voice.pull(samples.subarray(at, at + FRAME));
  return samples;
}

/** What is heard before a tone and after it. */
function beside(tone: Int16Array, heard: Int16Array): Int16Array {
  const { peak, lagMs } = correlate(tone, heard);
  assert.ok(peak > CERTAIN, `the tone is heard: ${peak}`);
  const at = (ms: number) => Math.max(0, Math.round((ms * RATE_HZ) / 1000));
  const before = heard.subarray(0, at(lagMs - EDGE_MS));
  const after = heard.subarray(at(lagMs + EDGE_MS) + tone.length);
  return Int16Array.from([...before, ...after]);
}

/** Ann, Bo and Kim, each with a microphone and a loudspeaker of their own. */
describe('a call through sound devices', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('call-voice');
  const people = new Map<Name, Headless>();
  let pulse: Pulse;

  const of = (name: Name): Headless => people.get(name)!;
  const start = async (name: Name, office: string) => {
    const on = { interface: '127.0.0.1', ready: 'warm', env: pulse.env, office } as const;
    const sound = { microphone: name === 'ann' ? 'mic' : `${name}-mic`, speaker: `${name}-ear` };
    people.set(name, await Headless.start({ ...on, ...sound, name, extension: EXTENSION[name] }));
  };

  before(async () => {
    pulse = await startPulse({ dir, names: ['ann-ear', 'bo-ear', 'kim-ear', 'bo-mic', 'kim-mic'] });
    for (const name of NAMES) {
      await pulse.loadSink(`${name}-ear`);
      writeFileSync(join(dir, `${name}.wav`), VOICES[name].wav);
      if (name === 'ann') continue;
      await pulse.loadSink(MOUTH[name]);
      await pulse.load('module-remap-source', `source_name=${name}-mic`, `master=${MOUTH[name]}.monitor`);
    }
    await start('ann', 'new');
    const { link } = await of('ann').api.call('joinLink');
    await Promise.all([start('bo', link), start('kim', link)]);
    for (const { api } of people.values())
      await eventually(
        async () =>
          (await api.call('people')).filter(({ presence }) => presence === 'available').length === 2,
        'everybody sees everybody',
      );
  });
  after(async () => {
    await Promise.all([...people.values()].map((one) => one.stop()));
    await pulse?.stop();
  });

  const has = (name: Name, passes: (calls: readonly CallStatus[]) => boolean, what: string) =>
    eventually(async () => passes((await of(name).api.call('status')).calls), `${name}: ${what}`);
  const control = (name: Name, action: Action, id?: string) =>
    of(name).api.call('controlCall', { action, ...(id !== undefined && { id }) });
  const talksWith = (name: Name, ...others: readonly Name[]) => {
    const isWith = (calls: readonly CallStatus[]) =>
      calls
        .flatMap((call) => (call.state === 'active' && !call.isHeld ? call.name : []))
        .sort()
        .join() === [...others].sort().join();
    return has(name, isWith, `talks with ${others.join(', ') || 'nobody'}`);
  };
  const rings = (name: Name) =>
    has(
      name,
      (calls) => calls.some(({ direction, state }) => direction === 'in' && state !== 'active'),
      'it rings',
    );
  /** Calls, and is answered. */
  const call = async (from: Name, to: Name, into?: string): Promise<string> => {
    const { id } = await of(from).api.call('startCall', {
      ...{ dial: EXTENSION[to], ...(into !== undefined && { into }) },
    });
    await rings(to);
    await control(to, 'answer');
    return id;
  };

  /** What all ears hear while these speak, until those who hear somebody are silent again. */
  const speak = async (
    speakers: readonly Name[],
    hearers: readonly Name[],
  ): Promise<Record<Name, Int16Array>> => {
    const ears = await Promise.all(NAMES.map((name) => pulse.record(`${name}-ear.monitor`)));
    await Promise.all(speakers.map((name) => pulse.play(join(dir, `${name}.wav`), MOUTH[name]).done));
    await Promise.all(hearers.map((name) => ears[NAMES.indexOf(name)]!.endsInSilence(500)));
    const [ann, bo, kim] = await Promise.all(ears.map((ear) => ear.stop()));
    return { ann: ann!, bo: bo!, kim: kim! };
  };
  const assertSilent = (heard: Int16Array, what: string) =>
    assert.ok(levelDb(heard) < SILENT_DB, `${what}: ${levelDb(heard)} dB`);
  /** Each of these hears each other one of these, and nothing of themselves. */
  const assertHears = (heard: Record<Name, Int16Array>, ...talking: readonly Name[]) => {
    const isMix = talking.length > 2;
    const shares = talking.flatMap((ear) =>
      talking.map((voice) => ({
        ear,
        voice,
        share: notesHeard(VOICES[voice], heard[ear], isMix ? IN_A_MIX : undefined),
      })),
    );
    for (const { ear, voice, share } of shares)
      assert.ok(ear === voice ? share < NOT_HEARD : share > HEARD, JSON.stringify(shares));
  };

  it('carries both voices at once to both ears, and none back to who speaks', async () => {
    await call('ann', 'bo');
    await Promise.all([talksWith('ann', 'bo'), talksWith('bo', 'ann')]);
    await speak(['ann', 'bo'], ['ann', 'bo']);
    assertHears(await speak(['ann', 'bo'], ['ann', 'bo']), 'ann', 'bo');
  });

  it('is silent at the other ear while one side is muted, and at both while one holds it', async () => {
    await control('ann', 'mute');
    const muted = await speak(['ann', 'bo'], ['ann']);
    assertSilent(muted.bo, 'Bo hears nothing of Ann, who is muted');
    assert.ok(notesHeard(VOICES.bo, muted.ann) > HEARD, 'while she hears him');
    await control('ann', 'unmute');
    await control('ann', 'hold');
    await has('bo', (calls) => calls.some(({ isHeldByThem }) => isHeldByThem), 'is held');
    const held = await speak(['ann', 'bo'], []);
    assertSilent(held.ann, 'Ann holds the call');
    assertSilent(held.bo, 'Bo is held');
    await control('ann', 'resume');
    await has('bo', (calls) => calls.some(({ isHeldByThem }) => !isHeldByThem), 'is held no more');
  });

  it('keeps what is said by the talk key out of the call: it is a message, which waits', async () => {
    await of('ann').api.call('talkPress', { dial: '102' });
    const { ann: atAnn, bo: atBo } = await speak(['ann', 'bo'], ['ann']);
    await of('ann').api.call('talkRelease');
    assertSilent(beside(waitingTone(), atBo), 'Bo hears in the call only that something waits');
    assert.ok(notesHeard(VOICES.bo, atAnn) > HEARD, 'while Ann hears him all the same');
    const ear = await pulse.record('bo-ear.monitor');
    await control('ann', 'hang-up');
    await eventually(
      async () => (await of('bo').api.call('messages')).some(({ heard }) => heard),
      'after the call Bo hears it',
    );
    assert.ok(notesHeard(VOICES.ann, await ear.stop()) > HEARD, 'and hears it whole');
  });

  it('is recorded with both voices, and a tone says so at both ears', async () => {
    await of('ann').api.call('setSettings', { recordingsFolder: join(dir, 'recordings') });
    await call('ann', 'bo');
    await Promise.all([talksWith('ann', 'bo'), talksWith('bo', 'ann')]);
    const ears = [await pulse.record('ann-ear.monitor'), await pulse.record('bo-ear.monitor')] as const;
    await control('ann', 'record');
    await has('bo', (calls) => calls.some(({ isRecordedByThem }) => isRecordedByThem), 'is told');
    await has('ann', (calls) => calls.some(({ recording }) => recording === 'on'), 'knows it');
    await speak(['ann', 'bo'], ['ann', 'bo']);
    await control('ann', 'stop-recording');
    const over = async () => (await of('ann').api.call('status')).recording;
    await eventually(async () => (await over())?.isOver === true, 'it is over');
    for (const ear of ears) assert.ok(correlate(recordedTone(), await ear.stop()).peak > CERTAIN, 'the tone');
    const recorded = await playOgg(readFileSync((await over())!.file!));
    for (const name of ['ann', 'bo'] as const)
      assert.ok(notesHeard(VOICES[name], recorded, IN_A_MIX) > HEARD, 'both voices');
    await control('ann', 'hang-up');
    await talksWith('bo');
  });

  it('that answers itself is heard by a tone first', async () => {
    const anns = (await of('bo').api.call('people')).find(({ extension }) => extension === '101')!;
    await of('bo').api.call('setAutoAnswer', { person: anns.id, isOn: true });
    const ear = await pulse.record('bo-ear.monitor');
    await of('ann').api.call('startCall', { dial: '102' });
    const isAnswered = (calls: readonly CallStatus[]) =>
      calls.some(({ state, isAutomatic }) => state === 'active' && isAutomatic);
    await has('ann', isAnswered, 'nobody answered');
    assert.ok(correlate(answerTone(), await ear.stop()).peak > CERTAIN, 'Bo hears the tone');
    const { bo: atBo } = await speak(['ann', 'bo'], ['ann', 'bo']);
    assert.ok(notesHeard(VOICES.ann, atBo) > HEARD);
    await control('ann', 'hang-up');
    await of('bo').api.call('setAutoAnswer', { person: anns.id, isOn: false });
    await talksWith('bo');
  });

  it('of three is heard by each: both others, and nothing of oneself', async () => {
    const id = await call('ann', 'bo');
    await talksWith('ann', 'bo');
    await call('ann', 'kim', id);
    await Promise.all([
      talksWith('ann', 'bo', 'kim'),
      talksWith('bo', 'ann', 'kim'),
      talksWith('kim', 'ann', 'bo'),
    ]);
    await speak(NAMES, NAMES);
    assertHears(await speak(NAMES, NAMES), ...NAMES);
    await control('kim', 'hang-up');
    await Promise.all([talksWith('ann', 'bo'), talksWith('bo', 'ann'), talksWith('kim')]);
  });

  it('that comes during another one waits; who takes it hears that one alone, and can put it through to the other', async () => {
    const { id } = await of('kim').api.call('startCall', { dial: '101' });
    await has('kim', (calls) => calls.some(({ state }) => state === 'waiting'), 'sees that Ann is in a call');
    await control('ann', 'answer', id);
    await Promise.all([talksWith('ann', 'kim'), talksWith('kim', 'ann')]);
    await has('bo', (calls) => calls.some(({ isHeldByThem }) => isHeldByThem), 'is held');
    const second = await speak(NAMES, ['ann', 'kim']);
    assertHears(second, 'ann', 'kim');
    assertSilent(second.bo, 'Bo is held');
    assert.ok(notesHeard(VOICES.bo, second.ann) < NOT_HEARD, 'and is not heard');

    await of('ann').api.call('transferCall', { id, dial: '102' });
    await Promise.all([talksWith('bo', 'kim'), talksWith('kim', 'bo'), talksWith('ann')]);
    const through = await speak(NAMES, ['bo', 'kim']);
    assertHears(through, 'bo', 'kim');
    assertSilent(through.ann, 'Ann is out of it');
    for (const name of ['bo', 'kim'] as const)
      assert.ok(notesHeard(VOICES.ann, through[name]) < NOT_HEARD, `${name} hears nothing of Ann`);
    await control('bo', 'hang-up');
    await talksWith('kim');
  });
});
