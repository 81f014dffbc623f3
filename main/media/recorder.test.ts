import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { FRAME_SAMPLES, nodePorts } from '../model/index.ts';
import type { AudioPort } from './audio-port.ts';
import type { WorkerEvent } from './protocol.ts';
import { Recorder } from './recorder.ts';

/** A microphone in the test's hand, which opens when the test lets it. */
function ground() {
  const events: WorkerEvent[] = [];
  const tones: string[] = [];
  const time = new HandTime();
  let microphone: object = { state: 'running' };
  let sink: (frame: Int16Array) => void = () => undefined;
  let opens: () => void = () => undefined;
  let onState: (state: object) => void = () => undefined;
  let captures = 0;
  const audio = {
    get state() {
      return { microphone };
    },
    on: (_: string, listener: typeof onState) => {
      onState = listener;
      return () => undefined;
    },
    tone: (name: string) => void tones.push(name),
    startCapture: (onFrame: typeof sink, { onStarted }: { onStarted: () => void }) => {
      captures += 1;
      [sink, opens] = [onFrame, onStarted];
      return { stop: () => Promise.resolve(), end: () => void (captures -= 1) };
    },
  } as unknown as AudioPort;
  const recorder = new Recorder(audio, (event) => void events.push(event), time.schedule);
  const capture = (count: number) => {
    for (let n = 0; n < count; n += 1) sink(new Int16Array(FRAME_SAMPLES).fill(n));
  };
  const lose = () => {
    microphone = { state: 'missing', sentence: 'It was unplugged.', phrase: null };
    onState({ microphone });
  };
  const recorded = () => events.flatMap((event) => (event.type === 'recorded' ? [event] : []));
  return {
    recorder,
    events,
    tones,
    time,
    capture,
    opens: () => opens(),
    lose,
    recorded,
    open: () => captures,
  };
}

const stop = (id: string) => ({ type: 'record-stop', id }) as const;
const start = (id: string) => ({ type: 'record', id, keyDownAt: nodePorts.clock.monotonic() }) as const;

test('what is said from key down to key up is recorded whole, and the microphone is let go', async () => {
  const { recorder, tones, capture, opens, recorded, open } = ground();
  recorder.execute(start('a'));
  opens();
  capture(30);
  recorder.execute(stop('b'));
  recorder.execute(stop('a'));
  await Promise.resolve();
  const [one] = recorded();
  assert.deepEqual([one?.id, one?.failed, one?.pcm.length], ['a', null, 30 * FRAME_SAMPLES]);
  assert.deepEqual([one?.pcm[0], one?.pcm.at(-1)], [0, 29]);
  assert.deepEqual([tones, open(), recorder.isActive], [['start', 'stop'], 0, false]);
});

test('two minutes are recorded, and no more', () => {
  const { recorder, capture, opens, recorded, open } = ground();
  recorder.execute(start('a'));
  opens();
  capture(12_001);
  assert.equal(recorded()[0]?.pcm.length, 12_000 * FRAME_SAMPLES);
  assert.equal(open(), 0);
});

test('a microphone that does not open, or is lost, ends it with a sentence', () => {
  const silent = ground();
  silent.recorder.execute(start('a'));
  silent.time.pass(5000);
  assert.equal(silent.recorded()[0]?.failed?.phrase.code, 'microphone-silent');
  const lost = ground();
  lost.recorder.execute(start('a'));
  lost.opens();
  lost.capture(10);
  lost.lose();
  assert.deepEqual(
    [lost.recorded()[0]?.failed?.sentence, lost.recorded()[0]?.pcm.length],
    ['It was unplugged.', 10 * FRAME_SAMPLES],
  );
  lost.recorder.execute(start('b'));
  assert.equal(lost.recorded()[1]?.id, 'b', 'nothing waits for a microphone that is not there');
});
