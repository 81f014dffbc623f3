import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correlate, peakLevel } from '../test/support/correlate.ts';
import { through } from '../test/support/frames.ts';
import { levelDb } from '../test/support/level.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { syntheticVoice } from '../test/support/synthetic-voice.ts';
import { AutomaticGain } from './automatic-gain.ts';

const SECOND = 48_000;
const VOICE = syntheticVoice(3, 10);
/** Within this much of each other two voices are equally loud to a listener. */
const ALIKE_DB = 3;
const CEILING = 10 ** (-1 / 20);

function atLevel(samples: Int16Array, wantedDb: number): Int16Array {
  const gain = 10 ** ((wantedDb - levelDb(samples)) / 20);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}

function noise(seconds: number, wantedDb: number): Int16Array {
  const random = seededRandom(7);
  return atLevel(
    Int16Array.from({ length: seconds * SECOND }, () => 8000 * (random() - 0.5)),
    wantedDb,
  );
}

const settled = (samples: Int16Array) => samples.subarray(5 * SECOND);

describe('the automatic gain', () => {
  it('makes voices of any loudness equally loud within five seconds', () => {
    const levels = [-14, -20, -26, -32, -38].map((wantedDb) =>
      levelDb(settled(through(new AutomaticGain(), atLevel(VOICE, wantedDb)))),
    );
    assert.ok(Math.max(...levels) - Math.min(...levels) < ALIKE_DB, levels.join(' '));
  });

  it('leaves an ordinary voice nearly as loud as it is, and the same voice', () => {
    const voice = atLevel(VOICE, -25);
    const out = through(new AutomaticGain(), voice);
    assert.ok(Math.abs(levelDb(out) - levelDb(voice)) < ALIKE_DB, `${levelDb(out)} dB`);
    const { peak, lagMs } = correlate(voice, out);
    assert.ok(peak > 0.98 && lagMs === 0, `${peak}, ${lagMs} ms later`);
  });

  it('makes no noise louder that nobody speaks in', () => {
    for (const wantedDb of [-70, -58, -50, -40]) {
      const gain = new AutomaticGain();
      const before = noise(20, wantedDb);
      const after = through(gain, before);
      const louderDb = levelDb(after.subarray(15 * SECOND)) - levelDb(before);
      assert.ok(louderDb < 1, `noise of ${wantedDb} dB: ${louderDb} dB louder`);
    }
  });

  it('makes the noise behind a soft voice no louder than -50 dB', () => {
    const gain = new AutomaticGain();
    const background = noise(10, -56);
    const voice = atLevel(VOICE, -40).map((sample, n) => sample + background[n]!);
    through(gain, voice);
    assert.ok(gain.gainDb < 8, `${gain.gainDb} dB`);
  });

  it('keeps what it learned through a pause', () => {
    const gain = new AutomaticGain();
    through(gain, atLevel(VOICE, -38));
    const learned = gain.gainDb;
    through(gain, new Int16Array(10 * SECOND));
    assert.ok(learned > 8 && Math.abs(gain.gainDb - learned) < 1, `${learned} dB, then ${gain.gainDb} dB`);
  });

  it('lets nothing clip where a whisper is followed by a shout', () => {
    const gain = new AutomaticGain();
    through(gain, atLevel(VOICE, -42));
    const shout = through(gain, atLevel(VOICE, -8));
    assert.ok(peakLevel(shout) <= CEILING + 0.001, `${peakLevel(shout)} of full scale`);
  });
});
