import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_PEAKS, peaksOf } from './peaks.ts';

const power = (decibel: number) => 10 ** (decibel / 10);

describe('the peaks of a waveform', () => {
  it('are at most 200 whole numbers from 0 to 255, however long the message', () => {
    for (const frames of [0, 1, 7, 199, 200, 201, 60_000]) {
      const peaks = peaksOf(Array.from({ length: frames }, (_, n) => power(-40 + (n % 38))));
      assert.equal(peaks.length, Math.min(frames, MAX_PEAKS));
      assert.ok(peaks.every((peak) => Number.isInteger(peak) && peak >= 0 && peak <= 255));
    }
  });

  it('are 0 in silence, and low for mere noise', () => {
    assert.ok(peaksOf(new Float32Array(500)).every((peak) => peak === 0));
    assert.ok(peaksOf(Array<number>(500).fill(power(-50))).every((peak) => peak > 0 && peak < 100));
  });

  it('let speech of any usual loudness fill the height', () => {
    for (const loud of [-30, -20, -14]) {
      const peaks = peaksOf(Array.from({ length: 400 }, (_, n) => power(n % 8 < 4 ? loud : loud - 12)));
      assert.ok(Math.max(...peaks) >= 245, `${loud} dB: ${Math.max(...peaks)}`);
      const low = Math.min(...peaks);
      assert.ok(low > 80 && low < 150, `12 dB less: ${low}`);
    }
  });

  it('are high where the message is loud', () => {
    const peaks = peaksOf(Array.from({ length: 1000 }, (_, n) => (n < 500 ? 0 : power(-20))));
    assert.equal(Math.max(...peaks.slice(0, 100)), 0);
    assert.ok(Math.min(...peaks.slice(100)) > 240);
  });
});
