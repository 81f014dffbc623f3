import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { besides, HEARD_SOFTLY, spokenBy, VoiceHeard, type Voice } from './rising-voice.ts';

const SAID_MS = 3_000;
const SAMPLES_PER_MS = 48;

/** These after each other. */
const joined = (...parts: readonly Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));
const mixed = (one: Int16Array, other: Int16Array, at = 0) =>
  one.map((sample, n) => sample + (other[n - at * SAMPLES_PER_MS] ?? 0));
const softer = (samples: Int16Array, factor: number) => samples.map((sample) => sample * factor);
const without = (samples: Int16Array, fromMs: number, toMs: number) =>
  joined(samples.subarray(0, fromMs * SAMPLES_PER_MS), samples.subarray(toMs * SAMPLES_PER_MS));
const silence = (ms: number) => new Int16Array(ms * SAMPLES_PER_MS);

describe('a rising voice', () => {
  it('is heard whole, and no other one is', () => {
    for (const voice of [0, 1, 2] as const) {
      const recording = joined(silence(210), spokenBy(voice, SAID_MS), silence(400));
      for (const other of [0, 1, 2] as const) {
        const heard = new VoiceHeard(other, recording);
        assert.equal(heard.share(SAID_MS), other === voice ? 1 : 0);
        assert.equal(heard.ms > 0, other === voice);
      }
      const { span } = new VoiceHeard(voice, recording);
      assert.ok(span && Math.abs(span.from - 210) <= 50 && Math.abs(span.to - 3210) <= 50);
    }
  });

  it('is heard whole beside another one, from which it is told, also where it is softer', () => {
    const both = mixed(softer(spokenBy(1, SAID_MS), 0.2), spokenBy(0, SAID_MS));
    assert.equal(new VoiceHeard(0, both).share(SAID_MS), 1);
    assert.equal(new VoiceHeard(1, both).share(SAID_MS, HEARD_SOFTLY), 1);
    assert.equal(new VoiceHeard(1, both).ms, 0, 'it is not as loud as it was spoken');
  });

  it('lacks what is cut out, and what sounds at another place', () => {
    const spoken = spokenBy(2, SAID_MS);
    const share = (recording: Int16Array) => new VoiceHeard(2, recording).share(SAID_MS);
    assert.equal(share(without(spoken, 1000, 1250)), 11 / 12);
    assert.equal(share(without(spoken, 0, 1500)), 6 / 12);
    assert.ok(
      share(joined(spoken.subarray(1100 * SAMPLES_PER_MS), spoken.subarray(0, 1100 * SAMPLES_PER_MS))) < 1,
    );
    assert.equal(share(silence(SAID_MS)), 0);
  });

  it('says how much softer it is beside another one', () => {
    const under = (voice: Voice) => spokenBy(voice, SAID_MS);
    const second = 1000 * SAMPLES_PER_MS;
    const ducked = joined(
      under(1).subarray(0, second),
      softer(under(1).subarray(second, 2 * second), 0.2),
      under(1).subarray(2 * second),
    );
    const recording = mixed(ducked, spokenBy(0, 1000), 1000);
    const { before, beside, after } = besides(new VoiceHeard(1, recording), new VoiceHeard(0, recording));
    assert.ok(before > 0.8 && after > 0.8 && beside > 0.1 && beside < 0.3, `${before} ${beside} ${after}`);
  });
});
