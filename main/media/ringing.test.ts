import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerTone, Mixer, peakOf } from '../../native-audio/index.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import { Ringing } from './ringing.ts';

function ground() {
  const mixer = new Mixer(() => undefined);
  const tones: string[] = [];
  const ringing = new Ringing({
    addVoice: (voice) => mixer.add(voice),
    removeVoice: (voice) => mixer.remove(voice),
    tone: (name) => void tones.push(name),
  });
  const frame = new Int16Array(FRAME_SAMPLES);
  /** Frames that sound, until nothing does. */
  const sounds = (most = 1000): number => {
    for (let frames = 0; frames < most; frames++) if (!mixer.fill(frame)) return frames;
    return most;
  };
  const listen = (ms: number): Int16Array => {
    const heard = new Int16Array(ms * 48);
    for (let at = 0; at < heard.length; at += frame.length) {
      mixer.fill(frame);
      heard.set(frame.subarray(0, Math.min(frame.length, heard.length - at)), at);
    }
    return heard;
  };
  return { ringing, sounds, listen, tones };
}

test('the tone before an automatic answer says when all of it has sounded, and only then', () => {
  const { ringing, sounds } = ground();
  let told = 0;
  ringing.announce(() => (told += 1));
  const frames = Math.ceil(answerTone().length / FRAME_SAMPLES);
  assert.equal(sounds(frames), frames);
  assert.deepEqual([told, ringing.isOn], [0, true]);
  assert.equal(sounds(), 0);
  assert.deepEqual([told, ringing.isOn], [1, false]);
});

test('it goes on where a ring beside it ends, and ends with all of it', () => {
  const { ringing, sounds } = ground();
  let told = 0;
  ringing.announce(() => (told += 1));
  ringing.set('ring');
  assert.equal(sounds(500), 500, 'a ring does not end by itself');
  assert.equal(told, 1);
  ringing.set(null);
  ringing.announce(() => (told += 1));
  ringing.close();
  assert.deepEqual([sounds(), told, ringing.isOn], [0, 1, false]);
});

test('that a call is recorded is heard clearly at once, then softly every quarter of a minute, until it is over', () => {
  const { ringing, listen, sounds } = ground();
  ringing.recording(true);
  const heard = listen(31_000);
  const loud = (fromMs: number, toMs: number): number => peakOf(heard.subarray(fromMs * 48, toMs * 48));
  assert.ok(loud(0, 500) > 0.2);
  assert.ok(loud(15_000, 15_500) > 0.02 && loud(15_000, 15_500) < 0.1, 'softly');
  assert.ok(loud(30_000, 30_500) > 0.02);
  assert.deepEqual([loud(600, 14_900), loud(15_600, 29_900)], [0, 0]);
  ringing.recording(true);
  assert.ok(peakOf(listen(500)) > 0.2, 'another recording begins');
  ringing.recording(false);
  assert.equal(sounds(), 0);
});

test('where the screen flashes instead, the ring of a call that comes is silent, and nothing else', () => {
  const { ringing, sounds, listen } = ground();
  ringing.set('ring');
  ringing.alerts = false;
  assert.deepEqual([sounds(), ringing.isOn], [0, false], 'also a ring that sounds already');
  ringing.set('waiting');
  assert.equal(sounds(), 0);
  ringing.set('ringback');
  assert.equal(sounds(100), 100, 'the ring at the other side is heard');
  ringing.set(null);
  ringing.recording(true);
  assert.ok(peakOf(listen(500)) > 0.2, 'a recording is said');
  ringing.recording(false);
  ringing.announce(() => undefined);
  assert.ok(sounds() > 0, 'an open microphone is said');
  ringing.set('ring');
  ringing.alerts = true;
  assert.equal(sounds(100), 100, 'a call that still rings is heard again');
});

test('that somebody waits is toned once, and not where light calls instead', () => {
  const { ringing, tones } = ground();
  ringing.execute({ type: 'waiting-tone' });
  assert.deepEqual(tones, ['waiting']);
  ringing.alerts = false;
  ringing.execute({ type: 'waiting-tone' });
  assert.deepEqual(tones, ['waiting']);
});
