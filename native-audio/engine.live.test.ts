import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { correlate, peakLevel } from '../test/support/correlate.ts';
import { missingPulse, startPulse } from '../test/support/pulse.ts';
import { samplesVoice, SoundEngine, writeWav, type SoundSettings, type SoundState } from './index.ts';

const roomFolder = dirname(fileURLToPath(import.meta.url));
const skip = missingPulse() ?? false;
const dir = mkdtempSync(join(tmpdir(), 'corridor-engine-'));
const chirp = makeChirp(1.2);
const chirpFile = join(dir, 'chirp.wav');
writeFileSync(chirpFile, writeWav(chirp));

test('sound engine on PulseAudio', { skip }, async (t) => {
  const pulse = await startPulse({ dir, names: ['headset', 'headmic'] });
  // ALSA reads the environment of the process itself.
  Object.assign(process.env, pulse.env);
  const engines: SoundEngine[] = [];
  t.after(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await pulse.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  function engineWith(settings: SoundSettings): SoundEngine {
    const engine = new SoundEngine();
    engines.push(engine);
    engine.configure(settings);
    return engine;
  }

  async function reaches(
    engine: SoundEngine,
    isReached: (state: SoundState) => boolean,
    ms = 8000,
  ): Promise<SoundState> {
    const end = Date.now() + ms;
    while (!isReached(engine.state)) {
      if (Date.now() > end) assert.fail(`still ${JSON.stringify(engine.state)}`);
      await wait(20);
    }
    return engine.state;
  }

  await t.test('what is said into the microphone is captured, pre-roll first', async () => {
    const engine = engineWith({ ready: 'warm' });
    await reaches(
      engine,
      ({ microphone, speaker }) => microphone.state === 'running' && speaker.state === 'running',
    );
    await wait(400);
    const playing = pulse.play(chirpFile);
    // The key goes down in the middle of the first word.
    await wait(250);
    const frames: Int16Array[] = [];
    const capture = engine.startCapture((frame) => void frames.push(frame.slice()), { prerollMs: 300 });
    assert.equal(frames.length, 30, 'the pre-roll comes at once');
    await playing.done;
    await capture.stop(300);
    const heard = concat(frames);
    const { peak, lagMs } = correlate(chirp, heard);
    assert.ok(peak > 0.95, `correlation ${peak}`);
    assert.ok(lagMs > 0, `the beginning is there: ${lagMs} ms`);
    await engine.close();
  });

  await t.test('voices are mixed and heard on the loudspeaker, levels are told', async () => {
    const engine = engineWith({ ready: 'cold' });
    assert.equal(engine.state.speaker.state, 'idle');
    const levels: number[] = [];
    engine.on('level', (kind, level) => {
      if (kind === 'speaker') levels.push(level);
    });
    const recording = await pulse.record();
    engine.addVoice(samplesVoice(chirp));
    await wait(1800);
    const heard = await recording.stop();
    assert.ok(correlate(chirp, heard).peak > 0.95);
    const gain = peakLevel(heard) / peakLevel(chirp);
    assert.ok(Math.abs(gain - 1) < 0.05, `gain ${gain}`);
    assert.ok(Math.abs(Math.max(...levels) - peakLevel(chirp)) < 0.02);
    assert.ok(levels.length > 15 && levels.length < 45, `${levels.length} levels`);
    await engine.close();
    assert.equal(engine.state.speaker.state, 'idle');
  });

  await t.test(
    'a device that is not there is missing in plain words, and the default stands in if told to',
    async () => {
      const engine = engineWith({ ready: 'warm', microphone: 'no such thing', speaker: 'speaker' });
      const { microphone } = await reaches(engine, (state) => state.microphone.state === 'missing');
      assert.match(microphone.sentence ?? '', /microphone “no such thing” is not there/);
      await reaches(engine, (state) => state.speaker.state === 'running');
      engine.configure({ ready: 'warm', microphone: 'no such thing', speaker: 'speaker', fallback: true });
      const state = await reaches(engine, (now) => now.microphone.state === 'running');
      assert.equal(state.microphone.device, 'default');
      await engine.close();
    },
  );

  await t.test('a loudspeaker that is unplugged and plugged in again is heard again', async () => {
    const headset = await pulse.loadSink('headset');
    // In a process of its own: a loudspeaker that died keeps its process from ending in the ordinary way.
    const room = pathToFileURL(join(roomFolder, 'index.ts')).href;
    const program = `
      import { silenceNativeOutput, SoundEngine } from '${room}';
      silenceNativeOutput();
      const engine = new SoundEngine();
      engine.on('state', ({ speaker }) => console.log(speaker.state));
      engine.configure({ ready: 'warm', microphone: 'mic', speaker: 'headset' });
      let n = 0;
      engine.addVoice({ pull: (out) => { for (let i = 0; i < 480; i++) out[i] = 9000 * Math.sin(n++ / 20); return true; } });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      let printed = '';
      let noise = '';
      child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
      child.stderr.on('data', (text: Buffer) => (noise += text.toString()));
      const prints = async (pattern: RegExp) => {
        for (let i = 0; i < 400 && !pattern.test(printed); i++) await wait(20);
        assert.match(printed, pattern);
      };
      await prints(/running\n$/);
      await pulse.unload(headset);
      await prints(/failed\n/);
      printed = '';
      await pulse.loadSink('headset');
      await prints(/running\n$/);
      const recording = await pulse.record('headset.monitor');
      await wait(300);
      const level = peakLevel(await recording.stop());
      assert.ok(Math.abs(level - 9000 / 32768) < 0.01, `level ${level}`);
      assert.equal(
        noise.replace(/^.*Warning.*\n|^\(Use .*\n/gm, ''),
        '',
        'nothing of the library is printed',
      );
      assert.match(printed, /^([a-z]+\n)+$/);
    } finally {
      child.kill('SIGKILL');
    }
  });

  await t.test('a microphone that is unplugged and plugged in again hears again', async () => {
    const source = ['module-remap-source', 'source_name=headmic', 'master=voice.monitor'];
    const module = await pulse.load(...source);
    const engine = engineWith({ ready: 'warm', microphone: 'headmic', speaker: 'speaker' });
    await reaches(engine, (state) => state.microphone.state === 'running');
    await pulse.control('suspend-source', 'headmic', '1');
    await reaches(engine, (state) => state.microphone.state === 'failed');
    await pulse.unload(module);
    await pulse.load(...source);
    await reaches(engine, (state) => state.microphone.state === 'running');
    let frames = 0;
    engine.startCapture(() => {
      frames += 1;
    });
    await wait(500);
    assert.ok(frames > 40, `${frames} frames in 500 ms`);
    await engine.close();
  });
});

/** Rising through speech's pitches: it correlates with itself at one place only. */
function makeChirp(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 48_000 }, (_, i) => {
    const t = i / 48_000;
    return 12_000 * Math.sin(2 * Math.PI * (200 * t + 700 * t * t)) * (0.6 + 0.4 * Math.sin(17 * t));
  });
}

function concat(frames: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(frames.length * 480);
  frames.forEach((frame, i) => all.set(frame, i * 480));
  return all;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
