import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { softerDb, voiceAt } from './two-pitches.ts';

const LOW = voiceAt('low', 5);
const HIGH = voiceAt('high', 5);
const DELAY_SAMPLES = 9_000;

const beside = (voice: Int16Array, other: Int16Array, otherDb: number): Int16Array =>
  voice.map((sample, n) => sample + (other[n - DELAY_SAMPLES] ?? 0) * 10 ** (otherDb / 20));

describe('two voices of different pitch', () => {
  it('leave next to nothing of the other in a recording of one', () => {
    for (const db of [softerDb('low', LOW, HIGH), softerDb('high', HIGH, LOW)])
      assert.ok(db >= 25, `${db} dB`);
  });

  for (const softer of [0, 10, 20])
    it(`are each as loud as they are where one is ${softer} dB softer and later`, () => {
      const both = beside(HIGH, LOW, -softer);
      const [low, high] = [softerDb('low', LOW, both), softerDb('high', HIGH, both)];
      assert.ok(Math.abs(low - softer) < 2 && Math.abs(high) < 1, JSON.stringify({ low, high }));
    });

  it('are as loud as they are where a busy machine leaves gaps', () => {
    const gaps = HIGH.map((sample, n) => (n % 30_000 < 6_000 ? 0 : sample));
    assert.ok(softerDb('high', HIGH, gaps) < 3);
  });
});
