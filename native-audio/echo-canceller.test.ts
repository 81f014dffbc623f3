import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { correlate } from '../test/support/correlate.ts';
import { levelDb } from '../test/support/level.ts';
import { syntheticVoice } from '../test/support/synthetic-voice.ts';
import { EchoCanceller } from './echo-canceller.ts';
import { FRAME_SAMPLES } from './frame.ts';

const SECONDS = 6;
const SECOND = 48_000;
/** The loudspeaker gets frames in six parts while something sounds (`output-parts`). */
const PART_SAMPLES = FRAME_SAMPLES / 6;

const THEIRS = syntheticVoice(1, SECONDS);
const OWN = syntheticVoice(2, SECONDS);

/** What reaches a microphone that far from the loudspeaker, in sound and in buffers. */
function echoOf(played: Int16Array, delayMs: number, gainDb: number): Int16Array {
  const gain = 10 ** (gainDb / 20);
  return played.map((_, n) => Math.round((played[n - delayMs * 48] ?? 0) * gain));
}

function together(one: Int16Array, other: Int16Array): Int16Array {
  return one.map((sample, n) => Math.max(-32_768, Math.min(32_767, sample + other[n]!)));
}

/** The whole of a call at one computer: what it plays, what it hears, and what it sends. */
async function sent(played: Int16Array, heard: Int16Array): Promise<Int16Array> {
  const canceller = await EchoCanceller.create();
  const out = new Int16Array(heard.length);
  for (let at = 0; at + FRAME_SAMPLES <= heard.length; at += FRAME_SAMPLES) {
    for (let part = at; part < at + FRAME_SAMPLES; part += PART_SAMPLES)
      canceller.played(played.subarray(part, part + PART_SAMPLES));
    out.set(canceller.process(heard.subarray(at, at + FRAME_SAMPLES)), at);
  }
  return out;
}

/** What is left of it once the canceller knows the room. */
const settled = (samples: Int16Array) => samples.subarray(2 * SECOND);

describe('the echo canceller', () => {
  for (const [delayMs, gainDb] of [
    [5, -10],
    [60, -20],
    [60, -10],
    [60, -3],
    [250, -10],
  ] as const)
    it(`takes out an echo that is ${-gainDb} dB softer and comes ${delayMs} ms later`, async () => {
      const echo = echoOf(THEIRS, delayMs, gainDb);
      const left = await sent(THEIRS, echo);
      const lossDb = levelDb(settled(echo)) - levelDb(settled(left));
      assert.ok(lossDb >= 30, `${lossDb.toFixed(1)} dB of it are gone`);
    });

  it('leaves both voices where both speak at once', async () => {
    const left = await sent(THEIRS, together(OWN, echoOf(THEIRS, 60, -10)));
    const own = correlate(settled(OWN), settled(left)).peak;
    const theirs = correlate(settled(THEIRS), settled(left)).peak;
    assert.ok(own > 0.8 && theirs < 0.2, JSON.stringify({ own, theirs }));
  });

  it('leaves a voice as it is where the loudspeaker is silent, and delays it by 9 ms', async () => {
    const left = await sent(new Int16Array(OWN.length), OWN);
    const { peak, lagMs } = correlate(settled(OWN), settled(left));
    assert.ok(peak > 0.9, `correlation ${peak}`);
    assert.ok(lagMs > 8 && lagMs < 10, `${lagMs} ms later`);
    assert.ok(Math.abs(levelDb(settled(left)) - levelDb(settled(OWN))) < 2, 'as loud as before');
  });

  it('goes on where the loudspeaker is ahead, late, or gives nothing for a while', async () => {
    const canceller = await EchoCanceller.create();
    const quiet = new Int16Array(FRAME_SAMPLES);
    for (let n = 0; n < 300; n++) canceller.played(quiet);
    for (let n = 0; n < 300; n++) assert.equal(canceller.process(quiet).length, FRAME_SAMPLES);
  });

  it('leaves what nobody caught to the thread that it runs in', async () => {
    const listeners = () => [
      ...process.rawListeners('uncaughtException'),
      ...process.rawListeners('unhandledRejection'),
    ];
    const before = listeners();
    await EchoCanceller.create();
    assert.deepEqual(listeners(), before);
  });
});
