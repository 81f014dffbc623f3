import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Capture, Mixer, type FrameSink, type SoundState } from '../../native-audio/index.ts';
import { FRAME_SAMPLES, type Schedule } from '../model/index.ts';
import { Metering } from './metering.ts';
import type { SoundTestState } from './protocol.ts';
import { SoundTest } from './sound-test.ts';

/** Timers that a test lets pass. */
class Timers {
  #now = 0;
  readonly #due = new Map<() => void, number>();
  readonly schedule: Schedule = (task, ms) => {
    const own = () => task();
    this.#due.set(own, this.#now + ms);
    return () => void this.#due.delete(own);
  };

  pass(ms: number): void {
    this.#now += ms;
    for (const [task, at] of [...this.#due]) {
      if (at > this.#now || !this.#due.delete(task)) continue;
      task();
    }
  }
}

type Engine = ConstructorParameters<typeof SoundTest>[0];
const idle = { state: 'idle', device: null, sentence: null, phrase: null } as const;

/** The engine’s captures and mixer, with a microphone and a loudspeaker that the test moves. */
class Devices {
  readonly captures = new Set<Capture>();
  readonly mixer = new Mixer(() => undefined);
  readonly #out = new Int16Array(FRAME_SAMPLES);
  #onState: (state: SoundState) => void = () => undefined;

  readonly engine: Engine = {
    startCapture: (onFrame: FrameSink) => {
      const capture = new Capture(onFrame, {}, () => void this.captures.delete(capture));
      this.captures.add(capture);
      return capture;
    },
    addVoice: (voice) => this.mixer.add(voice),
    removeVoice: (voice) => this.mixer.remove(voice),
    on: (_event, listener) => {
      this.#onState = listener as (state: SoundState) => void;
      return () => undefined;
    },
  };

  say(frames: number, value: number): void {
    for (let n = 0; n < frames; n++)
      for (const capture of [...this.captures]) capture.push(new Int16Array(FRAME_SAMPLES).fill(value));
  }

  /** How many of the next frames have sound. */
  heard(frames: number): number {
    let heard = 0;
    for (let n = 0; n < frames; n++) if (this.mixer.fill(this.#out)) heard++;
    return heard;
  }

  unplug(): void {
    this.#onState({ microphone: { ...idle, state: 'missing' }, speaker: idle });
  }
}

function testing(): { devices: Devices; test: SoundTest; told: SoundTestState[]; timers: Timers } {
  const devices = new Devices();
  const timers = new Timers();
  const told: SoundTestState[] = [];
  const test = new SoundTest(devices.engine, (state) => told.push(state), timers.schedule);
  return { devices, told, test, timers };
}

const steps = (told: readonly SoundTestState[]): string[] =>
  told.map(({ state }) => state).filter((state, n, all) => state !== all[n - 1]);

describe('the sound test', () => {
  it('records until it is stopped, plays the recording, and can play it again', () => {
    const { devices, test, told } = testing();
    test.record();
    devices.say(120, 1000);
    test.stop();
    assert.deepEqual(test.test, { state: 'recorded', durationMs: 1200 });
    assert.equal(devices.captures.size, 0, 'the microphone is given back');
    for (let times = 0; times < 2; times++) {
      test.play();
      assert.equal(devices.heard(200), 120);
    }
    assert.deepEqual(steps(told), ['recording', 'recorded', 'playing', 'recorded', 'playing', 'recorded']);
    assert.equal(told.filter(({ state }) => state === 'recording').length, 13, 'at first, and each 100 ms');
    test.close();
  });

  it('ends by itself after five seconds', () => {
    const { devices, test } = testing();
    test.record();
    devices.say(700, 1000);
    assert.deepEqual(test.test, { state: 'recorded', durationMs: 5000 });
    test.close();
  });

  it('stops playing at the first stop, and forgets the recording at the second', () => {
    const { devices, test, told } = testing();
    test.record();
    devices.say(50, 1000);
    test.play();
    assert.equal(test.test.state, 'playing', 'play ends the recording');
    assert.equal(devices.heard(10), 10);
    test.stop();
    assert.equal(devices.heard(10), 0);
    assert.equal(test.test.state, 'recorded');
    test.stop();
    assert.deepEqual(test.test, { state: 'idle', durationMs: 0 });
    test.play();
    assert.equal(devices.heard(10), 0, 'there is nothing any more');
    assert.equal(told.at(-1)?.state, 'idle');
  });

  it('plays only the last recording', () => {
    const { devices, test } = testing();
    test.record();
    devices.say(300, 1000);
    test.record();
    devices.say(30, 1000);
    test.play();
    assert.equal(devices.heard(400), 30);
    test.close();
  });

  it('keeps what it recorded before the microphone was unplugged, and is idle if that was nothing', () => {
    const { devices, test } = testing();
    test.record();
    devices.say(20, 1000);
    devices.unplug();
    assert.deepEqual(test.test, { state: 'recorded', durationMs: 200 });
    test.record();
    devices.unplug();
    assert.deepEqual(test.test, { state: 'idle', durationMs: 0 });
  });

  it('gives up a silent microphone after a time, and forgets the recording after a time', () => {
    const { devices, test, timers } = testing();
    test.record();
    timers.pass(10_000);
    assert.equal(test.test.state, 'idle', 'the microphone said nothing');
    test.record();
    devices.say(20, 1000);
    test.stop();
    timers.pass(119_999);
    assert.equal(test.test.state, 'recorded');
    timers.pass(1);
    assert.equal(test.test.state, 'idle');
  });
});

describe('the meter', () => {
  it('holds the microphone once, until a minute after the last request', () => {
    const devices = new Devices();
    const timers = new Timers();
    const metering = new Metering(devices.engine, timers.schedule);
    metering.start();
    timers.pass(50_000);
    metering.start();
    assert.equal(devices.captures.size, 1);
    timers.pass(59_999);
    assert.ok(metering.isOn);
    timers.pass(1);
    assert.ok(!metering.isOn);
    assert.equal(devices.captures.size, 0);
    metering.start();
    metering.stop();
    assert.equal(devices.captures.size, 0);
  });
});
