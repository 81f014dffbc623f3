import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpusDecoder, OpusEncoder } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../model/index.ts';
import { Playout } from './playout.ts';

const LOUD = Int16Array.from({ length: FRAME_SAMPLES }, (_, i) => 8000 * Math.sin((i * Math.PI) / 240));

interface Setup {
  readonly live?: boolean;
  readonly count?: number | null;
  /** Fragments that the store has given. */
  readonly stored?: number;
}

/** A playout whose clock the test moves, and which has no decoder yet. */
async function playoutOf({ live = false, count = 20, stored = 0 }: Setup) {
  const encoder = await OpusEncoder.create();
  const decoder = await OpusDecoder.create();
  const events: string[] = [];
  const moves: { state: string; position: number }[] = [];
  const time = { now: 0 };
  const playout = new Playout({
    ...{ id: 'a', live, from: 0, count, speed: 1, gain: 1 },
    open: (_n, sealed) => sealed,
    clock: () => time.now,
    on: {
      sounding: () => events.push('sounding'),
      moved: (state, position) => moves.push({ state, position }),
      ended: (reason) => events.push(reason),
    },
  });
  for (let n = 0; n < stored; n++) playout.putStored(n, encoder.encode(LOUD));
  /** Pulls this many parts, `stepMs` apart. False once the playout has ended. */
  const pull = (times: number, stepMs = FRAME_MS, samples = FRAME_SAMPLES) => {
    let goesOn = true;
    for (let i = 0; i < times && goesOn; i++) {
      goesOn = playout.pull(new Int16Array(samples));
      time.now += stepMs;
    }
    return goesOn;
  };
  /** A frame comes from the network now. */
  const receive = (n: number) => playout.putReceived(n, encoder.encode(LOUD), time.now);
  return { playout, decoder, events, moves, time, pull, receive };
}

async function play(setup: Setup) {
  const parts = await playoutOf(setup);
  parts.playout.setDecoder(parts.decoder);
  return parts;
}

test('a stored message sounds, and ends after its last fragment', async () => {
  const { events, pull } = await play({ stored: 20 });
  assert.equal(pull(100), false);
  assert.deepEqual(events, ['sounding', 'end']);
});

test('a stored message without any fragment counts as lost after five seconds, not before', async () => {
  const { events, pull } = await play({ stored: 0 });
  assert.equal(pull(5, 1000), true);
  assert.deepEqual(events, []);
  assert.equal(pull(2, 1000), false);
  assert.deepEqual(events, ['lost']);
});

test('a paused message waits any time, and goes on from where it was', async () => {
  const { playout, events, pull } = await play({ stored: 20 });
  playout.setPaused(true);
  assert.equal(pull(100, 1000), true);
  assert.deepEqual(events, []);
  playout.setPaused(false);
  assert.equal(pull(100), false);
  assert.deepEqual(events, ['sounding', 'end']);
});

test('a stopped message ends without an event', async () => {
  const { playout, events, pull } = await play({ stored: 20 });
  playout.stop();
  assert.equal(pull(1), false);
  assert.deepEqual(events, []);
});

test('a playout is silent until it has a decoder, and then plays from its first fragment', async () => {
  const { playout, decoder, events, pull } = await playoutOf({ stored: 20 });
  assert.equal(pull(50), true);
  assert.deepEqual(events, []);
  playout.setDecoder(decoder);
  assert.equal(pull(20), true, 'all 20 fragments are still to be played');
  assert.equal(pull(1), false);
  assert.deepEqual(events, ['sounding', 'end']);
});

test('a playout without a decoder ends as lost, once', async () => {
  const { playout, events, pull } = await playoutOf({ stored: 20 });
  playout.failed();
  playout.failed();
  assert.equal(pull(1), false);
  assert.deepEqual(events, ['lost']);
});

test('a loudspeaker that takes parts of a frame gets the same samples', async () => {
  const whole = await play({ stored: 5, count: 5 });
  const parts = await play({ stored: 5, count: 5 });
  for (let n = 0; n < 5; n++) {
    const frame = new Int16Array(FRAME_SAMPLES);
    whole.playout.pull(frame);
    const pieces = new Int16Array(FRAME_SAMPLES);
    for (let at = 0; at < FRAME_SAMPLES; at += 80) parts.playout.pull(pieces.subarray(at, at + 80));
    assert.deepEqual(pieces, frame, `frame ${n}`);
  }
});

test('a playout that is moved drops the rest of the frame that it was in', async () => {
  const { playout, pull } = await play({ stored: 20 });
  pull(1, FRAME_MS, 80);
  playout.seek(10);
  assert.equal(pull(10), true, 'the last ten fragments');
  assert.equal(pull(1), false, 'and not a sample more');
});

test('a live message sounds as it arrives, and ends once its count is known and played', async () => {
  const { playout, events, moves, receive, pull } = await play({ live: true, count: null });
  for (let n = 0; n < 30; n++) {
    receive(n);
    assert.equal(pull(1), true);
  }
  assert.deepEqual(events, ['sounding']);
  assert.equal(moves.at(-1)?.state, 'live');
  playout.setCount(30);
  assert.equal(pull(10), false);
  assert.deepEqual(events, ['sounding', 'end']);
});

test('a live message waits ten seconds for its next fragment, then counts as lost', async () => {
  const { events, receive, pull } = await play({ live: true, count: null });
  receive(0);
  pull(2);
  assert.equal(pull(1, 9900), true);
  assert.equal(pull(1), true);
  receive(1);
  assert.equal(pull(1, 9900), true, 'the fragment began another ten seconds');
  assert.equal(pull(1, 200), true);
  assert.equal(pull(1), false);
  assert.deepEqual(events, ['sounding', 'lost']);
});

test('a playout reports its position five times a second, and at once when the listener moves it', async () => {
  const { playout, moves, pull } = await play({ stored: 60, count: 60 });
  pull(40);
  assert.deepEqual(moves, [
    { state: 'playing', position: 1 },
    { state: 'playing', position: 21 },
  ]);
  playout.seek(5);
  assert.deepEqual(moves.at(-1), { state: 'playing', position: 5 });
  pull(5);
  playout.setPaused(true);
  assert.deepEqual(moves.at(-1), { state: 'paused', position: 10 });
});

test('the rest of a decoded frame is decided, but not while it is paused', async () => {
  const { playout, pull, time } = await play({ stored: 2 });
  const part = FRAME_SAMPLES / 6;
  assert.equal(playout.decided, 0);
  pull(1, FRAME_MS / 6, part);
  assert.equal(playout.decided, 5 * part);
  playout.setPaused(true);
  assert.equal(playout.decided, 0);
  playout.setPaused(false);
  time.now += FRAME_MS;
  pull(5, FRAME_MS / 6, part);
  assert.equal(playout.decided, 0);
});
