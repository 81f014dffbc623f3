import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EchoCanceller, NoiseSuppressor, type FrameSink } from '../../native-audio/index.ts';
import { eventually } from '../../test/support/eventually.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { levelDb } from '../../test/support/level.ts';
import { syntheticVoice } from '../../test/support/synthetic-voice.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import { CallMicrophone } from './call-microphone.ts';
import type { CallCleaning, CallSound, WorkerEvent } from './protocol.ts';

const SECONDS = 6;
const DELAY_FRAMES = 6;
const THEIRS = syntheticVoice(1, SECONDS);
const FRAMES = THEIRS.length / FRAME_SAMPLES;
const NOTHING: CallSound = { echoCancelling: false, noiseSuppression: false, gainControl: false };
const ECHO: CallSound = { ...NOTHING, echoCancelling: true };
const frameOf = (samples: Int16Array, n: number): Int16Array =>
  samples.subarray(n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);

/** An audio port whose loudspeaker stands before its microphone: what it plays comes back 60 ms later, 10 dB softer. */
class EchoingRoom {
  readonly captures = new Set<FrameSink>();
  readonly listeners = new Set<FrameSink>();
  readonly #played: Int16Array[] = [];

  startCapture(sink: FrameSink) {
    this.captures.add(sink);
    const end = () => void this.captures.delete(sink);
    return { end, stop: async () => end() };
  }

  onPlayed(listener: FrameSink): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  play(frame: Int16Array): void {
    this.#played.push(frame);
    for (const listener of this.listeners) listener(frame);
    const earlier = this.#played.at(-1 - DELAY_FRAMES) ?? new Int16Array(FRAME_SAMPLES);
    const heard = earlier.map((sample) => Math.round(sample * 10 ** (-10 / 20)));
    for (const capture of this.captures) capture(heard);
  }
}

interface Kept {
  readonly sink: FrameSink;
  readonly samples: Int16Array;
}

function keep(): Kept {
  const samples = new Int16Array(THEIRS.length);
  let n = 0;
  return { samples, sink: (frame) => samples.set(frame, n++ * FRAME_SAMPLES) };
}

function callIn(room: EchoingRoom, createCanceller?: () => Promise<EchoCanceller>) {
  const events: WorkerEvent[] = [];
  const microphone = new CallMicrophone({
    audio: room,
    emit: (event) => events.push(event),
    ...(createCanceller && { createCanceller }),
  });
  microphone.configure(ECHO);
  /** What was said of a part: why it failed, or null where it began to work, or is not wanted. */
  const failures = (part: CallCleaning = 'echo') =>
    events.flatMap((event) => (event.type === 'call-cleaning' && event.part === part ? [event.failure] : []));
  const isReady = (times = 1, part: CallCleaning = 'echo') =>
    eventually(() => failures(part).filter((one) => one === null).length >= times, `${part} is taken out`);
  return { microphone, failures, isReady };
}

/** How much softer it is than the echo, once the canceller knows the room. */
const lossDb = (kept: Kept): number =>
  levelDb(THEIRS.subarray(THEIRS.length / 2)) - 10 - levelDb(kept.samples.subarray(THEIRS.length / 2));

describe('the microphone of calls', () => {
  it('takes what the loudspeaker plays out of what is sent', async () => {
    const room = new EchoingRoom();
    const { microphone, isReady } = callIn(room);
    const kept = keep();
    microphone.startCapture(kept.sink);
    await isReady();
    for (let n = 0; n < FRAMES; n++) room.play(frameOf(THEIRS, n));
    assert.ok(lossDb(kept) > 20, `${lossDb(kept)} dB`);
  });

  it('leaves it as it is where that is not wanted, and listens to no loudspeaker', () => {
    const room = new EchoingRoom();
    const { microphone } = callIn(room);
    microphone.configure(NOTHING);
    const kept = keep();
    microphone.startCapture(kept.sink);
    assert.equal(room.listeners.size, 0);
    for (let n = 0; n < FRAMES; n++) room.play(frameOf(THEIRS, n));
    assert.ok(Math.abs(lossDb(kept)) < 2, `${lossDb(kept)} dB`);
  });

  it('follows the setting in the middle of a call', async () => {
    const room = new EchoingRoom();
    const { microphone, isReady } = callIn(room);
    const kept = keep();
    microphone.configure(NOTHING);
    microphone.startCapture(kept.sink);
    microphone.configure(ECHO);
    await isReady(2);
    assert.equal(room.listeners.size, 1);
    for (let n = 0; n < FRAMES; n++) room.play(frameOf(THEIRS, n));
    assert.ok(lossDb(kept) > 20, `${lossDb(kept)} dB`);
    microphone.configure(NOTHING);
    assert.equal(room.listeners.size, 0);
  });

  it('takes noise out where that is wanted', async () => {
    const room = new EchoingRoom();
    const { microphone, isReady } = callIn(room);
    const kept = keep();
    microphone.configure({ ...NOTHING, noiseSuppression: true });
    microphone.startCapture(kept.sink);
    await isReady(2, 'noise');
    const random = seededRandom(3);
    const hiss = THEIRS.map(() => 2000 * (random() - 0.5));
    for (let n = 0; n < FRAMES; n++) for (const hear of room.captures) hear(frameOf(hiss, n));
    const goneDb = levelDb(hiss) - levelDb(kept.samples.subarray(THEIRS.length / 2));
    assert.ok(goneDb > 12, `${goneDb} dB of it are gone`);
  });

  it('opens the library that takes noise out while it rings, and not when the call begins', async (t) => {
    const { microphone, isReady } = callIn(new EchoingRoom());
    const { mock: opened } = t.mock.method(WebAssembly, 'Module');
    microphone.configure({ ...NOTHING, noiseSuppression: true });
    microphone.prepare();
    await eventually(() => opened.callCount() === 1, 'it is opened');
    microphone.startCapture(() => undefined);
    await isReady(2, 'noise');
  });

  it('loads nothing more where another call rings during one', (t) => {
    const { microphone } = callIn(new EchoingRoom());
    const { mock: prepared } = t.mock.method(NoiseSuppressor, 'prepare');
    microphone.configure({ ...NOTHING, noiseSuppression: true });
    microphone.prepare();
    const call = microphone.startCapture(() => undefined);
    microphone.prepare();
    assert.equal(prepared.callCount(), 1);
    call.end();
    microphone.prepare();
    assert.equal(prepared.callCount(), 2, 'what the call had is gone');
  });

  it('makes a soft voice louder where that is wanted', () => {
    const room = new EchoingRoom();
    const { microphone } = callIn(room);
    const kept = keep();
    microphone.configure({ ...NOTHING, gainControl: true });
    microphone.startCapture(kept.sink);
    for (let n = 0; n < FRAMES; n++) room.play(frameOf(THEIRS, n));
    assert.ok(lossDb(kept) < -3, `${-lossDb(kept)} dB louder than it was`);
  });

  it('is one for all calls, and is let go of by the last', () => {
    const room = new EchoingRoom();
    const { microphone } = callIn(room);
    const heard: string[] = [];
    const ann = microphone.startCapture(() => heard.push('Ann'));
    const bo = microphone.startCapture(() => heard.push('Bo'));
    assert.equal(room.captures.size, 1);
    room.play(frameOf(THEIRS, 0));
    ann.end();
    ann.end();
    room.play(frameOf(THEIRS, 1));
    assert.deepEqual(heard, ['Ann', 'Bo', 'Bo']);
    bo.end();
    assert.deepEqual([room.captures.size, room.listeners.size], [0, 0]);
  });

  it('goes on with echo where the library does not load, says why, and tries again at the next call', async () => {
    const room = new EchoingRoom();
    let isBroken = true;
    const { microphone, failures, isReady } = callIn(room, () =>
      isBroken ? Promise.reject(new Error('no memory')) : EchoCanceller.create(),
    );
    const kept = keep();
    const call = microphone.startCapture(kept.sink);
    await eventually(() => failures().length > 0, 'it is told');
    assert.deepEqual(failures(), ['no memory']);
    for (let n = 0; n < FRAMES; n++) room.play(frameOf(THEIRS, n));
    assert.ok(Math.abs(lossDb(kept)) < 2, `${lossDb(kept)} dB`);
    call.end();
    isBroken = false;
    microphone.startCapture(() => undefined);
    await isReady();
  });

  it('goes on with echo where the library falls over in the middle', async () => {
    const room = new EchoingRoom();
    const { microphone, failures, isReady } = callIn(room, async () => {
      const canceller = await EchoCanceller.create();
      canceller.process = () => {
        throw new WebAssembly.RuntimeError('unreachable');
      };
      return canceller;
    });
    const kept = keep();
    microphone.startCapture(kept.sink);
    await isReady();
    for (let n = 0; n < FRAMES; n++) room.play(frameOf(THEIRS, n));
    assert.deepEqual(failures(), [null, 'unreachable']);
    assert.ok(Math.abs(lossDb(kept)) < 2, `${lossDb(kept)} dB`);
  });

  it('has no use for a canceller that comes when the call is over', async () => {
    const room = new EchoingRoom();
    const coming = EchoCanceller.create();
    const { microphone, failures } = callIn(room, () => coming);
    microphone.startCapture(() => undefined).end();
    await coming;
    assert.deepEqual(failures(), []);
  });
});
