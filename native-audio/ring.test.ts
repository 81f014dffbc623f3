import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FRAME_MS, FRAME_SAMPLES, peakOf } from './frame.ts';
import { ringVoice, type RingName } from './ring.ts';

/** The peak of each of the first frames, the loudspeaker taking a sixth of a frame at a time. */
function peaks(name: RingName, ms: number): number[] {
  const voice = ringVoice(name);
  const part = new Int16Array(FRAME_SAMPLES / 6);
  return Array.from({ length: ms / FRAME_MS }, () =>
    Math.max(...Array.from({ length: 6 }, () => (assert.ok(voice.pull(part)), peakOf(part)))),
  );
}

describe('what a call sounds like before it is answered', () => {
  const lasts = { ring: [1000, 2000], ringback: [1000, 4000], waiting: [200, 5000] } as const;
  for (const [name, [sound, pause]] of Object.entries(lasts)) {
    it(`${name} sounds, pauses, and begins again, without an end of its own`, () => {
      const each = (sound + pause) / FRAME_MS;
      const heard = peaks(name as RingName, 2 * (sound + pause));
      const isSound = (at: number) => at % each < sound / FRAME_MS;
      assert.deepEqual(
        heard.map((peak) => peak > 0),
        heard.map((_, at) => isSound(at)),
      );
      assert.ok(heard[0]! < heard[2]!, 'it fades in');
    });
  }

  it('rings louder than the tones that go with a call', () => {
    assert.ok(Math.max(...peaks('ring', 1000)) > 2 * Math.max(...peaks('ringback', 1000)));
  });
});
