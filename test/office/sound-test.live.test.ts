import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { peakOf, writeWav } from '../../native-audio/index.ts';
import { Headless } from '../support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { tempFolder } from '../support/temp-folder.ts';

const RATE = 48_000;
const TONE_HZ = 700;
/** How long a test waits for what must come, ms. */
const PATIENCE_MS = 20_000;

/** How much of the sound's power is at that pitch, 0 to 1 (Goertzel). */
function shareOf(samples: Int16Array, hz: number): number {
  const step = 2 * Math.cos((2 * Math.PI * hz) / RATE);
  let [one, two, power] = [0, 0, 0];
  for (const sample of samples) {
    [one, two] = [sample + step * one - two, one];
    power += sample * sample;
  }
  return power === 0 ? 0 : (2 * (one * one + two * two - step * one * two)) / (power * samples.length);
}

/** The most that any fifth of a second holds of that pitch: a busy computer tears longer ones. */
function mostOf(samples: Int16Array, hz: number): number {
  let most = 0;
  for (let from = 0; from + RATE / 5 <= samples.length; from += RATE / 20) {
    const part = samples.subarray(from, from + RATE / 5);
    if (peakOf(part) > 0.1) most = Math.max(most, shareOf(part, hz));
  }
  return most;
}

describe('before there is an office', { skip: missingPulse() ?? false, timeout: 90_000 }, () => {
  const dir = tempFolder('sound');
  const tone = join(dir, 'tone.wav');
  let pulse: Pulse;
  let node: Headless;

  before(async () => {
    writeFileSync(
      tone,
      writeWav(
        Int16Array.from({ length: 4 * RATE }, (_, n) => 9000 * Math.sin((2 * Math.PI * TONE_HZ * n) / RATE)),
      ),
    );
    pulse = await startPulse({ dir });
    node = await Headless.start({ interface: '127.0.0.1', ready: 'cold', env: pulse.env });
  });
  after(async () => {
    await node?.stop();
    await pulse?.stop();
  });

  const levelsFrom = (from: number) =>
    node.events.flatMap(({ event, heardAt }) => (event.type === 'level' && heardAt >= from ? [event] : []));

  it('the meter opens a cold microphone and shows its loudness, until it is turned off', async () => {
    assert.equal((await node.api.call('status')).microphone.state, 'idle');
    const playing = pulse.play(tone);
    assert.deepEqual(await node.api.call('meter', { on: true }), { on: true });
    const { event: level, heardAt } = await node.until(
      (event) => event.type === 'level' && event.microphone > 0.15,
    );
    assert.ok(level.type === 'level' && level.microphone < 0.5, 'the tone is 0.27 of full scale');
    await node.api.call('meter', { on: false });
    // The worker answers this once it has turned the meter off; what it measured before has come by then.
    await node.api.call('soundTest', { action: 'stop' });
    const turnedOffAt = performance.now();
    // The microphone is kept open for another second: time enough for levels, if any were measured still.
    await node.until(
      (event) => event.type === 'status' && event.status.microphone.state === 'idle',
      PATIENCE_MS,
      heardAt,
    );
    playing.stop();
    assert.deepEqual(levelsFrom(turnedOffAt), []);
  });

  it('what is said is heard back at the loudspeaker, with levels meanwhile, and then forgotten', async () => {
    const from = performance.now();
    const playing = pulse.play(tone);
    assert.equal((await node.api.call('soundTest', { action: 'record' })).state, 'recording');
    await node.until(
      (event) =>
        event.type === 'sound-test' && event.test.state === 'recording' && event.test.durationMs >= 1800,
      PATIENCE_MS,
      from,
    );
    const recorded = await node.api.call('soundTest', { action: 'stop' });
    playing.stop();
    await playing.done;
    assert.equal(recorded.state, 'recorded');
    assert.ok(recorded.durationMs >= 1800 && recorded.durationMs < 5000, String(recorded.durationMs));
    assert.ok(levelsFrom(from).some(({ microphone }) => microphone > 0.15));

    const recording = await pulse.record();
    const again = performance.now();
    assert.equal((await node.api.call('soundTest', { action: 'play' })).state, 'playing');
    await node.until(
      (event) => event.type === 'sound-test' && event.test.state === 'recorded',
      PATIENCE_MS,
      again,
    );
    const heard = await recording.stop();
    const share = mostOf(heard, TONE_HZ);
    assert.ok(share > 0.8, `${share} of what the loudspeaker gave out at best is the tone`);

    assert.deepEqual(await node.api.call('soundTest', { action: 'stop' }), { state: 'idle', durationMs: 0 });
    assert.equal((await node.api.call('soundTest', { action: 'play' })).state, 'idle');
  });
});
