import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correlate } from '../test/support/correlate.ts';
import { through } from '../test/support/frames.ts';
import { levelDb } from '../test/support/level.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { syntheticVoice } from '../test/support/synthetic-voice.ts';
import { NoiseSuppressor } from './noise-suppressor.ts';

const SECOND = 48_000;

/** A fan: noise without high tones. */
function fan(seconds: number): Int16Array {
  const random = seededRandom(5);
  let value = 0;
  return Int16Array.from({ length: seconds * SECOND }, () => (value += (random() - 0.5) * 900 - value * 0.1));
}

describe('the noise suppressor', () => {
  it('takes out the noise of a fan', async () => {
    const noise = fan(6);
    const left = through(await NoiseSuppressor.create(), noise);
    const goneDb = levelDb(noise.subarray(2 * SECOND)) - levelDb(left.subarray(2 * SECOND));
    assert.ok(goneDb > 12, `${goneDb} dB of ${levelDb(noise)} dB are gone`);
  });

  it('leaves a voice, and delays it by 20 ms', async () => {
    const voice = syntheticVoice(4, 6);
    const { peak, lagMs } = correlate(voice, through(await NoiseSuppressor.create(), voice));
    assert.ok(peak > 0.9, `correlation ${peak}`);
    assert.ok(lagMs > 19 && lagMs < 21, `${lagMs} ms later`);
  });
});
