import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { canMerge, mergeFrames, shortenFrame } from './merge-frames.ts';

const tone = (hz: number, from = 0) =>
  Int16Array.from({ length: 480 }, (_, i) => 12_000 * Math.sin((2 * Math.PI * hz * (from + i)) / 48_000));
const noise = (seed: number) => {
  const random = seededRandom(seed);
  return Int16Array.from({ length: 480 }, () => (random() - 0.5) * 20_000);
};

describe('giving up delay where it is not heard', () => {
  it('merges frames that are alike or nearly silent, and no others', () => {
    assert.ok(canMerge(tone(200), tone(200, 480)));
    assert.ok(!canMerge(tone(150), tone(150, 480)));
    assert.ok(!canMerge(noise(1), noise(2)));
    assert.ok(
      canMerge(
        new Int16Array(480),
        Int16Array.from(noise(1), (value) => value / 400),
      ),
    );
  });

  it('fades from the first frame to the second', () => {
    const first = new Int16Array(480).fill(1000);
    mergeFrames(first, new Int16Array(480).fill(2000));
    assert.ok(first[0]! < 1005 && first[479]! > 1995);
    assert.ok(first.every((value, i) => i === 0 || value >= first[i - 1]!));
  });

  it('takes whole periods out of a frame: the tone goes on', () => {
    const frame = tone(250);
    const cut = shortenFrame(frame, 312);
    assert.equal(cut, 192);
    const expected = tone(250);
    for (let i = 0; i < 480 - cut; i++) assert.ok(Math.abs(frame[i]! - expected[i]!) < 300, `sample ${i}`);
    assert.equal(shortenFrame(noise(3), 480), 0);
    assert.equal(shortenFrame(tone(250), 100), 0);
    assert.equal(shortenFrame(new Int16Array(480), 240), 240);
  });
});
