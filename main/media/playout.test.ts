import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpusDecoder, OpusEncoder } from '../../native-audio/index.ts';
import { FRAME_SAMPLES } from '../model/index.ts';
import { Playout } from './playout.ts';

async function play(count: number | null, frames: number) {
  const encoder = await OpusEncoder.create();
  const events: string[] = [];
  const time = { now: 0 };
  const playout = new Playout({
    ...{ id: 'a', live: false, from: 0, count, speed: 1 },
    open: (_n, sealed) => sealed,
    clock: () => time.now,
    on: {
      sounding: () => events.push('sounding'),
      moved: () => undefined,
      ended: (reason) => events.push(reason),
    },
  });
  for (let n = 0; n < frames; n++)
    playout.putStored(n, encoder.encode(new Int16Array(FRAME_SAMPLES).fill(99)));
  encoder.free();
  playout.setDecoder(await OpusDecoder.create());
  const pull = (times: number, stepMs = 10) => {
    let isHeard = true;
    for (let i = 0; i < times && isHeard; i++) {
      isHeard = playout.pull(new Int16Array(FRAME_SAMPLES));
      time.now += stepMs;
    }
    return isHeard;
  };
  return { playout, events, pull };
}

test('a stored message sounds, and ends after its last fragment', async () => {
  const { events, pull } = await play(20, 20);
  assert.equal(pull(100), false);
  assert.deepEqual(events, ['sounding', 'end']);
});

test('a stored message without any fragment counts as lost after five seconds, not before', async () => {
  const { events, pull } = await play(20, 0);
  assert.equal(pull(5, 1000), true);
  assert.deepEqual(events, []);
  assert.equal(pull(2, 1000), false);
  assert.deepEqual(events, ['lost']);
});

test('a paused message waits any time, and goes on from where it was', async () => {
  const { playout, events, pull } = await play(20, 20);
  playout.setPaused(true);
  assert.equal(pull(100, 1000), true);
  assert.deepEqual(events, []);
  playout.setPaused(false);
  assert.equal(pull(100), false);
  assert.deepEqual(events, ['sounding', 'end']);
});

test('a stopped message ends without an event', async () => {
  const { playout, events, pull } = await play(20, 20);
  playout.stop();
  assert.equal(pull(1), false);
  assert.deepEqual(events, []);
});
