import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { correlate, heardShare, peakLevel } from '../test/support/correlate.ts';
import { eventually } from '../test/support/eventually.ts';
import { concat } from '../test/support/frames.ts';
import { missingPulse, startPulse, type Pulse } from '../test/support/pulse.ts';
import { tempFolder } from '../test/support/temp-folder.ts';
import {
  PREROLL_MS,
  samplesVoice,
  SoundEngine,
  writeWav,
  type SoundSettings,
  type SoundState,
} from './index.ts';

const roomFolder = dirname(fileURLToPath(import.meta.url));
const skip = missingPulse() ?? false;
/** A level event covers 50 ms. */
const LEVEL_MS = 50;
/** Less than the chirp's peak in any 50 ms, and more than silence. */
const SOUND = 0.1;
/** More than a loudspeaker still holds when it has taken the last sample, and longer than it is silent when it runs dry. */
const SILENCE_MS = 500;
/** On a busy computer a virtual device skips now and then, which spoils a quarter second or two; the others are exact. */
const EXACT = 0.9;
const EXACT_SHARE = 0.5;

describe('the sound engine on PulseAudio', { skip }, () => {
  const dir = tempFolder('engine');
  const chirp = makeChirp(1.2);
  const chirpFile = join(dir, 'chirp.wav');
  let pulse: Pulse;
  const engines: SoundEngine[] = [];

  before(async () => {
    writeFileSync(chirpFile, writeWav(chirp));
    pulse = await startPulse({ dir, names: ['headset', 'headmic'] });
    // ALSA reads the environment of the process itself.
    Object.assign(process.env, pulse.env);
  });
  afterEach(() => Promise.all(engines.splice(0).map((engine) => engine.close())));
  after(async () => {
    await pulse?.stop();
  });

  function engineWith(settings: SoundSettings): SoundEngine {
    const engine = new SoundEngine();
    engines.push(engine);
    engine.configure(settings);
    return engine;
  }

  function assertHeard(heard: Int16Array): void {
    const share = heardShare(chirp, heard, EXACT);
    assert.ok(share >= EXACT_SHARE, `${share} of the chirp is exact`);
  }

  async function reaches(
    engine: SoundEngine,
    isReached: (state: SoundState) => boolean,
  ): Promise<SoundState> {
    await eventually(
      () => isReached(engine.state),
      () => `another state than ${JSON.stringify(engine.state)}`,
    );
    return engine.state;
  }

  it('captures what is said into the microphone, the pre-roll first', async () => {
    const engine = engineWith({ ready: 'warm' });
    await reaches(
      engine,
      ({ microphone, speaker }) => microphone.state === 'running' && speaker.state === 'running',
    );
    await levels(engine, 'microphone', PREROLL_MS / LEVEL_MS + 1);
    const inFirstWord = levels(engine, 'microphone', 3, SOUND);
    const playing = pulse.play(chirpFile);
    // The key goes down in the middle of the first word.
    await inFirstWord;
    const frames: Int16Array[] = [];
    const capture = engine.startCapture((frame) => void frames.push(frame.slice()), {
      prerollMs: PREROLL_MS,
    });
    assert.equal(frames.length, PREROLL_MS / 10, 'the pre-roll comes at once');
    await playing.done;
    await capture.stop(300);
    const heard = concat(frames);
    assertHeard(heard);
    const { lagMs } = correlate(chirp, heard);
    assert.ok(lagMs > 0, `the beginning is there: ${lagMs} ms`);
  });

  it('mixes voices for the loudspeaker, and reports its level', async () => {
    const engine = engineWith({ ready: 'cold' });
    assert.equal(engine.state.speaker.state, 'idle');
    const reported: number[] = [];
    engine.on('level', ({ kind, peak }) => {
      if (kind === 'speaker') reported.push(peak);
    });
    const recording = await pulse.record();
    const voice = samplesVoice(chirp);
    await new Promise<void>((resolve) => {
      engine.addVoice({
        pull: (out) => {
          const isOn = voice.pull(out);
          if (!isOn) resolve();
          return isOn;
        },
      });
    });
    assert.equal(reported.length, chirp.length / (48 * LEVEL_MS), 'a level for every 50 ms of the voice');
    assert.ok(Math.abs(Math.max(...reported) - peakLevel(chirp)) < 0.02);
    await recording.endsInSilence(SILENCE_MS);
    const heard = await recording.stop();
    assertHeard(heard);
    const gain = peakLevel(heard) / peakLevel(chirp);
    assert.ok(Math.abs(gain - 1) < 0.05, `gain ${gain}`);
    await engine.close();
    assert.equal(engine.state.speaker.state, 'idle');
  });

  it('says plainly that a device is missing, and uses the default instead if the settings allow it', async () => {
    const settings = { ready: 'warm', microphone: 'no such thing', speaker: 'speaker' } as const;
    const engine = engineWith(settings);
    const { microphone } = await reaches(engine, (state) => state.microphone.state === 'missing');
    assert.match(microphone.sentence ?? '', /microphone “no such thing” is not there/);
    await reaches(engine, (state) => state.speaker.state === 'running');
    engine.configure({ ...settings, fallback: true });
    const state = await reaches(engine, (now) => now.microphone.state === 'running');
    assert.equal(state.microphone.device, 'default');
  });

  it('plays again on a loudspeaker that was unplugged and plugged in again', async (t) => {
    // A server with no other loudspeaker: it would move the stream there, and nothing would have failed.
    const single = await startPulse({ dir: join(dir, 'single'), names: ['headset'] });
    t.after(() => single.stop());
    await single.control('unload-module', 'module-null-sink');
    const headset = await single.loadSink('headset');
    // In a process of its own: a loudspeaker that died keeps its process from ending in the ordinary way.
    const room = pathToFileURL(join(roomFolder, 'index.ts')).href;
    const program = `
      import { silenceNativeOutput, SoundEngine } from '${room}';
      silenceNativeOutput();
      const engine = new SoundEngine();
      engine.on('state', ({ speaker }) => console.log(speaker.state));
      engine.configure({ ready: 'warm', microphone: 'mic', speaker: 'headset' });
      let n = 0;
      engine.addVoice({ pull: (out) => { for (let i = 0; i < out.length; i++) out[i] = 9000 * Math.sin(n++ / 20); return true; } });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, ...single.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    t.after(() => child.kill('SIGKILL'));
    let printed = '';
    let noise = '';
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    child.stderr.on('data', (text: Buffer) => (noise += text.toString()));
    const prints = (pattern: RegExp) =>
      eventually(
        () => pattern.test(printed),
        () => `${pattern} is printed, instead of ${JSON.stringify(printed)}`,
      );
    await prints(/running\n$/);
    await single.unload(headset);
    await prints(/failed\n/);
    printed = '';
    await single.loadSink('headset');
    await prints(/running\n$/);
    const recording = await single.record('headset.monitor');
    await recording.holds(300);
    const level = peakLevel(await recording.stop());
    assert.ok(Math.abs(level - 9000 / 32768) < 0.01, `level ${level}`);
    assert.equal(noise.replace(/^.*Warning.*\n|^\(Use .*\n/gm, ''), '', 'nothing of the library is printed');
    assert.match(printed, /^([a-z]+\n)+$/);
  });

  it('captures again from a microphone that was unplugged and plugged in again', async () => {
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
    await eventually(
      () => frames >= 50,
      () => `half a second of frames comes, instead of ${frames} frames`,
    );
  });
});

/** Resolves during the `count`th level event of this device from now on that is at least `least`. */
function levels(
  engine: SoundEngine,
  kind: 'microphone' | 'speaker',
  count: number,
  least = 0,
): Promise<void> {
  return new Promise((resolve) => {
    let left = count;
    const stop = engine.on('level', ({ kind: of, peak }) => {
      if (of !== kind || peak < least) return;
      left -= 1;
      if (left > 0) return;
      stop();
      resolve();
    });
  });
}

/** Rising through speech's pitches: it correlates with itself at one place only. */
function makeChirp(seconds: number): Int16Array {
  return Int16Array.from({ length: seconds * 48_000 }, (_, i) => {
    const t = i / 48_000;
    return 12_000 * Math.sin(2 * Math.PI * (200 * t + 700 * t * t)) * (0.6 + 0.4 * Math.sin(17 * t));
  });
}
