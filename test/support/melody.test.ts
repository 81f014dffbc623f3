import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TimeStretcher } from '../../native-audio/time-stretch.ts';
import { IN_A_MIX, melody, notesHeard } from './melody.ts';

const FRAME_SAMPLES = 480;
const SECONDS = 3;
const ANN = melody(1, SECONDS);
const BO = melody(2, SECONDS);

/** As a jitter buffer plays it where it catches up. */
function faster(samples: Int16Array, speed: number): Int16Array {
  const stretcher = new TimeStretcher();
  stretcher.speed = speed;
  const out: number[] = [];
  const frame = new Int16Array(FRAME_SAMPLES);
  let at = 0;
  const source = (next: Int16Array): boolean => {
    if (at + next.length > samples.length) return false;
    next.set(samples.subarray(at, (at += next.length)));
    return true;
  };
  while (stretcher.pull(frame, source)) out.push(...frame);
  return Int16Array.from(out);
}

describe('the notes of a melody', () => {
  it('are all heard where they are played as they are', () => assert.equal(notesHeard(ANN, ANN.samples), 1));

  for (const speed of [0.9, 1.1, 1.2])
    it(`are heard at ${speed} times the speed`, () => {
      const played = faster(ANN.samples, speed);
      assert.ok(notesHeard(ANN, played) > 0.9, `${notesHeard(ANN, played)}`);
    });

  it('are heard in a mix of three, and a fourth voice is not', () => {
    const [kim, absent] = [melody(3, SECONDS), melody(4, SECONDS)];
    const mix = ANN.samples.map((sample, n) => (sample + BO.samples[n]! + kim.samples[n]!) / 3);
    for (const voice of [ANN, BO, kim])
      assert.ok(notesHeard(voice, mix, IN_A_MIX) > 0.8, `${notesHeard(voice, mix, IN_A_MIX)}`);
    assert.equal(notesHeard(absent, mix, IN_A_MIX), 0);
  });

  it('are not heard in another melody, in silence, and in what was cut off', () => {
    assert.equal(notesHeard(ANN, BO.samples), 0);
    assert.equal(notesHeard(ANN, new Int16Array(48_000)), 0);
    const half = notesHeard(ANN, ANN.samples.subarray(ANN.samples.length / 2));
    assert.ok(half > 0.4 && half < 0.65, `${half}`);
  });
});
