import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_SAMPLES } from '../model/index.ts';
import { CLICK_MS, FirstVoice } from './first-voice.ts';

const tone = (amplitude: number) =>
  Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => amplitude * Math.sin(i / 10));
/** A microphone in a quiet room. */
const quiet = () => tone(100);

test('a voice decides at once; all that came before is kept, in order', () => {
  const first = new FirstVoice(0);
  assert.equal(first.put(quiet()), false);
  assert.equal(first.put(tone(1000)), true);
  assert.deepEqual(first.held, [quiet(), tone(1000)]);
});

test('what lasts is no click, also without a voice', () => {
  const first = new FirstVoice(0);
  const frames = CLICK_MS / 10;
  for (let n = 1; n < frames; n += 1) assert.equal(first.put(quiet()), false);
  assert.equal(first.put(quiet()), true);
  assert.equal(first.held.length, frames);
});

test('a key that was held longer was not clicked, where the microphone gave nothing yet', () => {
  const first = new FirstVoice(1000);
  assert.deepEqual([first.isClick(1399), first.isClick(1400)], [true, false]);
});
