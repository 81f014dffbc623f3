import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { HOLD_LIMIT_MS, KeyHold, RELEASE_SETTLES_MS, type HoldOutput } from './key-hold.ts';

test('auto-repeat, reported as presses or as pairs of release and press, is one hold', () => {
  for (const pairs of [false, true]) {
    const key = new KeyHold();
    assert.deepEqual(key.down(0), ['press']);
    for (let now = 660; now < 5000; now += 33) {
      if (pairs) key.up(now);
      assert.deepEqual(key.down(now), []);
    }
    key.up(5000);
    assert.deepEqual(key.tick(5000 + RELEASE_SETTLES_MS), ['release']);
    assert.equal(key.nextAt, null);
  }
});

test('releases and presses in pairs, as remote desktops send them, are one hold', () => {
  const key = new KeyHold();
  assert.deepEqual(key.down(0), ['press']);
  for (let now = 100; now < 5000; now += 100) {
    key.up(now);
    assert.deepEqual(key.tick(now + 59), []);
    assert.deepEqual(key.down(now + 59), []);
  }
});

test('a release that was never reported does not keep the microphone open', () => {
  const limit = new KeyHold();
  limit.down(0);
  assert.deepEqual(limit.tick(HOLD_LIMIT_MS - 1), []);
  assert.deepEqual(limit.tick(HOLD_LIMIT_MS), ['release']);
  const again = new KeyHold();
  again.down(0);
  assert.deepEqual(again.down(60_000), ['release', 'press']);
});

test('after giveUp auto-repeat begins no hold, and the next press does', () => {
  const key = new KeyHold();
  key.down(0);
  assert.deepEqual(key.giveUp(), ['release']);
  assert.deepEqual(key.giveUp(), []);
  for (let now = 660; now < 5000; now += 33) {
    key.up(now);
    assert.deepEqual(key.down(now), []);
  }
  key.up(5000);
  assert.deepEqual(key.tick(5000 + RELEASE_SETTLES_MS), []);
  assert.deepEqual(key.down(5200), ['press']);
  assert.deepEqual(key.reset(), ['release']);
  assert.deepEqual(key.down(5300), ['press']);
});

test('two quick presses with a late timer between them are two holds', () => {
  const key = new KeyHold();
  key.down(0);
  key.up(100);
  assert.deepEqual(key.down(180), ['release', 'press']);
});

test('for any input press and release alternate, and the last is a release (seeded)', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const random = seededRandom(seed);
    const key = new KeyHold();
    const out: HoldOutput[] = [];
    let now = 0;
    for (let step = 0; step < 300; step += 1) {
      now += random() < 0.7 ? random() * 50 : random() * 5000;
      if (random() < 0.8 && key.nextAt !== null && now >= key.nextAt) out.push(...key.tick(now));
      const what = random();
      out.push(...(what < 0.5 ? key.down(now) : what < 0.95 ? (key.up(now), []) : key.giveUp()));
    }
    out.push(...key.tick(now + HOLD_LIMIT_MS + 1), ...key.reset());
    out.forEach((output, index) =>
      assert.equal(output, index % 2 === 0 ? 'press' : 'release', `seed ${seed}`),
    );
    assert.equal(out.length % 2, 0, `seed ${seed}`);
  }
});
