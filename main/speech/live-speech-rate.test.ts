import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { Gate } from './gate.ts';
import { LiveSpeechRate } from './live-speech-rate.ts';
import { toSpeechRate } from './sixteen-kilohertz.ts';
import { WaitingSpeech } from './waiting-speech.ts';

test('parts of any length give what the whole gives, but for the last 4 ms', async () => {
  const random = seededRandom(5);
  const whole = Int16Array.from({ length: 48_000 }, (_, i) => 9000 * Math.sin(i / 11) + 900 * random());
  const expected = await toSpeechRate(whole, new Gate(), new AbortController().signal);
  const rate = new LiveSpeechRate();
  const got: number[] = [];
  for (let at = 0; at < whole.length;) {
    const length = Math.floor(random() * 1500);
    got.push(...rate.put(whole.subarray(at, at + length)));
    at += length;
  }
  assert.ok(got.length >= expected.length - 65, `${got.length}`);
  got.forEach((sample, i) =>
    assert.ok(Math.abs(sample - expected[i]!) <= 1, `${i}: ${sample} ${expected[i]}`),
  );
});

test('of speech that nobody takes, the last five seconds wait', () => {
  const waiting = new WaitingSpeech();
  for (let n = 0; n < 1000; n++) waiting.put(new Int16Array(1600).fill(n));
  const all = waiting.take();
  assert.deepEqual([all.length, all[0], all.at(-1)], [80_000, 950, 999]);
  assert.ok(waiting.isEmpty);
  assert.equal(waiting.take().length, 0);
});
