import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeStretcher } from './index.ts';

const HZ = 300;

function sine(length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => 12_000 * Math.sin((2 * Math.PI * HZ * i) / 48_000));
}

function sourceOf(samples: Int16Array) {
  let at = 0;
  return (frame: Int16Array) => {
    if (at >= samples.length) return false;
    frame.set(samples.subarray(at, at + 480));
    at += 480;
    return true;
  };
}

function stretched(samples: Int16Array, speedAt: (n: number) => number): Int16Array {
  const stretcher = new TimeStretcher();
  const source = sourceOf(samples);
  const out: number[] = [];
  const frame = new Int16Array(480);
  for (let n = 0; ; n++) {
    stretcher.speed = speedAt(n);
    if (!stretcher.pull(frame, source)) return Int16Array.from(out);
    out.push(...frame);
  }
}

/** Rising zero crossings per second. */
function pitchOf(samples: Int16Array): number {
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) if (samples[i - 1]! < 0 && samples[i]! >= 0) crossings++;
  return (crossings * 48_000) / samples.length;
}

for (const speed of [0.5, 0.8, 1.02, 1.25, 1.5, 2, 2.5]) {
  test(`at speed ${speed} the duration changes and the pitch stays`, () => {
    const input = sine(480 * 300);
    const out = stretched(input, () => speed);
    const ratio = input.length / out.length / speed;
    assert.ok(Math.abs(ratio - 1) < 0.02, `duration is off by ${ratio}`);
    const pitch = pitchOf(out.subarray(4800, out.length - 4800));
    assert.ok(Math.abs(pitch / HZ - 1) < 0.01, `${pitch} Hz`);
    let worst = 0;
    for (let i = 4800; i < out.length - 4800; i++) worst = Math.max(worst, Math.abs(out[i]! - out[i - 1]!));
    assert.ok(worst < 1.2 * 12_000 * ((2 * Math.PI * HZ) / 48_000), `a click of ${worst}`);
  });
}

test('at speed 1 samples pass unchanged and without delay', () => {
  const input = sine(480 * 20);
  assert.deepEqual(
    stretched(input, () => 1),
    input,
  );
});

test('back at speed 1 the stretcher plays first what it held, and loses nothing', () => {
  const stretcher = new TimeStretcher();
  const input = sine(480 * 200);
  const source = sourceOf(input);
  const frame = new Int16Array(480);
  stretcher.speed = 1.5;
  for (let n = 0; n < 40; n++) assert.ok(stretcher.pull(frame, source));
  const held = stretcher.bufferedSamples;
  assert.ok(held > 0 && held < 48 * 50, `${held} samples held`);
  stretcher.speed = 1;
  let frames = 0;
  while (stretcher.pull(frame, source)) frames++;
  const expected = (input.length - 40 * 480 * 1.5) / 480;
  assert.ok(Math.abs(frames - expected) <= 2, `${frames} frames, expected about ${expected}`);
});

test('the speed may change at every frame, and stays within its bounds', () => {
  const out = stretched(sine(480 * 300), (n) => [1, 1.3, 0.7, 99, Number.NaN, -3, 1][n % 7]!);
  const pitch = pitchOf(out.subarray(4800, out.length - 4800));
  assert.ok(Math.abs(pitch / HZ - 1) < 0.03, `${pitch} Hz`);
});

test('after a change to speed 1 in the middle of a hop the stretcher goes on to the end of the speech', () => {
  for (let hurried = 1; hurried < 12; hurried++) {
    const stretcher = new TimeStretcher();
    const source = sourceOf(sine(480 * 1000));
    const frame = new Int16Array(480);
    stretcher.speed = 1.5;
    for (let n = 0; n < hurried; n++) assert.ok(stretcher.pull(frame, source));
    stretcher.speed = 1;
    for (let n = 0; n < 900; n++) assert.ok(stretcher.pull(frame, source), `frame ${n} after ${hurried}`);
  }
});
