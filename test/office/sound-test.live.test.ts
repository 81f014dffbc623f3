import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectLocalSocket, type RemoteNode } from '../../main/transports/index.ts';
import { peakOf, writeWav } from '../../native-audio/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { CORRIDOR } from '../support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';

const RATE = 48_000;
const TONE_HZ = 700;

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
  const dir = mkdtempSync(join(tmpdir(), 'corridor-sound-'));
  const tone = join(dir, 'tone.wav');
  const profile = join(dir, 'profile');
  const events: NodeEvent[] = [];
  let pulse: Pulse;
  let node: RemoteNode;
  let child: ReturnType<typeof spawn>;

  before(async () => {
    writeFileSync(
      tone,
      writeWav(
        Int16Array.from({ length: 4 * RATE }, (_, n) => 9000 * Math.sin((2 * Math.PI * TONE_HZ * n) / RATE)),
      ),
    );
    pulse = await startPulse({ dir });
    const args = ['node', '--profile', profile, '--interface', '127.0.0.1', '--ready', 'cold'];
    child = spawn(process.execPath, [CORRIDOR, ...args], {
      env: { ...process.env, ...pulse.env },
      stdio: 'ignore',
    });
    node = await eventually(() => connectLocalSocket(profile));
    node.onEvent((event) => void events.push(event));
    assert.equal((await node.call('status')).state, 'setup');
  });
  after(async () => {
    node?.close();
    if (child?.exitCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    }
    await pulse?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const until = (passes: (event: NodeEvent) => boolean, from = 0, withinMs = 10_000) =>
    eventually(() => {
      const found = events.slice(from).find(passes);
      if (!found) {
        const seen = events.slice(from).filter(({ type }) => type !== 'level');
        throw new Error(`not seen; saw ${JSON.stringify(seen.slice(-6))}`);
      }
      return Promise.resolve(found);
    }, withinMs);

  it('the meter opens a cold microphone and shows its loudness, until it is turned off', async () => {
    assert.equal((await node.call('status')).microphone.state, 'idle');
    const playing = pulse.play(tone);
    assert.deepEqual(await node.call('meter', { on: true }), { on: true });
    const level = await until((event) => event.type === 'level' && event.microphone > 0.15);
    assert.ok(level.type === 'level' && level.microphone < 0.5, 'the tone is 0.27 of full scale');
    await node.call('meter', { on: false });
    playing.stop();
    await until(
      (event) => event.type === 'status' && event.status.microphone.state === 'idle',
      events.indexOf(level),
    );
    const count = events.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.ok(!events.slice(count).some(({ type }) => type === 'level'), 'it is quiet again');
  });

  it('what is said is heard back at the loudspeaker, with levels meanwhile, and then forgotten', async () => {
    const from = events.length;
    const playing = pulse.play(tone);
    assert.equal((await node.call('soundTest', { action: 'record' })).state, 'recording');
    await until(
      (event) =>
        event.type === 'sound-test' && event.test.state === 'recording' && event.test.durationMs >= 1800,
      from,
    );
    const recorded = await node.call('soundTest', { action: 'stop' });
    playing.stop();
    await playing.done;
    assert.equal(recorded.state, 'recorded');
    assert.ok(recorded.durationMs >= 1800 && recorded.durationMs < 5000, String(recorded.durationMs));
    assert.ok(events.slice(from).some((event) => event.type === 'level' && event.microphone > 0.15));

    const recording = await pulse.record();
    const again = events.length;
    assert.equal((await node.call('soundTest', { action: 'play' })).state, 'playing');
    await until((event) => event.type === 'sound-test' && event.test.state === 'recorded', again);
    const heard = await recording.stop();
    const share = mostOf(heard, TONE_HZ);
    assert.ok(share > 0.8, `${share} of what the loudspeaker gave out at best is the tone`);

    assert.deepEqual(await node.call('soundTest', { action: 'stop' }), { state: 'idle', durationMs: 0 });
    assert.equal((await node.call('soundTest', { action: 'play' })).state, 'idle');
  });
});

async function eventually<T>(attempt: () => Promise<T>, withinMs = 15_000): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
}
