import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAMPLE_RATE_HZ } from './frame.ts';
import { Limiter } from './limiter.ts';
import { Mixer, type Voice } from './mixer.ts';

const tone = (hz: number, amplitude: number, length = SAMPLE_RATE_HZ / 2): Int32Array =>
  Int32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE_HZ));
const limited = (sums: Int32Array, limiter = new Limiter()): Int16Array => {
  const out = new Int16Array(sums.length);
  for (let at = 0; at < sums.length; at += 480)
    limiter.fill(out.subarray(at, at + 480), sums.subarray(at, at + 480));
  return out;
};
const largest = (samples: ArrayLike<number>): number => Math.max(...Array.from(samples, Math.abs));

/** The part of a tone’s power that is in none of its harmonics’ base: what cutting it off adds. */
function distortion(samples: Int16Array, hz: number): number {
  let [re, im, power] = [0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    const phase = (2 * Math.PI * hz * i) / SAMPLE_RATE_HZ;
    re += samples[i]! * Math.cos(phase);
    im += samples[i]! * Math.sin(phase);
    power += samples[i]! ** 2;
  }
  return 1 - (2 * (re ** 2 + im ** 2)) / samples.length / power;
}

describe('the limiter', () => {
  it('passes what is below full scale unchanged', () => {
    const sums = tone(440, 32_000);
    assert.deepEqual([...limited(sums)], [...sums]);
  });

  it('brings five loud voices below full scale, and their sound stays what it was', () => {
    const sums = tone(440, 100_000);
    const out = limited(sums);
    assert.ok(largest(out) <= 32_767);
    const settled = out.subarray(SAMPLE_RATE_HZ / 4);
    const cut = Int16Array.from(sums, (value) => Math.max(-32_768, Math.min(32_767, value)));
    assert.ok(distortion(settled, 440) < 0.001, `${distortion(settled, 440)}`);
    assert.ok(distortion(cut.subarray(SAMPLE_RATE_HZ / 4), 440) > 0.05, 'cut off, it would be harsh');
  });

  it('is as loud as before a second after the others have ended', () => {
    const limiter = new Limiter();
    limited(tone(440, 100_000), limiter);
    const after = limited(tone(440, 20_000, SAMPLE_RATE_HZ), limiter);
    assert.ok(largest(after.subarray(-4800)) > 19_900);
  });
});

it('the mixer limits what its voices make together', () => {
  const loud = (hz: number): Voice => {
    let at = 0;
    return {
      pull: (out) => {
        for (let i = 0; i < out.length; i++, at++)
          out[i] = 30_000 * Math.sin((2 * Math.PI * hz * at) / SAMPLE_RATE_HZ);
        return true;
      },
    };
  };
  const mixer = new Mixer(() => undefined);
  for (const hz of [300, 300, 300]) mixer.add(loud(hz));
  const out = new Int16Array(SAMPLE_RATE_HZ / 2);
  for (let at = 0; at < out.length; at += 480) mixer.fill(out.subarray(at, at + 480));
  assert.ok(distortion(out.subarray(SAMPLE_RATE_HZ / 4), 300) < 0.001);
});
