import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { likeness } from './demo-likeness.ts';

/** Noise shaped like syllables: seeded, so that it is the same every time. */
function speech(seconds: number, rateHz: number, seed: number): Int16Array {
  const samples = new Int16Array(seconds * rateHz);
  const random = seededRandom(seed);
  let heard = 0;
  let low = 0;
  for (let i = 0; i < samples.length; i++) {
    if (i % Math.round(rateHz / 4000) === 0) heard = random() - 0.5;
    low += (heard - low) * (2000 / rateHz);
    samples[i] = low * 20_000 * (1 + Math.sin((i / rateHz) * 20));
  }
  return samples;
}

function wav(samples: Int16Array, rateHz: number): Buffer {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rateHz, 24);
  bytes.writeUInt32LE(rateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(0xffffffff, 40);
  samples.forEach((sample, i) => bytes.writeInt16LE(sample, 44 + i * 2));
  return bytes;
}

describe('likeness of speech', () => {
  const spoken = speech(3, 24_000, 1);

  it('finds speech in a longer recording, quieter and at another rate', () => {
    const later = new Int16Array(6 * 48_000);
    for (let i = 0; i < spoken.length * 2; i++) later[i + 70_001] = (spoken[i >> 1] ?? 0) / 3;
    assert.ok(likeness(wav(spoken, 24_000), wav(later, 48_000)) > 0.95);
  });

  it('does not take other speech, a part of it, or silence for it', () => {
    assert.ok(likeness(wav(spoken, 24_000), wav(speech(3, 24_000, 99), 24_000)) < 0.5);
    const mostlyLost = Int16Array.from(spoken, (sample, i) => (i < 24_000 ? sample : 0));
    assert.ok(likeness(wav(spoken, 24_000), wav(mostlyLost, 24_000)) < 0.5);
    assert.equal(likeness(wav(spoken, 24_000), wav(new Int16Array(48_000), 24_000)), 0);
    assert.equal(likeness(wav(spoken, 24_000), Buffer.from('no sound at all')), 0);
  });
});
