import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_SAMPLES } from '../model/index.ts';
import { SilenceWatch } from './silence-watch.ts';

const frame = (sample: number) => new Int16Array(FRAME_SAMPLES).fill(sample);

/** What is noticed at which of these frames. */
function noticed(...samples: readonly number[]): readonly (readonly [number, boolean])[] {
  const watch = new SilenceWatch();
  return samples.flatMap((sample, at) => {
    const news = watch.put(frame(sample));
    return news === undefined ? [] : [[at, news] as const];
  });
}

test('a microphone that gives zeros is noticed once, after two seconds; its first sound takes that back', () => {
  assert.deepEqual(noticed(...Array<number>(450).fill(0), 900, ...Array<number>(250).fill(3)), [
    [199, true],
    [450, false],
    [650, true],
  ]);
});

test('the noise of a quiet room is no silence, nor is a pause between words', () => {
  assert.deepEqual(noticed(...Array<number>(1000).fill(-5)), []);
  assert.deepEqual(noticed(900, ...Array<number>(199).fill(0), 900, ...Array<number>(199).fill(0)), []);
});
